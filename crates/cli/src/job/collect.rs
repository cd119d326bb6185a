//! `assay job collect`.

use super::context::{context, note};
use super::list::notes;
use crate::arguments::{CollectJobs, Format};
use crate::error::{Context, Result, ToolError};
use crate::exit::Exit;
use crate::interrupt::stop_at_interrupt;
use crate::run::write_up_to;
use crate::{aws, output};
use assay_core::collect::Stop;
use assay_core::publish::Finished;
use assay_core::publish::metrics::{CloudWatch, JsonLines, MetricSink};
use assay_core::publish::notice::Topic;
use assay_core::spec::RunSpec;
use assay_core::summary::{Summary, read_summary};
use assay_job::{
    Collected, Found, JobContext, JobNote, JobState, Settled, Statuses, Sweep, collect as take, notice, settle, submit,
    tell_trouble,
};
use assay_store::keys::RunKeys;
use assay_store::read;
use serde::Deserialize;
use std::collections::HashSet;

/// What is read of a run's `spec.json`.
#[derive(Deserialize)]
struct SpecFile {
    spec: RunSpec,
}

/// One call of the command.
struct Collection<'a> {
    arguments: &'a CollectJobs,
    context: JobContext,
    sink: Option<CloudWatch>,
    topic: Option<Topic>,
    /// Everything that is printed at the end as one document.
    summaries: Vec<Summary>,
    exits: Vec<Exit>,
}

/// Collects the runs of the jobs that were named, or looks after all.
pub(super) async fn collect(arguments: CollectJobs) -> Result<Exit> {
    let context = context(&arguments.place, arguments.role.clone()).await?;
    let settings = aws::settings().await;
    let mut collection = Collection {
        sink: arguments.namespace.as_ref().map(|namespace| CloudWatch::new(settings, namespace)),
        topic: arguments.topic.as_ref().map(|arn| Topic::new(settings, arn)),
        arguments: &arguments,
        context,
        summaries: Vec::new(),
        exits: Vec::new(),
    };
    let done = match arguments.jobs.is_empty() {
        true => collection.all().await,
        false => collection.named().await,
    };
    // What was collected before an error is told all the same: nobody collects it again.
    if arguments.format == Format::Json && (done.is_ok() || !collection.summaries.is_empty()) {
        output::json(&collection.summaries)?;
    }
    done?;
    Ok(Exit::worst(collection.exits.into_iter()))
}

impl Collection<'_> {
    /// The runs of the jobs that were named.
    async fn named(&mut self) -> Result<()> {
        let mut named = Vec::new();
        for name in &self.arguments.jobs {
            named.push(note(&self.context.place, name).await?);
        }
        let mut runs = HashSet::new();
        named.retain(|note| runs.insert((note.suite.clone(), note.run.clone())));
        for note in named {
            self.one(&note).await?;
        }
        Ok(())
    }

    async fn one(&mut self, note: &JobNote) -> Result<()> {
        for job in &note.jobs {
            // One that waits is started, if there is room by now.
            let (note, _) = submit(&self.context, job).await?;
            if note.state == JobState::Waiting {
                output::note(format!("{job} waits: {}", note.messages.join("; ")));
            }
        }
        let keys = RunKeys::new(&note.suite, &note.run);
        let run = self.context.place.name_of(keys.root());
        match Box::pin(take(&self.context, &note.job, &Statuses::new())).await? {
            Collected::Finished(finished) => self.finished(*finished, &note.jobs).await?,
            Collected::Open { ended, jobs } => {
                output::note(format!(
                    "{}: {ended} of the {jobs} jobs of its run have ended; collect it later",
                    note.job
                ));
                self.exits.push(Exit::Incomplete);
            }
            Collected::Busy => {
                output::note(format!(
                    "{}: somebody else collects {run}, or was cut off just now; wait a minute",
                    note.job
                ));
                self.exits.push(Exit::Incomplete);
            }
            Collected::Done => {
                output::note(format!("{} was collected before", note.job));
                let summary = read_summary(&*self.context.place.store, &keys).await?;
                let summary = summary.ok_or_else(|| {
                    ToolError::unexpected(format!("{run} is marked as done, but its summary is gone"))
                })?;
                self.show(summary, &note.jobs).await?;
            }
        }
        Ok(())
    }

    /// One sweep over all jobs.
    async fn all(&mut self) -> Result<()> {
        let mut settled = Settled::new();
        let Some(mut sweep) = Sweep::begin(&self.context, &settled).await? else {
            output::note("somebody else looks after the jobs just now; wait a minute");
            self.exits.push(Exit::Incomplete);
            return Ok(());
        };
        let stop = Stop::default();
        let _interrupt = stop_at_interrupt(&stop);
        while let Some(found) = sweep.next(&self.context, &mut settled, &stop).await {
            match found {
                Found::Finished { finished, jobs, .. } => self.finished(*finished, &jobs).await?,
                Found::Trouble { note, trouble } => {
                    let told = notice(&self.context, &note, &trouble);
                    let why =
                        if told.facts.is_empty() { String::new() } else { format!(": {}", told.facts.join("; ")) };
                    output::note(format!("{}{why}", told.title));
                    let sink = self.sink.as_ref().map(|sink| sink as &dyn MetricSink);
                    tell_trouble(&self.context, &note, &trouble, sink, self.topic.as_ref()).await?;
                    self.exits.push(Exit::Incomplete);
                }
            }
        }
        sweep.end().await?;
        if self.exits.is_empty() {
            output::note("nothing to collect");
        }
        let (notes, _) = notes(&self.context.place).await?;
        let open = |state| notes.iter().filter(|note| note.state == state && !note.settled).count();
        let (working, waiting) = (open(JobState::InProgress), open(JobState::Waiting));
        if working + waiting > 0 {
            output::note(format!("jobs in progress: {working}, waiting to be started: {waiting}; collect again later"));
        }
        Ok(())
    }

    /// Writes up and tells a run that has just got its summary.
    async fn finished(&mut self, finished: Finished, jobs: &[String]) -> Result<()> {
        let place = &self.context.place;
        let keys = RunKeys::new(&finished.summary.suite, &finished.summary.run);
        let beside = JsonLines::new(place.clone(), keys.metrics());
        let sink = self.sink.as_ref().map_or(&beside as &dyn MetricSink, |sink| sink);
        write_up_to(&finished, (place, &keys), sink, self.topic.as_ref()).await?;
        settle(&self.context, jobs).await?;
        self.show(finished.summary.clone(), jobs).await
    }

    /// Prints the summary of a run; as JSON, later.
    async fn show(&mut self, summary: Summary, jobs: &[String]) -> Result<()> {
        let keys = RunKeys::new(&summary.suite, &summary.run);
        let place = &self.context.place;
        let limit = match read(&*place.store, &keys.spec()).await? {
            Some(file) => {
                let file = serde_json::from_slice::<SpecFile>(&file);
                file.with_context(|| format!("failed to read {}", place.name_of(&keys.spec())))?.spec.failure_limit
            }
            None => 0.0,
        };
        self.exits.push(Exit::of_run(&summary, limit));
        if self.arguments.format == Format::Text {
            let gap = if self.summaries.is_empty() { "" } else { "\n" };
            let title = format!("{}, run {} of {}", summary.suite, summary.run, jobs.join(", "));
            output::write(gap)?;
            output::line(title)?;
            output::summary(&summary, Format::Text)?;
            output::note(format!("written to {}", place.name_of(keys.root())));
        }
        self.summaries.push(summary);
        Ok(())
    }
}
