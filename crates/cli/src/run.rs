//! `assay run`: evaluate a suite here and now.

use crate::arguments::{Format, Run};
use crate::error::{Result, ToolError, with_causes};
use crate::estimate::tell_estimate;
use crate::exit::{Exit, UsageError};
use crate::input::{self, Suite};
use crate::interrupt::stop_at_interrupt;
use crate::run_place::{self, RunPlace};
use crate::{aws, baseline, output, report};
use assay_core::collect::{Progress, Stop};
use assay_core::publish::Finished;
use assay_core::publish::metrics::{JsonLines, MetricSink};
use assay_core::publish::notice::Topic;
use assay_core::run::{Outcome, PreparedRun, execute};
use assay_core::spec::{DEFAULT_APPLICATION, DatasetIdentity, Execution, ModelSpec, RunSpec};
use assay_core::summary::read_summary;
use assay_problem::Problems;
use assay_report::{Delivery, Reports, deliver};
use assay_store::Place;
use assay_store::keys::{self, RunKeys};
use std::sync::Arc;

/// Evaluates the suite.
pub(crate) async fn run(arguments: Run) -> Result<Exit> {
    let Suite { mut spec, dataset, folder } = input::suite(&arguments.suite, arguments.dataset.as_deref()).await?;
    if !arguments.models.is_empty() {
        choose(&mut spec, &arguments.models)?;
    }
    if !spec.online {
        let message = "this suite is evaluated by managed jobs alone (`online: false`); start them with `assay job start \
                       SUITE --in s3://BUCKET`";
        return Err(UsageError(message.to_owned()).into());
    }
    match spec.jobs.len() {
        0 => {}
        1 => output::note("1 managed job of this suite is not started here; `assay job start` does"),
        n => output::note(format!("{n} managed jobs of this suite are not started here; `assay job start` does")),
    }
    let meta = dataset.meta().await?;
    let suite = spec.suite.clone().unwrap_or_else(|| keys::suite_name(&folder));
    let identity = DatasetIdentity {
        bucket: "local".to_owned(),
        key: dataset.identity_name(),
        state: meta.e_tag.map(|tag| tag.trim_matches('"').to_owned()),
    };
    // What was typed belongs to the run as much as the file: another limit is another run.
    let typed = format!("limit {:?}, models {:?}, recorded {}", arguments.limit, arguments.models, arguments.recorded);
    let asked = DatasetIdentity { state: Some(format!("{:?}, {typed}", identity.state)), ..identity.clone() };
    let compared_with = baseline::of_suite(&suite, spec.gate.as_ref()).await?;
    let found = run_place::find(arguments.out.as_deref(), &suite, &asked, &spec, arguments.retry_failed).await?;
    let prices = input::prices(arguments.prices.as_deref(), &spec).await?;
    let execution = Execution {
        place: found.place.clone(),
        keys: found.keys.clone(),
        run: found.run.clone(),
        suite,
        application: spec.application.clone().unwrap_or_else(|| DEFAULT_APPLICATION.to_owned()),
        spec,
        dataset: dataset.dataset(),
        identity,
        problems: Problems::default(),
        limit: arguments.limit,
        concurrency: usize::from(arguments.concurrency),
        ask_again: !arguments.models.is_empty(),
        recorded_only: arguments.recorded,
        prices,
        retry_failed: arguments.retry_failed,
        concludes_when_spent: false,
        models: aws::models(),
        holder: format!("process {}", std::process::id()),
    };
    if arguments.estimate {
        return tell_estimate(&execution, arguments.format).await;
    }
    let place = found.place.name_of(found.keys.root());
    let begins = if found.begun { "going on with" } else { "beginning" };
    output::note(format!("{begins} run {} in {place}", found.run));
    let prepared = PreparedRun { execution, baseline: compared_with };
    let stop = Stop::default();
    let _interrupt = stop_at_interrupt(&stop);
    let outcome = watched(&prepared, &stop).await?;
    conclude(outcome, &prepared.execution, &found, arguments.format).await
}

/// Executes, with the progress shown.
pub(crate) async fn watched(run: &PreparedRun, stop: &Stop) -> Result<Outcome> {
    let progress = Arc::new(Progress::default());
    let shown = output::show_progress(&progress);
    let outcome = execute(run, stop, &progress).await;
    drop(shown);
    Ok(outcome?)
}

async fn conclude(outcome: Outcome, execution: &Execution, found: &RunPlace, format: Format) -> Result<Exit> {
    let summary = match outcome {
        Outcome::Finished(finished) => {
            write_up(&finished, &execution.place, &execution.keys).await?;
            finished.summary
        }
        Outcome::Done => {
            output::note("this run is complete already; nothing was asked again");
            let summary = read_summary(&*found.place.store, &found.keys).await?;
            let summary =
                summary.ok_or_else(|| ToolError::unexpected("the run is marked as done, but its summary is gone"))?;
            if summary.models.iter().any(|model| model.failed > 0) {
                output::note("some of its samples failed; --retry-failed asks them again");
            }
            summary
        }
        Outcome::Busy => {
            output::note("another process works on this run");
            return Ok(Exit::Incomplete);
        }
        Outcome::Incomplete { answered, total, reasons } => {
            reasons.iter().for_each(output::note);
            output::note(format!("saved {answered} of {total} answers; the same command goes on from there"));
            return Ok(Exit::Incomplete);
        }
    };
    output::summary(&summary, format)?;
    if format == Format::Text {
        output::note(format!("written to {}", found.place.name_of(found.keys.root())));
    }
    Ok(Exit::of_run(&summary, execution.spec.failure_limit))
}

/// Delivers the run in its folder: its metrics go beside its summary.
pub(crate) async fn write_up(finished: &Finished, place: &Place, keys: &RunKeys) -> Result<()> {
    let metrics = JsonLines::new(place.clone(), keys.metrics()).replacing(finished.claim.is_reopened().await);
    write_up_to(finished, (place, keys), &metrics, None).await
}

/// Delivers the run, its metrics and notice elsewhere, and says where the reports are.
pub(crate) async fn write_up_to(
    finished: &Finished,
    (place, keys): (&Place, &RunKeys),
    sink: &dyn MetricSink,
    topic: Option<&Topic>,
) -> Result<()> {
    let say = |reports| match reports {
        Reports::Written(published) => report::tell(place, &published),
        Reports::Failed(error) => {
            let (error, run) = (with_causes(&error), place.name_of(keys.root()));
            output::note(format!("the report could not be written: {error}; `assay report {run}` tries again"));
        }
        Reports::Skipped => {}
    };
    Ok(deliver(finished, Delivery { place, keys, sink, topic, stack: None, stop: None }, say).await?)
}

/// The models that were typed, with the spec's parameters where it knows them.
fn choose(spec: &mut RunSpec, ids: &[String]) -> Result<()> {
    let mut chosen: Vec<ModelSpec> = Vec::new();
    for id in ids {
        if id.trim().is_empty() || chosen.iter().any(|model| model.id == *id) {
            return Err(UsageError(format!("--model `{id}` is empty or was given twice")).into());
        }
        let known = spec.models.iter().find(|model| model.id == *id).cloned();
        chosen.push(known.unwrap_or_else(|| ModelSpec::new(id)));
    }
    spec.models = chosen;
    Ok(())
}
