//! What `assay.yaml` can say: the types of a [`RunSpec`], which are also the source of the published JSON Schema.

mod job;
mod judge;
mod model;
mod robustness;
mod run_spec;
mod similarity;
mod toxicity;

pub use job::{
    CustomMetricSpec, JobKind, JobSpec, KnowledgeBaseSpec, ModelRole, RatingMethod, RatingSpec, ScalePoint, SearchType,
    TaskType, inference_parameters, is_profile_id,
};
pub use judge::{JudgeSpec, PairwiseSpec, RubricSpec};
pub use model::ModelSpec;
pub use robustness::RobustnessSpec;
pub use run_spec::RunSpec;
pub use similarity::SimilaritySpec;
pub use toxicity::{GuardrailSpec, ToxicitySpec};
