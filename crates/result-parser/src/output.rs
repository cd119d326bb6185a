//! An object that a job has written: the job's run is taken as far as it goes.

use crate::error::ParserError;
use crate::parser::Parser;
use assay_core::collect::Stop;
use assay_core::run::dropped::Dropped;
use assay_function::{Delivery, tell};
use assay_job::{Collected, JobContext, JobError, JobNote, Statuses, arrive, collect, observe, settle};
use assay_store::keys::RunKeys;
use std::time::Duration;

/// How often a job whose output is there is asked about until it says that it is done, and how long is waited between. The
/// service writes first and tells then; what is not done by then is left to the sweep.
const LOOKS: u64 = 15;
/// The longest pause; the first is a second long, and each is a second longer than the one before.
const LONGEST_PAUSE: u64 = 5;

/// What became of the object.
pub(crate) async fn read(
    object: &Dropped,
    parser: &Parser,
    context: &JobContext,
    stop: &Stop,
) -> Result<&'static str, ParserError> {
    if object.bucket != context.bucket {
        tracing::warn!(bucket = object.bucket, "an object of another bucket is not read");
        return Ok("refused");
    }
    let Some(mut note) = arrive(context, &object.key).await? else {
        tracing::warn!(key = object.key, "not the output of a job");
        return Ok("refused");
    };
    let (job, run, suite) = (note.job.clone(), note.run.clone(), note.suite.clone());
    tracing::info!(job, run, suite, key = object.key, "a job has written output");
    for look in 1..=LOOKS {
        // The job itself first: its run may have many, and each is asked about only once this one is done.
        match observe(context, &note, None).await {
            Ok(observed) => note = observed,
            // The client has tried long enough.
            Err(JobError::Control(error)) if error.is_passing() => {
                tracing::warn!(job, %error, "the service tells nothing of the job");
                break;
            }
            Err(error) => return Err(error.into()),
        }
        if !note.state.is_open()
            && let Some(result) = further(&note, parser, context, stop).await?
        {
            return Ok(result);
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(look.min(LONGEST_PAUSE))) => {}
            () = stop.asking.cancelled() => break,
        }
    }
    tracing::info!(job, run, suite, "left to the sweep");
    Ok("open")
}

/// Takes the run of a job that has ended further; none while somebody else is at it.
async fn further(
    note: &JobNote,
    parser: &Parser,
    context: &JobContext,
    stop: &Stop,
) -> Result<Option<&'static str>, ParserError> {
    let (job, run, suite) = (note.job.as_str(), note.run.as_str(), note.suite.as_str());
    match collect(context, job, &Statuses::new()).await {
        Ok(Collected::Finished(finished)) => {
            let (sink, topic) = (&*parser.sink, parser.topic.as_ref());
            let (place, keys) = (&context.place, &RunKeys::new(suite, run));
            let stack = Some(parser.stack.as_str());
            tell(&finished, Delivery { place, keys, sink, topic, stack, stop: Some(stop) }).await?;
            settle(context, &note.jobs).await?;
            Ok(Some("collected"))
        }
        Ok(Collected::Done) => Ok(Some("done")),
        Ok(Collected::Open { ended, jobs }) => {
            // Whichever of the run's jobs ends last brings an event of its own.
            tracing::info!(job, run, suite, ended, jobs, "other jobs of the run are not done");
            Ok(Some("open"))
        }
        Ok(Collected::Busy) => Ok(None),
        Err(JobError::Control(error)) if error.is_passing() => {
            tracing::warn!(job, run, suite, %error, "left to the sweep, as the service tells nothing of another job");
            Ok(Some("open"))
        }
        Err(error) => Err(error.into()),
    }
}
