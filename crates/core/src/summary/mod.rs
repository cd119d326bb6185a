//! Records to numbers: the same whatever the order of the records and however often a run was cut off.
//!
//! A summary is made from records, never from counters. What one side's numbers say beside another's is left to
//! [`compare`](crate::compare).

mod costs;
mod file;
mod judge_summary;
mod judged;
mod model_summary;
mod pair_summary;
mod summarise;
mod together;
mod worst;

pub(crate) use costs::add_costs;
pub use costs::record_cost;
pub(crate) use file::SimilaritySummary;
pub use file::{Answers, DatasetSummary, RunStatus, SUMMARY_FORMAT, Summary, read_summary};
pub(crate) use judge_summary::JudgeSummary;
pub use judge_summary::{AgreementSummary, PairSummary, RubricSummary};
pub use model_summary::{ModelSummary, ScoreSummary, Standing, WorstSample};
pub use summarise::Summariser;
pub(crate) use worst::excerpt;
