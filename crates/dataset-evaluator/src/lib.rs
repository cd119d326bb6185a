//! The function `dataset-evaluator`: an object dropped into S3 becomes an evaluated run.
//!
//! [`handle`] is what Lambda calls and what a test calls. Which objects an event names and how a dataset is evaluated is
//! `assay-function`'s; the run itself is the core's.

pub use assay_function::Evaluator;

use assay_core::collect::Stop;
use assay_core::run::dropped::{Dropped, prepare};
use assay_function::{EvaluationError, dropped_objects};
use assay_lambda::{FunctionError, log_error};
use assay_problem::Classified;
use serde_json::{Value, json};
use tokio::time::Instant;

/// Evaluates every dataset that `event` names, and answers what became of each.
///
/// # Errors
/// When the event should come again: the run is not done, or something passing failed. All objects of the event are
/// tried first; what is done is not done again.
pub async fn handle(
    event: Value,
    evaluator: &Evaluator,
    deadline: Option<Instant>,
    request_id: &str,
) -> Result<Value, FunctionError> {
    let stop = Stop::default();
    let _timer = deadline.map(|deadline| stop.before(deadline));
    let mut told = Vec::new();
    let mut first_error = None;
    for dropped in dropped_objects(&event)? {
        // Boxed: a run's state is deep, and the compiler follows what it is told of layouts only so far.
        match Box::pin(evaluate(&dropped, evaluator, &stop.child(), request_id)).await {
            Ok(result) => told.push(json!({"key": dropped.key, "result": result})),
            Err(error) => {
                log_error!(error, "not done", key = dropped.key);
                first_error.get_or_insert(error);
            }
        }
    }
    match first_error {
        None => Ok(json!({ "objects": told })),
        Some(error) => Err(error.into()),
    }
}

async fn evaluate(
    dropped: &Dropped,
    evaluator: &Evaluator,
    stop: &Stop,
    request_id: &str,
) -> Result<&'static str, EvaluationError> {
    if dropped.bucket != evaluator.settings.bucket {
        tracing::warn!(bucket = dropped.bucket, "an object of another bucket is not evaluated");
        return Ok("refused");
    }
    let around = evaluator.surroundings(request_id).await?;
    let Some(run) = prepare(dropped, &around).await? else {
        tracing::warn!(key = dropped.key, "not a dataset: only datasets/**/*.jsonl is evaluated");
        return Ok("refused");
    };
    Ok(evaluator.evaluate(&run, stop, request_id).await?.word())
}
