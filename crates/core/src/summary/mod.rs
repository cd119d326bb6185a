//! Records to numbers: the same whatever the order of the records and however often a run was cut off.
//!
//! A summary is made from records, never from counters. What one side's numbers say beside another's is left to
//! [`compare`](crate::compare).

mod costs;
mod file;
mod judged;
mod pair_summary;
mod summarise;
mod together;
mod worst;

pub(crate) use costs::add_costs;
pub use costs::record_cost;
pub use file::{
    AgreementSummary, Answers, DatasetSummary, ModelSummary, PairSummary, RubricSummary, RunStatus, SUMMARY_FORMAT,
    ScoreSummary, Standing, Summary, WorstSample, read_summary,
};
pub(crate) use file::{JudgeSummary, SimilaritySummary};
pub use summarise::Summariser;
pub(crate) use worst::excerpt;
