//! Two sides that answered the same samples, sample by sample: two models of one run, or one model in two runs.
//!
//! Pure functions over ids and numbers; reading records is left to `run_answers.rs`.

use super::answers::Answers;
use super::comparison::{Comparison, Side};
use super::pairs::Pairs;
use super::{changed_samples, measures};
use assay_score::stats::resamples_for;

/// Over fewer samples nothing is said of a difference.
pub(super) const LEAST_SHARED: u64 = measures::LEAST_PAIRS as u64;

/// How to compare.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// The significance level, above 0 and below 1.
    pub alpha: f64,
    /// How many regressions, and how many improvements, are listed.
    pub top: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { alpha: 0.05, top: 20 }
    }
}

/// Compares what two sides answered to the samples that both have. The texts of the listed samples are left empty.
///
/// The same answers give the same comparison on every machine and in whatever order they were added.
pub fn compare(before: (Side, &Answers), after: (Side, &Answers), options: Options) -> Comparison {
    let pairs = Pairs::of(before.1, after.1);
    let gathered = measures::gather(&pairs);
    let resamples = resamples_for(gathered.iter().map(|measure| measure.pairs.len()).sum());
    let measures = measures::judge(&gathered, resamples, options.alpha);
    let changes = changed_samples::find(&pairs, options.top);
    Comparison {
        before: before.0,
        after: after.0,
        shared: pairs.shared.len() as u64,
        only_before: pairs.only_before,
        only_after: pairs.only_after,
        changed: pairs.changed,
        alpha: options.alpha,
        resamples: resamples as u64,
        measures,
        regressed: changes.regressed,
        improved: changes.improved,
        unchanged: pairs.shared.len() as u64 - changes.regressed - changes.improved,
        regressions: changes.regressions,
        improvements: changes.improvements,
        caveats: Vec::new(),
    }
}
