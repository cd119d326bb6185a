//! The sweep: whatever it finds is told, one thing after the other.

use crate::{Parser, ParserError};
use assay_core::run::Stop;
use assay_core::store::keys::{JOBS, RunKeys};
use assay_core::store::{Claim, Claimed};
use assay_function::{Telling, tell};
use assay_job::{Found, JobContext, Sweep, settle, tell_trouble};
use object_store::path::Path;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// Looks after all jobs, unless somebody else is at it.
pub async fn sweep(parser: &Parser, context: &JobContext, stop: &Stop) -> Result<Value, ParserError> {
    let claimed = Claim::acquire(&context.place, &sweep_keys(), &context.holder).await;
    let Claimed::Held(claim) = claimed.map_err(assay_job::JobError::from)? else {
        tracing::info!("another sweep is at work");
        return Ok(json!({"sweep": "busy"}));
    };
    let lost = CancellationToken::new();
    let _alive = claim.keep_alive(lost.clone());
    let swept = tokio::select! {
        swept = look(parser, context, stop) => swept,
        () = lost.cancelled() => Ok(json!({"sweep": "taken over"})),
    };
    // The next sweep need not wait for the lease to end; if this fails, it has to.
    let _ = claim.release().await;
    swept
}

/// Where the claim on the sweep lies.
fn sweep_keys() -> RunKeys {
    RunKeys::at(Path::from_iter([JOBS.trim_end_matches('/'), "sweep"]))
}

async fn look(parser: &Parser, context: &JobContext, stop: &Stop) -> Result<Value, ParserError> {
    let mut settled = parser.settled.lock().await;
    let mut sweep = Sweep::begin(context, &settled).await?;
    let (mut runs, mut troubles) = (0_u32, 0_u32);
    // What is not told in time is found by the next sweep.
    while !stop.asking.is_cancelled() {
        let Some(found) = sweep.next(context, &mut settled).await? else { break };
        match found {
            Found::Finished { finished, jobs, is_told } => {
                let keys = RunKeys::new(&finished.summary.suite, &finished.summary.run);
                let topic = parser.topic.as_ref().filter(|_| !is_told);
                let telling = Telling { place: &context.place, sink: &*parser.sink, topic, stop };
                tell(&finished, &keys, telling).await?;
                settle(context, &jobs).await?;
                runs += 1;
            }
            Found::Trouble { note, trouble } => {
                tracing::error!(job = note.job, run = note.run, suite = note.suite, ?trouble, "a job is in trouble");
                tell_trouble(context, &note, &trouble, Some(&*parser.sink), parser.topic.as_ref()).await?;
                troubles += 1;
            }
        }
    }
    tracing::info!(runs, troubles, "swept");
    if let Some(error) = sweep.unlisted() {
        return Err(assay_job::JobError::from(error.clone()).into());
    }
    Ok(json!({"sweep": "done", "runs": runs, "troubles": troubles}))
}
