//! Runs: what to ask whom (the spec), the asking (collect), what was answered (records) and what it amounts to
//! (summary).
//!
//! [`execute`] takes one run from its claim to its summary, wherever the dataset and the records lie; [`dropped`]
//! decides what a dropped object asks for. Telling the world about a summary is left to `metrics`, `notice` and
//! `report`.

mod answers;
mod baseline;
mod budget;
mod collect;
mod conclude;
mod costs;
pub mod dropped;
mod error;
mod estimate;
mod execute;
mod execution;
mod gate;
mod identity;
mod judge;
mod part_writer;
mod progress;
mod record;
mod records;
mod regression;
mod reopen;
mod spec;
mod spec_file;
mod stop;
mod summarise;
mod summary;
mod template;
mod versus;
mod worst;
mod yaml;

pub use answers::RunAnswers;
pub use baseline::{BASELINE_FORMAT, Baseline, BaselineRun, baseline_run};
pub use costs::record_cost;
pub use error::RunError;
pub use estimate::{Estimate, ModelEstimate, estimate};
pub use execute::{Finished, Outcome, execute, read_summary};
pub use execution::Execution;
pub use gate::{Against, Gate, NoRegression, Verdict};
pub use identity::{DatasetIdentity, run_id, spec_digest};
pub use progress::Progress;
pub use record::{AnswerKey, Failure, RECORD_FORMAT, Record, Scoring};
pub use records::{RecordReader, for_each_record};
pub use regression::counterpart;
pub use spec::{ModelSpec, RunSpec};
pub use spec_file::{Schema, parse_spec, schema_json};
pub use stop::Stop;
pub use summarise::{Expected, Scores, Summariser, Tally};
pub use summary::{
    Answers, DatasetSummary, FailureSummary, LatencySummary, ModelSummary, RunStatus, SUMMARY_FORMAT, ScoreSummary,
    Summary, WorstSample,
};
pub use versus::{RunSide, compare_sides};
