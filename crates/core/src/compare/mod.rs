//! Two sides of the same samples to a conclusion: two models of one run, or one model in two runs; the suite's baseline; the
//! gate.
//!
//! Pairing and tests are pure functions over ids and numbers. Showing a comparison is left to the reports.

mod answers;
mod baseline;
mod change;
mod changed_samples;
mod comparison;
mod finished_run;
mod measures;
mod paired;
mod pairs;
mod regression;
mod run_answers;
mod verdict;
mod versus;

pub use answers::{Answer, Answers};
pub use baseline::{BASELINE_FORMAT, Baseline, BaselineRun, baseline_run};
pub use change::{Change, changes};
pub(crate) use change::{doubt, has_regressed, note_comparisons, told_worse};
pub use comparison::{CHECKS, ChangedSample, Comparison, Conclusion, MeasureComparison, SampleSide, Side, Test};
pub use finished_run::{Compared, compare_finished, counterpart};
pub use paired::{Options, compare};
pub use regression::Regression;
pub use run_answers::RunAnswers;
pub(crate) use verdict::judge as judge_gate;
pub(crate) use versus::MOST_COMPARED;
pub use versus::compare_runs;
