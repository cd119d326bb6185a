//! What the history of suites asks for, for alarms and for the dashboard of scores.

use crate::arguments::ThresholdArguments;
use crate::error::Result;
use crate::exit::UsageError;
use crate::{aws, output, run_of};
use assay_core::compare::Baseline;
use assay_core::publish::history::{HistoryLine, read_history};
use assay_core::spec::DEFAULT_APPLICATION;
use assay_core::summary::read_summary;
use assay_monitor::threshold::{Rule, Subject, Thresholds, thresholds};
use assay_store::Place;
use assay_store::keys::{self, RunKeys, SuiteKeys};
use jiff::Timestamp;

/// One suite, and the thresholds that its history asks for.
pub(super) struct Suite {
    /// The suite.
    pub name: String,
    /// Its application.
    pub application: String,
    /// Its finished runs.
    pub history: Vec<HistoryLine>,
    /// The run that others are compared with.
    pub baseline: Option<String>,
    /// What the history asks for.
    pub thresholds: Thresholds,
}

/// Where alarms go.
pub(super) struct Target<'a> {
    /// The stack's name.
    pub stack: &'a str,
    /// The namespace of our metrics.
    pub namespace: &'a str,
    /// Whom alarms tell.
    pub actions: &'a [String],
}

/// Reads the history of the suites `names` in `place`, and says on standard error what a person should know of it.
pub(super) async fn read(
    names: &[String],
    place: Option<&str>,
    arguments: &ThresholdArguments,
    target: &Target<'_>,
) -> Result<Vec<Suite>> {
    let Some(place) = place.filter(|_| !names.is_empty()) else { return Ok(Vec::new()) };
    if Place::is_s3(place) {
        aws::signed_in().await.map_err(UsageError)?;
    }
    let place = run_of::open(place).await?;
    let rule = Rule { runs: arguments.threshold_runs, deviations: arguments.threshold_deviations };
    let mut suites = Vec::new();
    for name in names {
        if keys::suite_name(name) != *name {
            let message = format!("--suite `{name}` is no suite's name; use letters, digits, `.`, `_`, `-`");
            return Err(UsageError(message).into());
        }
        suites.push(read_one(name, &place, &rule, target).await?);
    }
    Ok(suites)
}

async fn read_one(name: &str, place: &Place, rule: &Rule, target: &Target<'_>) -> Result<Suite> {
    let history = read_history(place, name).await?;
    let Some(last) = history.last() else {
        let place = place.name_of(&SuiteKeys::new(name).history());
        let message =
            format!("the suite `{name}` has no finished run in {place}; name a suite that has, or run it first");
        return Err(UsageError(message).into());
    };
    let application = application_of(place, name, &last.run).await;
    let subject = Subject {
        stack: target.stack,
        namespace: target.namespace,
        application: &application,
        suite: name,
        actions: target.actions,
    };
    let thresholds = thresholds(&subject, &history, rule, Timestamp::now());
    thresholds.findings.iter().for_each(output::note);
    for waiting in &thresholds.waiting {
        output::note(format!(
            "{name}: {} of {} has {} of the {} runs that a threshold needs",
            waiting.measure, waiting.model, waiting.runs, rule.runs
        ));
    }
    let baseline = match Baseline::read(&*place.store, name).await? {
        Some(Ok(baseline)) => Some(baseline.run),
        Some(Err(reason)) => {
            let place = place.name_of(&keys::baseline(name));
            output::note(format!("warning: `{place}` cannot be used: {reason}"));
            None
        }
        None => None,
    };
    Ok(Suite { name: name.to_owned(), application, history, baseline, thresholds })
}

/// The application that the run published its metrics under. The history does not tell it, the run's summary does.
async fn application_of(place: &Place, suite: &str, run: &str) -> String {
    match read_summary(&*place.store, &RunKeys::new(suite, run)).await {
        Ok(Some(summary)) => summary.application,
        Ok(None) | Err(_) => {
            output::note(format!(
                "warning: the summary of {suite}/{run} cannot be read; its application is taken to be {DEFAULT_APPLICATION}"
            ));
            DEFAULT_APPLICATION.to_owned()
        }
    }
}
