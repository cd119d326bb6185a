//! The dashboard of all suites' scores, with their baselines and the thresholds of their alarms: put once a round has ended.

use crate::alarms::{self, Suite};
use crate::context::Runner;
use crate::error::RunnerError;
use assay_core::compare::Baseline;
use assay_monitor::dashboard::{Scores, SuiteScores, scores};
use jiff::Timestamp;

/// Puts the dashboard `<stack>-scores` of these suites after the round of `time`, unless it is as it should be.
///
/// # Errors
/// When CloudWatch or the store refuses or cannot be reached.
pub(crate) async fn draw(runner: &Runner, suites: &[Suite<'_>], time: Timestamp) -> Result<(), RunnerError> {
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
