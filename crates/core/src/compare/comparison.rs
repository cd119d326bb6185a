//! What a comparison finds, as `assay compare --format json` and the reports show it.

use assay_score::stats::{Interval, Method};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The name under which the pass rate of checks is compared.
pub const CHECKS: &str = "checks";

/// What changed from one side to the other, over the samples that both have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The side that is compared with, such as the baseline.
    pub before: Side,
    /// The side that is judged.
    pub after: Side,
    /// Samples that both sides have with the same question; all numbers are over these alone.
    pub shared: u64,
    /// Samples that only the side before has.
    pub only_before: u64,
    /// Samples that only the side after has.
    pub only_after: u64,
    /// Samples that both sides have, but with another question or other references. They are left out.
    pub changed: u64,
    /// The significance level of the verdicts, after correction over all measures.
    pub alpha: f64,
    /// How often the bootstrap drew for each measure: 10,000 times, less often where samples times measures are more
    /// than 40,000, and never less than 1,000 times. It begins at a fixed seed, so a comparison can be repeated.
    pub resamples: u64,
    /// The pass rate of checks (named `checks`), then every measure that both sides have.
    pub measures: Vec<MeasureComparison>,
    /// How many shared samples got worse, by the first measure that tells.
    pub regressed: u64,
    /// How many got better.
    pub improved: u64,
    /// How many stayed as they were.
    pub unchanged: u64,
    /// The samples that got worse, the worst first; at most as many as were asked for.
    pub regressions: Vec<ChangedSample>,
    /// The samples that got better, the best first.
    pub improvements: Vec<ChangedSample>,
    /// What to keep in mind: another dataset, recorded answers, failed samples.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caveats: Vec<String>,
}

impl Comparison {
    /// Whether the sides are models of the same run: then neither of them came first.
    pub fn is_within_run(&self) -> bool {
        (&self.before.run, &self.before.suite) == (&self.after.run, &self.after.suite)
    }
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// The run.
    pub run: String,
    /// Its suite.
    pub suite: String,
    /// The model.
    pub model: String,
    /// When the run finished.
    pub finished_at: Timestamp,
}

/// One measure on both sides, paired sample by sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureComparison {
    /// The measure's name; `checks` for the pass rate.
    pub name: String,
    /// Samples with a value on both sides.
    pub n: u64,
    /// The mean before, over these samples.
    pub before: f64,
    /// The mean after.
    pub after: f64,
    /// `after - before`.
    pub effect: f64,
    /// 95 % interval of the effect. None where every sample changed by the same, as nothing tells its width then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// How the interval was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_method: Option<Method>,
    /// Every test that was made, the one that decides first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<TestResult>,
    /// The deciding p-value after Holm's correction over all measures that know better from worse; for a measure that
    /// does not, over its like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted_p: Option<f64>,
    /// The smallest difference that this many samples show with a probability of 80 %, before correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest_detectable: Option<f64>,
    /// What it amounts to.
    pub verdict: Conclusion,
}

/// The result of one test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    /// Which test.
    pub test: Test,
    /// Its two-sided p-value, not corrected.
    pub p: f64,
}

/// A test of a paired difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// McNemar's test, exact: for values that are 0 or 1.
    McnemarExact,
    /// The bootstrap of the mean of the differences.
    PairedBootstrap,
    /// Wilcoxon's signed-rank test.
    Wilcoxon,
}

/// What a difference amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// There is evidence that the side after is better.
    Better,
    /// There is evidence that it is worse.
    Worse,
    /// There is evidence that it differs, in a measure of which neither direction is better.
    Different,
    /// No evidence of a difference.
    NoEvidence,
    /// Too few samples to tell: fewer than 6.
    TooFew,
}

/// A sample that got better or worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangedSample {
    /// Its id.
    pub sample: String,
    /// Its line in the dataset of the side after.
    pub line: u64,
    /// Its category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The measure that tells; `checks` where a check changed.
    pub measure: String,
    /// Where a check tells: the first score that knows better from worse and has a value on both sides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<ScoreChange>,
    /// The beginning of the question.
    pub prompt: String,
    /// The beginning of the first reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Before.
    pub before: SampleSide,
    /// After.
    pub after: SampleSide,
}

/// A score of one sample on both sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoreChange {
    /// Its name.
    pub measure: String,
    /// Its value before.
    pub before: f64,
    /// Its value after.
    pub after: f64,
}

/// A sample on one side.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SampleSide {
    /// Its value by the measure that tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The checks that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_checks: Vec<String>,
    /// The numbers of these checks among all of the sample, from 1: those of the spec first, then those of the line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_check_numbers: Vec<u32>,
    /// The beginning of the answer.
    pub response: String,
}
