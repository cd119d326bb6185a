//! Which samples got better or worse.
//!
//! A check that changed tells first: an answer that passed and now fails is a regression whatever its scores say. Else
//! the first measure tells that knows better from worse and has changed.

use super::comparison::{CHECKS, ChangedSample, SampleSide, ScoreChange};
use super::pairs::{Pair, Pairs};
use assay_score::Direction;
use std::cmp::Ordering;

/// Smaller changes come from rounding.
const TOLERANCE: f64 = 1e-9;

/// The samples that changed.
pub(super) struct Changes {
    pub regressed: u64,
    pub improved: u64,
    pub regressions: Vec<ChangedSample>,
    pub improvements: Vec<ChangedSample>,
}

/// A change of one sample.
struct Change<'a> {
    pair: &'a Pair<'a>,
    measure: &'a str,
    worse: bool,
    by_checks: bool,
    size: f64,
    values: Option<(f64, f64)>,
    /// The first score that knows better from worse, where a check tells.
    lead: Option<(&'a str, f64, f64)>,
}

/// Counts all changes and lists the `top` largest of either kind.
pub(super) fn find(pairs: &Pairs<'_>, top: usize) -> Changes {
    let changes = pairs.shared.iter().filter_map(|pair| change(pair, pairs));
    let (worse, better): (Vec<Change<'_>>, Vec<Change<'_>>) = changes.partition(|change| change.worse);
    Changes {
        regressed: worse.len() as u64,
        improved: better.len() as u64,
        regressions: largest(worse, top),
        improvements: largest(better, top),
    }
}

fn change<'a>(pair: &'a Pair<'a>, pairs: &'a Pairs<'_>) -> Option<Change<'a>> {
    if let Some((before, after)) = pair.passed()
        && before != after
    {
        let size = f64::from(pair.before.answer.failing.abs_diff(pair.after.answer.failing).max(1));
        let lead = pairs.scores.iter().filter(|score| score.direction != Direction::Neither).find_map(|score| {
            let (before, after) = pair.values(score)?;
            Some((score.name, before, after))
        });
        return Some(Change { pair, measure: CHECKS, worse: before, by_checks: true, size, values: None, lead });
    }
    pairs.scores.iter().find_map(|score| {
        let (before, after) = pair.values(score)?;
        let worse = match score.direction {
            Direction::HigherIsBetter => after < before,
            Direction::LowerIsBetter => after > before,
            Direction::Neither => return None,
        };
        let range = score.scale.high() - score.scale.low();
        // Measures of different ranges are put into one order.
        let size = (after - before).abs() / if range.is_finite() { range } else { 1.0 };
        let change = Change {
            pair,
            measure: score.name,
            worse,
            by_checks: false,
            size,
            values: Some((before, after)),
            lead: None,
        };
        (size > TOLERANCE).then_some(change)
    })
}

fn largest(mut changes: Vec<Change<'_>>, top: usize) -> Vec<ChangedSample> {
    changes.sort_by(order);
    changes.truncate(top);
    changes.iter().map(Change::sample).collect()
}

/// Checks first, then the larger change, then the earlier line.
fn order(left: &Change<'_>, right: &Change<'_>) -> Ordering {
    let line = |change: &Change<'_>| change.pair.after.answer.line;
    (right.by_checks.cmp(&left.by_checks))
        .then(right.size.total_cmp(&left.size))
        .then_with(|| line(left).cmp(&line(right)))
        .then_with(|| left.pair.id.cmp(right.pair.id))
}

impl Change<'_> {
    fn sample(&self) -> ChangedSample {
        let side = |value: Option<f64>| SampleSide { value, ..SampleSide::default() };
        ChangedSample {
            sample: self.pair.id.to_owned(),
            line: self.pair.after.answer.line,
            category: None,
            measure: self.measure.to_owned(),
            score: self.lead.map(|(measure, before, after)| ScoreChange { measure: measure.to_owned(), before, after }),
            prompt: String::new(),
            reference: None,
            before: side(self.values.map(|values| values.0)),
            after: side(self.values.map(|values| values.1)),
        }
    }
}
