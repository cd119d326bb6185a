//! The function `result-parser`: what a managed job has written becomes a run, and a sweep looks after all jobs.
//!
//! [`handle`] is what Lambda calls and what a test calls. What jobs are and how they are read is `assay-job`'s; here it is
//! decided when that is done, and the world is told.

mod output;
mod parser;
mod sweep;

pub use parser::Parser;

use assay_core::collect::Stop;
use assay_function::dropped_objects;
use assay_job::JobContext;
use assay_lambda::{FunctionError, log_error};
use serde_json::{Value, json};
use tokio::time::Instant;

/// Takes the jobs further whose output `event` names, or all of them where it is the schedule's, and answers what became of
/// each.
///
/// # Errors
/// When the event should come again. All objects of the event are tried first; what is done is not done again.
pub async fn handle(
    event: Value,
    parser: &Parser,
    deadline: Option<Instant>,
    request_id: &str,
) -> Result<Value, FunctionError> {
    let stop = Stop::default();
    let _timer = deadline.map(|deadline| stop.before(deadline));
    let context = JobContext { holder: format!("request {request_id}"), ..parser.context.clone() };
    if is_schedule(&event) {
        return Box::pin(sweep::sweep(parser, &context, &stop)).await;
    }
    let mut told = Vec::new();
    let mut first_error = None;
    for object in dropped_objects(&event)? {
        match Box::pin(output::read(&object, parser, &context, &stop)).await {
            Ok(result) => told.push(json!({"key": object.key, "result": result})),
            Err(error) => {
                log_error!(error, "not done", key = object.key);
                first_error.get_or_insert(error);
            }
        }
    }
    match first_error {
        None => Ok(json!({ "objects": told })),
        Some(error) => Err(error),
    }
}

/// Whether the event asks for the sweep: the schedule of the stack sends our own form, one that was set up by hand may send
/// EventBridge's.
fn is_schedule(event: &Value) -> bool {
    event["assay"] == "sweep" || (event["source"] == "aws.events" && event["detail-type"] == "Scheduled Event")
}
