//! `assay.yaml` to a [`RunSpec`], what makes two deliveries the same run, and what a run needs beside its spec.
//!
//! Which models answer, and what their responses amount to, is left to the phases below.

mod error;
mod execution;
mod findings;
mod gate;
mod identity;
mod job;
mod judge;
mod model;
mod robustness;
mod run_spec;
mod schema;
mod settings;
mod similarity;
mod spec_file;
mod spec_json;
pub(crate) mod template;
mod toxicity;
mod yaml;

pub use error::RunError;
pub use execution::Execution;
pub use gate::{Against, Gate, Verdict};
pub use identity::{DatasetIdentity, run_id, spec_digest, stamp};
pub use job::{
    CustomMetricSpec, JobKind, JobSpec, KnowledgeBaseSpec, ModelRole, SearchType, TaskType, inference_parameters,
    is_profile_id,
};
pub(crate) use judge::{JudgeSpec, PairwiseSpec, RubricSpec};
pub use model::ModelSpec;
pub(crate) use robustness::RobustnessSpec;
pub use run_spec::RunSpec;
pub use schema::schema_json;
pub use settings::{
    DEFAULT_APPLICATION, DEFAULT_NAMESPACE, DEFAULT_STACK, DEFAULT_STUCK_HUMAN_JOB_DAYS, DEFAULT_STUCK_JOB_HOURS,
    DEFAULT_THRESHOLD_DEVIATIONS, DEFAULT_THRESHOLD_RUNS, Settings,
};
pub(crate) use similarity::SimilaritySpec;
pub use spec_file::{Schema, parse_spec};
pub use spec_json::SpecFile;
pub use template::fill as fill_template;
pub(crate) use toxicity::ToxicitySpec;
