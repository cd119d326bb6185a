//! Runs: what to ask whom (the spec), the asking (collect), what was answered (records) and what it amounts to
//! (summary).
//!
//! [`execute`] takes one run from its claim to its summary, wherever the dataset and the records lie; [`dropped`]
//! decides what a dropped object asks for. Telling the world about a summary is left to `metrics`, `notice` and
//! `report`.

mod answer_key;
mod answers;
mod asker;
mod baseline;
mod budget;
mod calls;
mod change;
mod collect;
mod collection;
mod compared;
mod conclude;
mod costs;
mod draft;
pub mod dropped;
mod error;
mod estimate;
mod evidence;
mod examine;
mod execute;
mod execution;
mod expected;
mod failure;
mod finished;
mod gate;
mod identity;
mod judged;
mod pair_summary;
mod pair_tally;
mod pairwise;
mod part_writer;
mod preference;
mod prepared;
mod progress;
mod record;
mod records;
mod regression;
mod reopen;
mod requests;
mod respondent;
mod schema;
mod scoring;
mod spec;
mod spec_file;
mod spec_json;
mod stop;
mod summarise;
mod summary;
mod template;
mod together;
mod variants;
mod verdict;
mod versus;
mod worst;
mod yaml;

pub use answer_key::AnswerKey;
pub use answers::RunAnswers;
pub use baseline::{BASELINE_FORMAT, Baseline, BaselineRun, baseline_run};
pub use change::{Change, changes, doubt, has_regressed, note_comparisons, told_worse};
pub use costs::record_cost;
pub use error::RunError;
pub use estimate::{Estimate, ModelEstimate, estimate};
pub use evidence::{Evaluation, Noise, Piece, Purpose, RubricVerdict, Similarity, Toxicity, Variant, Wasted};
pub use execute::{Outcome, execute};
pub use execution::Execution;
pub use expected::Expected;
pub use failure::Failure;
pub use finished::Finished;
pub use gate::{Against, Gate, NoRegression, Verdict};
pub use identity::{DatasetIdentity, run_id, spec_digest, stamp};
pub use judged::JudgeTally;
pub use pair_tally::PairTally;
pub use preference::Comparison;
pub use prepared::PreparedRun;
pub use progress::Progress;
pub use record::{RECORD_FORMAT, Record};
pub use records::{RecordReader, for_each_record};
pub use regression::{Regression, compare_with_baseline, counterpart};
pub use schema::schema_json;
pub use scoring::Scoring;
pub use spec::{
    CustomMetricSpec, GuardrailSpec, JobKind, JobSpec, JudgeSpec, KnowledgeBaseSpec, ModelRole, ModelSpec,
    PairwiseSpec, RatingMethod, RatingSpec, RobustnessSpec, RubricSpec, RunSpec, ScalePoint, SearchType,
    SimilaritySpec, TaskType, ToxicitySpec, inference_parameters, is_profile_id,
};
pub use spec_file::{Schema, parse_spec};
pub use spec_json::SpecFile;
pub use stop::Stop;
pub use summarise::{Scores, Summariser, Tally};
pub use summary::{
    AgreementSummary, Answers, CorpusScores, DatasetSummary, FailureSummary, JudgeSummary, LatencySummary,
    ModelSummary, PairSummary, RubricSummary, RunStatus, SUMMARY_FORMAT, ScoreSummary, SimilaritySummary, Standing,
    Summary, WorstSample, read_summary,
};
pub use template::fill as fill_template;
pub use verdict::judge as judge_gate;
pub use versus::{MOST_COMPARED, RunSide, compare_models, compare_sides};
