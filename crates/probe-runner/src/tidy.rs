//! What is done after a round over all suites: the alarms of suites that are gone go too, and the dashboard of scores is drawn
//! anew.

use crate::alarms::{self, Suite};
use crate::context::Runner;
use crate::error::RunnerError;
use crate::ledger::{Outcome, Round};
use crate::probes;
use assay_core::compare::Baseline;
use assay_monitor::dashboard::{Scores, SuiteScores, scores};
use assay_problem::{Classified, Problem};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Tidies up after `round`, whose probes came to `done`. Gives back what could not be done: it keeps the round from nothing.
pub(crate) async fn tidy(runner: &Runner, round: &Round, done: &BTreeMap<usize, Outcome>) -> Vec<Problem> {
    let mut findings = Vec::new();
    if round.suites.is_some() {
        return findings;
    }
    let known = done.values().filter(|outcome| !outcome.application.is_empty());
    let suites: BTreeMap<&str, &str> =
        known.map(|outcome| (outcome.suite.as_str(), outcome.application.as_str())).collect();
    if round.complete
        && let Err(error) = remove_alarms(runner, round, done).await
    {
        let said = format!("those of suites that are gone could not be removed: {}", error.chain());
        findings.push(Problem::warning("alarms", said));
    }
    let suites: Vec<Suite<'_>> = suites.into_iter().map(|(suite, application)| Suite { suite, application }).collect();
    if let Err(error) = draw_scores(runner, &suites, round.time).await {
        let said = format!("the scores could not be drawn anew: {}", error.chain());
        findings.push(Problem::warning("dashboard", said));
    }
    for finding in &findings {
        tracing::error!(round = round.id, %finding, "the round could not be tidied up after");
    }
    findings
}

/// Removes the alarms of suites that are neither in the round nor below `probes/` now: the round may be days old. Of what
/// cannot be listed or read nobody knows whether it is gone.
async fn remove_alarms(runner: &Runner, round: &Round, done: &BTreeMap<usize, Outcome>) -> Result<(), RunnerError> {
    let place = &runner.evaluator.place;
    let listing = probes::list(place).await?;
    let now = probes::probes(place, &listing).await?;
    if !(listing.complete && now.all_named) {
        return Ok(());
    }
    let asked = round.probes.iter().chain(&now.probes).map(|probe| probe.suite.as_str());
    let named = done.values().map(|outcome| outcome.suite.as_str());
    alarms::remove_others(runner, &asked.chain(named).collect::<BTreeSet<&str>>()).await
}

/// Puts the dashboard `<stack>-scores` of these suites after the round of `time`, unless it is as it should be.
///
/// # Errors
/// When CloudWatch or the store refuses or cannot be reached.
async fn draw_scores(runner: &Runner, suites: &[Suite<'_>], time: Timestamp) -> Result<(), RunnerError> {
    let evaluator = &runner.evaluator;
    let (stack, namespace) = (evaluator.settings.stack.as_str(), evaluator.settings.namespace.as_str());
    let mut known = Vec::with_capacity(suites.len());
    for suite in suites {
        let (history, thresholds) = alarms::wanted(runner, *suite, time).await?;
        let baseline = Baseline::read(&*evaluator.place.store, suite.suite).await?;
        let baseline = baseline.and_then(Result::ok).map(|baseline| baseline.run);
        known.push(SuiteScores::of(&alarms::subject(runner, *suite, &[]), &history, baseline.as_deref(), &thresholds));
    }
    if known.iter().all(|suite| suite.graphs.is_empty()) {
        return Ok(());
    }
    let region = evaluator.config.region().map(ToString::to_string).unwrap_or_default();
    let (body, left_out) = scores(&Scores { stack, region: &region, namespace, suites: &known });
    if left_out > 0 {
        tracing::warn!(left_out, "graphs have no room in the dashboard of scores");
    }
    let cloudwatch = runner.cloudwatch();
    let name = format!("{stack}-scores");
    if cloudwatch.dashboard(&name).await?.as_ref() != Some(&body) {
        for said in cloudwatch.put_dashboard(&name, &body).await? {
            tracing::warn!(name, said, "the dashboard of scores was put, and something in it is odd");
        }
    }
    Ok(())
}
