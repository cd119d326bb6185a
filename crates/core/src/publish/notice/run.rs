//! What people are told of a run: how it ended, what got worse, its numbers and what to keep in mind.

use super::cost::cost;
use super::facts::shown;
use super::{pairs, regression};
use crate::compare::Comparison;
use crate::summary::{ModelSummary, RunStatus, Summary};
use assay_model::pricing::usd_text;
use assay_notice::{Notice, NoticeKind};
use assay_problem::clip;
use assay_store::Place;
use assay_store::keys::RunKeys;

/// How many reasons of the gate a notice names.
const SHOWN_REASONS: usize = 5;
/// How many models a notice names.
const SHOWN_MODELS: usize = 20;
/// How many trends a notice names.
const SHOWN_TRENDS: usize = 5;
/// How many problems a notice names.
const SHOWN_PROBLEMS: usize = 10;
/// How many warnings about the numbers a notice names, and how many notes of the gate.
const SHOWN_CAVEATS: usize = 5;
/// The longest name of a model in a fact, in characters, so that its numbers have room.
const LONGEST_MODEL: usize = 150;

/// A finished run and what is known around it.
#[derive(Debug, Clone, Copy)]
pub struct RunNews<'a> {
    /// Its summary.
    pub summary: &'a Summary,
    /// Each model against the baseline, and the first model against each other one.
    pub comparisons: &'a [Comparison],
    /// What the suite's history shows, a line each.
    pub trend: &'a [String],
    /// Where the run lies.
    pub place: &'a Place,
    /// Its keys there.
    pub keys: &'a RunKeys,
}

impl From<RunNews<'_>> for Notice {
    fn from(news: RunNews<'_>) -> Self {
        let RunNews { summary, comparisons, trend, place, keys } = news;
        let gate = summary.gate.as_ref();
        let has_regressed = summary.models.iter().any(|model| model.regressed == Some(true));
        let (kind, what) = match (summary.status, gate) {
            (RunStatus::Failed, _) => (NoticeKind::RunFailed, "the run failed"),
            (RunStatus::Incomplete, _) => (NoticeKind::RunIncomplete, "the budget is used up, the run is incomplete"),
            (RunStatus::Completed, Some(verdict)) if !verdict.passed => (NoticeKind::GateFailed, "the gate failed"),
            (RunStatus::Completed, _) if has_regressed => (NoticeKind::Regression, "worse than the baseline"),
            (RunStatus::Completed, Some(_)) => (NoticeKind::RunFinished, "run finished, gate passed"),
            (RunStatus::Completed, None) => (NoticeKind::RunFinished, "run finished"),
        };
        let (reasons, notes) = gate.map(|verdict| (&verdict.reasons[..], &verdict.notes[..])).unwrap_or_default();
        let mut facts = shown(reasons.iter().cloned(), SHOWN_REASONS, "reasons");
        let is_evaluated = summary.status != RunStatus::Incomplete;
        if is_evaluated {
            facts.extend(regression::facts(summary, comparisons, reasons));
        }
        facts.extend(shown(summary.models.iter().map(numbers), SHOWN_MODELS, "models"));
        facts.extend(total_cost(summary));
        if is_evaluated {
            facts.extend(pairs::facts(summary, comparisons));
        }
        facts.extend(shown(trend.iter().cloned(), SHOWN_TRENDS, "trends"));
        facts.extend(summary.problems.first.iter().take(SHOWN_PROBLEMS).map(ToString::to_string));
        let told = summary.problems.first.len().min(SHOWN_PROBLEMS) as u64;
        let rest = (summary.problems.errors + summary.problems.warnings).saturating_sub(told);
        if rest > 0 {
            facts.push(format!("and {rest} more problems; `assay check` lists all of a dataset"));
        }
        facts.extend(shown(notes.iter().cloned(), SHOWN_CAVEATS, "notes of the gate"));
        facts.extend(shown(summary.caveats.iter().cloned(), SHOWN_CAVEATS, "notes"));
        Self {
            suite: Some(summary.suite.clone()),
            application: Some(summary.application.clone()),
            run: Some(summary.run.clone()),
            summary: Some(place.name_of(&keys.summary())),
            report: Some(place.name_of(&keys.report())),
            ..Self::new(kind, format!("{}: {what}", summary.suite), facts)
        }
    }
}

/// The numbers of a model on one line.
fn numbers(model: &ModelSummary) -> String {
    let mut parts = vec![format!("{} of {} answered", model.answered, model.samples)];
    if model.failed > 0 {
        let classes = model.failures.iter().map(|(class, failure)| format!("{class} {}", failure.count));
        let classes = classes.collect::<Vec<_>>().join(", ");
        let classes = if classes.is_empty() { classes } else { format!(" ({classes})") };
        parts.push(format!("{} failed{classes}", model.failed));
    }
    for (name, score) in &model.scores {
        let mean = score.mean.map_or("none".to_owned(), |mean| format!("{mean:.4}"));
        let unscored = match score.unscored {
            0 => String::new(),
            unscored => format!(", {unscored} unscored"),
        };
        parts.push(format!("{name} {mean} (n {}{unscored})", score.n));
    }
    parts.extend(cost(model).map(|cost| format!("cost {cost}")));
    format!("{}: {}", clip(model.model.clone(), LONGEST_MODEL), parts.join(", "))
}

/// What the whole run cost, and of whom that is not known.
fn total_cost(summary: &Summary) -> Option<String> {
    let total = summary.cost.as_ref()?;
    let unknown = total.unknown.join(", ");
    Some(match total.usd {
        Some(usd) if total.complete => format!("the run cost {}", usd_text(usd)),
        Some(usd) => format!("the run cost {} without {unknown}, whose price is unknown", usd_text(usd)),
        None => format!("what the run cost is unknown, as the price of {unknown} is"),
    })
}
