//! `assay job collect`.

use super::{context, note};
use crate::arguments::{CollectJobs, Format};
use crate::aws;
use crate::exit::Exit;
use crate::run::{print, write_up_to};
use anyhow::Result;
use assay_core::metrics::{CloudWatch, JsonLines, MetricSink};
use assay_core::notice::Topic;
use assay_core::run::Finished;
use assay_core::store::keys::RunKeys;
use assay_job::{
    Collected, Found, JobContext, Settled, Statuses, Sweep, collect as take, notice, settle, tell_trouble,
};
use assay_report::clean;

/// Collects the runs of the jobs that were named, or looks after all.
pub async fn collect(arguments: CollectJobs) -> Result<Exit> {
    let context = context(&arguments.place, arguments.role.clone()).await?;
    let mut exits = Vec::new();
    for name in &arguments.jobs {
        let note = note(&context.place, name).await?;
        exits.push(match Box::pin(take(&context, name, &Statuses::new())).await? {
            Collected::Finished(finished) => told(&context, &finished, &note.jobs, &arguments).await?,
            Collected::Open { ended, jobs } => {
                eprintln!("{name}: {ended} of the {jobs} jobs of its run are done; collect again later");
                Exit::Incomplete
            }
            Collected::Busy => {
                eprintln!("{name}: somebody else collects this run");
                Exit::Incomplete
            }
            Collected::Done => {
                let run = context.place.name_of(RunKeys::new(&note.suite, &note.run).root());
                eprintln!("{name}: collected before, see {run}");
                Exit::Done
            }
        });
    }
    if arguments.jobs.is_empty() {
        exits.extend(all(&context, &arguments).await?);
    }
    Ok(Exit::worst(exits.into_iter()))
}

/// One sweep over all jobs.
async fn all(context: &JobContext, arguments: &CollectJobs) -> Result<Vec<Exit>> {
    let mut settled = Settled::new();
    let mut sweep = Sweep::begin(context, &settled).await?;
    let mut exits = Vec::new();
    while let Some(found) = sweep.next(context, &mut settled).await? {
        match found {
            Found::Finished { finished, jobs, .. } => exits.push(told(context, &finished, &jobs, arguments).await?),
            Found::Trouble { note, trouble } => {
                let told = notice(context, &note, &trouble);
                eprintln!("{}", clean(&format!("{}: {}", told.title, told.facts.join("; "))));
                let (sink, topic) = (cloud_watch(arguments).await, topic(arguments).await);
                let sink = sink.as_ref().map(|sink| sink as &dyn MetricSink);
                tell_trouble(context, &note, &trouble, sink, topic.as_ref()).await?;
                exits.push(Exit::Incomplete);
            }
        }
    }
    if exits.is_empty() {
        eprintln!("nothing to collect");
    }
    Ok(exits)
}

/// Tells a finished run.
async fn told(context: &JobContext, finished: &Finished, jobs: &[String], arguments: &CollectJobs) -> Result<Exit> {
    let keys = RunKeys::new(&finished.summary.suite, &finished.summary.run);
    let beside = JsonLines::new(context.place.clone(), keys.metrics());
    let (sink, topic) = (cloud_watch(arguments).await, topic(arguments).await);
    let sink = sink.as_ref().map_or(&beside as &dyn MetricSink, |sink| sink);
    write_up_to(finished, (&context.place, &keys), sink, topic.as_ref()).await?;
    settle(context, jobs).await?;
    print(&finished.summary, arguments.format)?;
    if arguments.format == Format::Text {
        eprintln!("written to {}", context.place.name_of(keys.root()));
    }
    Ok(Exit::of_run(&finished.summary, 0.0))
}

async fn cloud_watch(arguments: &CollectJobs) -> Option<CloudWatch> {
    let namespace = arguments.namespace.as_ref()?;
    Some(CloudWatch::new(aws::settings().await, namespace))
}

async fn topic(arguments: &CollectJobs) -> Option<Topic> {
    let arn = arguments.topic.as_ref()?;
    Some(Topic::new(aws::settings().await, arn))
}
