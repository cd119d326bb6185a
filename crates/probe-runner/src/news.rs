//! What people are told of a round beside its runs.

use crate::context::Runner;
use crate::error::RunnerError;
use crate::ledger::{Round, RoundKeys};
use assay_notice::{Notice, NoticeKind};

/// Tells of what keeps probes from being asked; nothing where there is nothing to tell, or no topic.
///
/// # Errors
/// When the topic refuses or cannot be reached.
pub(crate) async fn findings(runner: &Runner, round: &Round) -> Result<(), RunnerError> {
    let findings = &round.findings;
    let mut facts: Vec<String> = findings.first.iter().map(ToString::to_string).collect();
    let rest = (findings.errors + findings.warnings).saturating_sub(facts.len() as u64);
    if rest > 0 {
        facts.push(format!("and {rest} more"));
    }
    problem(runner, round, "not every probe can be asked", facts).await
}

/// Reports `facts` about a round under the title `what`; nothing where there are none, or no topic.
///
/// # Errors
/// When the topic refuses or cannot be reached.
pub(crate) async fn problem(runner: &Runner, round: &Round, what: &str, facts: Vec<String>) -> Result<(), RunnerError> {
    if facts.is_empty() {
        return Ok(());
    }
    let mut notice = Notice::new(NoticeKind::ProbeProblem, format!("probes: {what}"), facts);
    notice.summary = Some(runner.evaluator.place.name_of(&RoundKeys::new(&round.id).round()));
    tell(runner, &notice).await
}

/// Tells a notice; nothing where the stack has no topic.
///
/// # Errors
/// When the topic refuses or cannot be reached.
pub(crate) async fn tell(runner: &Runner, notice: &Notice) -> Result<(), RunnerError> {
    match &runner.evaluator.topic {
        Some(topic) => Ok(topic.tell(notice).await?),
        None => Ok(()),
    }
}
