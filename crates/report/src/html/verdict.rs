//! How a run ended, in one word and with every reason.

use super::excerpt;
use crate::numbers::thousands;
use assay_core::summary::{RunStatus, Summary};
use assay_problem::Severity;

/// The longest reason, caveat or problem, in characters.
const LONGEST: usize = 1500;

/// How many models that got worse are named.
const MOST_MODELS: usize = 24;

/// How a run ended.
#[derive(Debug)]
pub(super) struct VerdictView {
    pub class: &'static str,
    pub symbol: &'static str,
    pub word: &'static str,
    pub reasons: Vec<String>,
    pub caveats: Vec<String>,
    pub problems: Vec<ProblemView>,
    pub problem_counts: String,
    pub problems_left_out: u64,
}

/// One problem.
#[derive(Debug)]
pub(super) struct ProblemView {
    pub severity: &'static str,
    pub text: String,
}

impl VerdictView {
    /// How the run of this summary ended.
    pub(super) fn of(summary: &Summary) -> Self {
        let gate = summary.gate.as_ref();
        let (class, symbol, word) = match (summary.status, gate.map(|verdict| verdict.passed)) {
            (RunStatus::Failed, _) => ("failed", "✗", "Run failed"),
            (_, Some(true)) => ("passed", "✓", "Gate passed"),
            (_, Some(false)) => ("failed", "✗", "Gate failed"),
            (_, None) => ("none", "–", "No gate"),
        };
        let mut reasons: Vec<String> = Vec::new();
        match (summary.status, gate) {
            (RunStatus::Failed, _) => reasons.push("Nothing could be evaluated, or a model could not be asked.".into()),
            (_, Some(verdict)) if verdict.passed => reasons.push("Every model reaches what the suite asks.".into()),
            (_, None) => reasons.push("The suite sets no bar, so the run neither passes nor fails.".into()),
            _ => {}
        }
        reasons.extend(gate.iter().flat_map(|verdict| &verdict.reasons).map(|reason| excerpt(reason, LONGEST)));
        let regressed = summary.models.iter().filter(|model| model.regressed == Some(true));
        reasons.extend(regressed.take(MOST_MODELS).map(|model| {
            format!("{} got worse than the suite's baseline; see the comparison below.", excerpt(&model.model, 120))
        }));
        let problems = &summary.problems;
        let shown = problems.first.iter().map(|problem| ProblemView {
            severity: if problem.severity == Severity::Error { "error" } else { "warning" },
            text: excerpt(&problem.to_string(), LONGEST),
        });
        Self {
            class,
            symbol,
            word,
            reasons,
            caveats: summary.caveats.iter().map(|caveat| excerpt(caveat, LONGEST)).collect(),
            problems: shown.collect(),
            problem_counts: format!("{} errors, {} warnings", thousands(problems.errors), thousands(problems.warnings)),
            problems_left_out: (problems.errors + problems.warnings).saturating_sub(problems.first.len() as u64),
        }
    }
}
