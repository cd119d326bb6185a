//! The function `result-parser`: what a managed job has written becomes a run, and a sweep looks after all jobs.
//!
//! [`handle`] is what Lambda calls and what a test calls. What jobs are and how they are read is `assay-job`'s; here it is
//! decided when that is done, and the world is told.

mod error;
mod output;
mod sweep;

pub use error::ParserError;

use assay_core::collect::Stop;
use assay_core::publish::metrics::{CloudWatch, MetricSink};
use assay_core::publish::notice::Topic;
use assay_core::spec::Settings;
use assay_function::dropped_objects;
use assay_job::{JobContext, Settled};
use assay_store::{Place, PlaceError};
use aws_config::SdkConfig;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Everything the function keeps between invocations.
pub struct Parser {
    context: JobContext,
    sink: Arc<dyn MetricSink>,
    topic: Option<Topic>,
    stack: String,
    /// Jobs that earlier sweeps of this process have found to be done with.
    settled: Mutex<Settled>,
}

impl Parser {
    /// Makes the clients with the settings of `config`.
    ///
    /// # Errors
    /// When the bucket's store refuses its settings.
    pub fn new(settings: &Settings, config: &SdkConfig) -> Result<Self, PlaceError> {
        let place = Place::s3(&format!("s3://{}", settings.bucket), config)?;
        Ok(Self {
            context: JobContext::of_stack(settings, config, place),
            sink: Arc::new(CloudWatch::new(config, &settings.namespace)),
            topic: settings.notice_topic.as_ref().map(|arn| Topic::new(config, arn)),
            stack: settings.stack.clone(),
            settled: Mutex::default(),
        })
    }
}

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
) -> Result<Value, ParserError> {
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
                tracing::error!(key = object.key, class = error.class(), error = %error.chain(), "not done");
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
