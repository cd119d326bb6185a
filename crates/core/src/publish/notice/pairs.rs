//! The models of a run against its first one: a line for each pair.

use super::cost::cost;
use super::facts::shown;
use crate::compare::{Comparison, Conclusion, MeasureComparison, changes};
use crate::summary::Summary;
use assay_problem::clip;

/// How many pairs a notice names.
const SHOWN_PAIRS: usize = 8;
/// How many measures of a pair are named.
const SHOWN_MEASURES: usize = 3;
/// The longest name of a model, in characters: two stand in a line.
const LONGEST_MODEL: usize = 80;

/// What the comparisons between models of the run have to say.
pub(super) fn facts(summary: &Summary, comparisons: &[Comparison]) -> Vec<String> {
    let pairs: Vec<String> = comparisons
        .iter()
        .filter(|comparison| comparison.is_within_run())
        .map(|comparison| pair(summary, comparison))
        .collect();
    shown(pairs.into_iter(), SHOWN_PAIRS, "pairs of models")
}

fn pair(summary: &Summary, comparison: &Comparison) -> String {
    let name = |model: &str| clip(model.to_owned(), LONGEST_MODEL);
    let (first, other) = (name(&comparison.before.model), name(&comparison.after.model));
    format!("{other} against {first}: {}{}", outcome(summary, comparison), side_by_side(summary, comparison))
}

/// Which of the two is better by what.
fn outcome(summary: &Summary, comparison: &Comparison) -> String {
    if comparison.measures.is_empty() {
        return "nothing can be compared, as no sample has a score of both".to_owned();
    }
    if comparison.measures.iter().all(|measure| measure.verdict == Conclusion::TooFew) {
        return format!("{} samples are too few to tell a difference", comparison.shared);
    }
    let mut found = Vec::new();
    for (verdict, word) in [(Conclusion::Better, "better"), (Conclusion::Worse, "worse")] {
        for change in changes(comparison, verdict, summary.judge.as_ref()) {
            let doubt = if change.doubt.is_some() { ", by a judge that is not trusted" } else { "" };
            found.push(format!("{word} in {}{doubt}", difference(change.measure)));
        }
    }
    if found.is_empty() {
        return no_evidence(comparison);
    }
    shown(found.into_iter(), SHOWN_MEASURES, "measures").join("; ")
}

/// A measure with its numbers.
fn difference(measure: &MeasureComparison) -> String {
    let MeasureComparison { name, effect, .. } = measure;
    let interval = measure.interval.map_or(String::new(), |found| format!("{:+.4} to {:+.4}, ", found.low, found.high));
    format!("{name} by {effect:+.4} ({interval}adjusted p {:.2e})", measure.adjusted_p.unwrap_or(1.0))
}

/// That there is no evidence, and what would have been seen.
fn no_evidence(comparison: &Comparison) -> String {
    let seen = comparison.measures.iter().filter_map(|measure| {
        let smallest = measure.smallest_detectable?;
        Some(format!("{} {smallest:.4}", measure.name))
    });
    let seen = shown(seen.collect::<Vec<_>>().into_iter(), SHOWN_MEASURES, "measures").join(", ");
    let seen = if seen.is_empty() { seen } else { format!("; the smallest difference they would show: {seen}") };
    format!("no evidence of a difference over {} samples{seen}", comparison.shared)
}

/// What both cost and how long they took.
fn side_by_side(summary: &Summary, comparison: &Comparison) -> String {
    let find = |name: &str| summary.models.iter().find(|model| model.model == name);
    let (Some(first), Some(other)) = (find(&comparison.before.model), find(&comparison.after.model)) else {
        return String::new();
    };
    let mut text = String::new();
    if let (Some(first), Some(other)) = (cost(first), cost(other)) {
        text.push_str(&format!("; cost {other} against {first}"));
    }
    if let (Some(first), Some(other)) = (&first.latency, &other.latency) {
        text.push_str(&format!("; median latency {:.0} ms against {:.0} ms", other.p50_ms, first.p50_ms));
    }
    text
}
