//! An object that a job has written: the job's run is taken as far as it goes.

use crate::{Parser, ParserError};
use assay_core::run::Stop;
use assay_core::run::dropped::Dropped;
use assay_core::store::keys::RunKeys;
use assay_function::{Telling, tell};
use assay_job::{Collected, JobContext, JobError, Statuses, arrive, collect, read_note, settle};
use std::time::Duration;

/// How often a job whose output is there is asked about until it says that it is done, and how long is waited between. The
/// service writes first and tells then; what is not done by then is left to the sweep.
const LOOKS: u32 = 14;
const PAUSE: Duration = Duration::from_secs(5);

/// What became of the object.
pub async fn read(
    object: &Dropped,
    parser: &Parser,
    context: &JobContext,
    stop: &Stop,
) -> Result<&'static str, ParserError> {
    if object.bucket != context.bucket {
        tracing::warn!(bucket = object.bucket, "an object of another bucket is not read");
        return Ok("refused");
    }
    let Some(note) = arrive(context, &object.key).await? else {
        tracing::warn!(key = object.key, "not the output of a job");
        return Ok("refused");
    };
    let (job, run, suite) = (note.job.as_str(), note.run.as_str(), note.suite.as_str());
    tracing::info!(job, run, suite, key = object.key, "a job has written output");
    for _ in 0..LOOKS {
        match collect(context, job, &Statuses::new()).await? {
            Collected::Finished(finished) => {
                let telling =
                    Telling { place: &context.place, sink: &*parser.sink, topic: parser.topic.as_ref(), stop };
                tell(&finished, &RunKeys::new(suite, run), telling).await?;
                settle(context, &note.jobs).await?;
                return Ok("collected");
            }
            Collected::Done => return Ok("done"),
            Collected::Open { ended, jobs } => {
                let stands = read_note(&context.place, job).await.map_err(JobError::from)?;
                if stands.is_some_and(|note| !note.state.is_open()) {
                    // Whichever of the run's jobs ends last brings an event of its own.
                    tracing::info!(job, run, suite, ended, jobs, "other jobs of the run are not done");
                    return Ok("open");
                }
            }
            Collected::Busy => {}
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.asking.cancelled() => break,
        }
    }
    tracing::info!(job, run, suite, "left to the sweep");
    Ok("open")
}
