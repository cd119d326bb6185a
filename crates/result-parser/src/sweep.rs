//! The sweep: whatever it finds is told, one thing after the other.

use crate::parser::Parser;
use assay_core::collect::Stop;
use assay_function::{Delivery, tell};
use assay_job::{Found, JobContext, Sweep, settle, tell_trouble};
use assay_lambda::{FunctionError, log_error};
use assay_store::keys::RunKeys;
use serde_json::{Value, json};

/// Looks after all jobs, unless somebody else is at it. What cannot be told keeps nothing else from being told.
pub(crate) async fn sweep(parser: &Parser, context: &JobContext, stop: &Stop) -> Result<Value, FunctionError> {
    let mut settled = parser.settled.lock().await;
    let Some(mut sweep) = Sweep::begin(context, &settled).await? else {
        tracing::info!("another sweep is at work");
        return Ok(json!({"sweep": "busy"}));
    };
    let (mut runs, mut troubles) = (0_u32, 0_u32);
    let mut untold = None;
    while let Some(found) = sweep.next(context, &mut settled, stop).await {
        let told = match &found {
            Found::Finished { .. } => &mut runs,
            Found::Trouble { .. } => &mut troubles,
        };
        match one(parser, context, stop, found).await {
            Ok(()) => *told += 1,
            Err(error) => {
                log_error!(error, "not told");
                untold.get_or_insert(error);
            }
        }
    }
    tracing::info!(runs, troubles, "swept");
    sweep.end().await?;
    untold.map_or_else(|| Ok(json!({"sweep": "done", "runs": runs, "troubles": troubles})), Err)
}

async fn one(parser: &Parser, context: &JobContext, stop: &Stop, found: Found) -> Result<(), FunctionError> {
    match found {
        Found::Finished { finished, jobs, is_told } => {
            let keys = RunKeys::new(&finished.summary.suite, &finished.summary.run);
            let topic = parser.topic.as_ref().filter(|_| !is_told);
            let (place, sink, stack) = (&context.place, &*parser.sink, Some(parser.stack.as_str()));
            tell(&finished, Delivery { place, keys: &keys, sink, topic, stack, stop: Some(stop) }).await?;
            Ok(settle(context, &jobs).await?)
        }
        Found::Trouble { note, trouble } => {
            tracing::error!(job = note.job, run = note.run, suite = note.suite, ?trouble, "a job is in trouble");
            Ok(tell_trouble(context, &note, &trouble, Some(&*parser.sink), parser.topic.as_ref()).await?)
        }
    }
}
