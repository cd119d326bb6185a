//! Drift: whether the means of a suite rise or fall over its last runs.
//!
//! A comparison with the baseline sees a step; a decline of a little each week shows here first. Runs are compared that asked
//! the same dataset in the same way; runs of recorded answers alone measure no model and are left out, as are failed and
//! incomplete ones.

use super::{HistoryLine, HistoryModel};
use crate::compare::{CHECKS, doubt};
use crate::summary::{JudgeSummary, RunStatus};
use assay_score::stats::{Correction, adjust, trend};
use assay_score::{Direction, Measure};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Of how many runs a trend is made at the most, the newest.
pub const MOST_RUNS: usize = 12;
/// With fewer runs there is no trend.
pub(super) const LEAST_RUNS: usize = 5;
/// The significance level, after Holm's correction over the measures of a model.
pub const LEVEL: f64 = 0.05;

/// What a trend amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Drifting {
    /// There is evidence that the measure gets worse.
    Worsening,
    /// There is evidence that it gets better.
    Improving,
    /// There is evidence that it changes, in a measure of which neither direction is better.
    Changing,
    /// No evidence of a trend.
    NoEvidence,
}

/// One measure of one model over the last runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The key of the dataset; `None` where the runs are of a version that did not note it.
    pub dataset: Option<String>,
    /// The model.
    pub model: String,
    /// The measure; `checks` for the pass rate.
    pub measure: String,
    /// How many runs it is over, from 5 to 12.
    pub runs: usize,
    /// The mean in the first of them.
    pub first: f64,
    /// The mean in the last.
    pub last: f64,
    /// When the last was finished.
    pub last_at: Timestamp,
    /// The median change from one run to the next (Theil-Sen).
    pub slope: f64,
    /// The two-sided p-value of "there is no trend" (Mann-Kendall), after Holm's correction.
    pub p: f64,
    /// What it amounts to.
    pub verdict: Drifting,
    /// Whether the last run had reason to trust who measured: true but for judges.
    pub trusted: bool,
}

/// The trends of a suite.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drifts {
    /// Each measure that enough runs have, those that get worse first.
    pub drifts: Vec<Drift>,
    /// Lines of the history that lie after the moment that was asked for, and were left out: a clock was wrong, or the moment
    /// is long past.
    pub later: usize,
}

impl Drift {
    /// The trend with its numbers, on one line.
    pub fn told(&self) -> String {
        let Self { model, measure, runs, first, last, slope, p, .. } = self;
        let what = match self.verdict {
            Drifting::Worsening => "gets worse",
            Drifting::Improving => "gets better",
            Drifting::Changing => "changes",
            Drifting::NoEvidence => "shows no trend",
        };
        format!(
            "{model}: {measure} {what} over the last {runs} runs: {first:.4} in the first, {last:.4} in the last, \
             {slope:+.2e} a run (adjusted p {p:.2e})"
        )
    }
}

impl Drifts {
    /// Those that get worse, but for what rests on a judge that is not to be relied on.
    pub fn worsening(&self, judge: Option<&JudgeSummary>) -> impl Iterator<Item = &Drift> {
        let is_worsening =
            move |drift: &&Drift| drift.verdict == Drifting::Worsening && doubt(&drift.measure, judge).is_none();
        self.drifts.iter().filter(is_worsening)
    }

    /// The same by what the history itself says of judges, where no summary is at hand.
    pub fn worsening_and_trusted(&self) -> impl Iterator<Item = &Drift> {
        self.drifts.iter().filter(|drift| drift.verdict == Drifting::Worsening && drift.trusted)
    }
}

/// What makes runs comparable: the dataset, and whether managed jobs gave the answers, as these are asked in another way.
type Kind<'a> = (Option<&'a str>, bool);

/// The trends of all datasets of a suite whose runs are `lines`, over what was finished up to `until`; of each dataset the
/// models of its newest run.
pub fn drift(lines: &[HistoryLine], until: Timestamp) -> Drifts {
    let mut kinds: BTreeMap<Kind<'_>, Vec<&HistoryLine>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.finished_at <= until && counts(line)) {
        kinds.entry(kind(line)).or_default().push(line);
    }
    let drifts = kinds.into_values().flat_map(of_kind).collect();
    sorted(Drifts { drifts, later: lines.iter().filter(|line| line.finished_at > until).count() })
}

/// The trends up to the run `own`, over the runs that asked the same dataset in the same way. `lines` may hold its line or not.
pub fn drift_until(lines: &[HistoryLine], own: &HistoryLine) -> Drifts {
    let alike = lines.iter().filter(|line| line.run != own.run && kind(line) == kind(own) && counts(line));
    let (mut before, later): (Vec<&HistoryLine>, Vec<_>) = alike.partition(|line| line.finished_at <= own.finished_at);
    if !counts(own) {
        return Drifts { drifts: Vec::new(), later: later.len() };
    }
    before.push(own);
    sorted(Drifts { drifts: of_kind(before), later: later.len() })
}

fn counts(line: &HistoryLine) -> bool {
    line.status == RunStatus::Completed && !line.is_recorded_only()
}

fn kind(line: &HistoryLine) -> Kind<'_> {
    let mut names = line.models.iter().flat_map(|model| model.means.keys());
    let is_of_jobs = names.any(|name| matches!(name.parse(), Ok(Measure::Job(_))));
    (line.dataset.as_deref(), is_of_jobs)
}

fn sorted(mut found: Drifts) -> Drifts {
    found.drifts.sort_by_key(|drift| drift.verdict);
    found
}

/// The trends of runs that can be compared, by the models of the last.
fn of_kind(lines: Vec<&HistoryLine>) -> Vec<Drift> {
    let mut lines = lines;
    lines.sort_by_key(|line| (line.finished_at, line.run.as_str()));
    let Some(newest) = lines.last() else { return Vec::new() };
    newest.models.iter().flat_map(|model| of_model(&lines, newest, &model.model)).collect()
}

fn of_model(lines: &[&HistoryLine], newest: &HistoryLine, model: &str) -> Vec<Drift> {
    let of = |line: &&HistoryLine| line.models.iter().find(|known| known.model == model).cloned();
    let models: Vec<HistoryModel> = lines.iter().filter_map(of).collect();
    let Some(last) = models.last() else { return Vec::new() };
    let checks = last.pass_rate.map(|_| CHECKS);
    let names = checks.into_iter().chain(last.means.keys().map(String::as_str));
    let mut drifts = Vec::new();
    for name in names {
        let measure = name.parse::<Measure>().ok();
        // A part tells where a change comes from; whether there is one is told by the whole.
        if measure.as_ref().is_some_and(Measure::is_part) {
            continue;
        }
        let mut values: Vec<f64> = models.iter().filter_map(|model| mean(model, name)).collect();
        values.drain(..values.len().saturating_sub(MOST_RUNS));
        let trusted = last.means.get(name).is_none_or(|mean| mean.counts(name));
        let (Some(first), Some(last)) = (values.first(), values.last()) else { continue };
        let Some(found) = trend(&values).filter(|_| values.len() >= LEAST_RUNS) else { continue };
        let direction = match (name, measure) {
            (CHECKS, _) => Direction::HigherIsBetter,
            (_, measure) => measure.map_or(Direction::Neither, |measure| measure.direction()),
        };
        let drift = Drift {
            dataset: newest.dataset.clone(),
            model: model.to_owned(),
            measure: name.to_owned(),
            runs: values.len(),
            first: *first,
            last: *last,
            last_at: newest.finished_at,
            slope: found.slope,
            p: found.p,
            verdict: Drifting::NoEvidence,
            trusted,
        };
        drifts.push((direction, found.statistic, drift));
    }
    // As in comparisons: what nobody decides by is corrected among itself.
    for is_deciding in [true, false] {
        let of_family = drifts.iter_mut().filter(|(direction, ..)| (*direction != Direction::Neither) == is_deciding);
        let mut family: Vec<_> = of_family.collect();
        let p_values: Vec<f64> = family.iter().map(|(_, _, drift)| drift.p).collect();
        for ((direction, statistic, drift), p) in family.iter_mut().zip(adjust(&p_values, Correction::Holm)) {
            drift.p = p;
            if p <= LEVEL {
                drift.verdict = verdict(*direction, *statistic > 0);
            }
        }
    }
    drifts.into_iter().map(|(_, _, drift)| drift).collect()
}

fn mean(model: &HistoryModel, name: &str) -> Option<f64> {
    if name == CHECKS { model.pass_rate } else { model.means.get(name).map(|found| found.mean) }
}

fn verdict(direction: Direction, rises: bool) -> Drifting {
    match (direction, rises) {
        (Direction::Neither, _) => Drifting::Changing,
        (Direction::HigherIsBetter, true) | (Direction::LowerIsBetter, false) => Drifting::Improving,
        (Direction::HigherIsBetter, false) | (Direction::LowerIsBetter, true) => Drifting::Worsening,
    }
}

#[cfg(test)]
mod tests;
