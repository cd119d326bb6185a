//! What the service says of a job, in plain values. Whatever is missing or unknown in its answer is left out.

use aws_sdk_bedrock::operation::get_evaluation_job::GetEvaluationJobOutput;
use aws_sdk_bedrock::types::{
    EvaluationConfig, EvaluationDatasetMetricConfig, EvaluationInferenceConfig, EvaluationJobStatus, EvaluationJobType,
    EvaluationModelConfig, EvaluationPrecomputedRagSourceConfig, EvaluationSummary, KnowledgeBaseConfig, RagConfig,
};
use aws_smithy_types::DateTime;
use jiff::Timestamp;
use std::fmt;

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobStatus {
    /// It runs, or waits to.
    InProgress,
    /// It has ended, and its output is there.
    Completed,
    /// It has ended without.
    Failed,
    /// It is being stopped.
    Stopping,
    /// Somebody stopped it.
    Stopped,
    /// It is being removed.
    Deleting,
    /// Something that this version does not know.
    Unknown(String),
}

/// What is known of a job, whoever started it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobDescription {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Where it stands.
    pub status: JobStatus,
    /// Whether people evaluate.
    pub is_human: bool,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When anything about it last changed; of a job that has ended, about when it did. The service tells no end.
    pub modified_at: Option<Timestamp>,
    /// Why it failed.
    pub failure_messages: Vec<String>,
    /// Where its output goes: an S3 URI.
    pub output_uri: Option<String>,
    /// Who answers: identifiers of models, or the names under which answers are recorded.
    pub models: Vec<String>,
    /// The knowledge base that is retrieved from.
    pub knowledge_base: Option<String>,
    /// What is measured, as the service was told it, each metric once.
    pub metrics: Vec<String>,
    /// What is asked: names, and where each lies unless the service brings it.
    pub datasets: Vec<(String, Option<String>)>,
}

/// What a list says of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobListing {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Where it stands.
    pub status: JobStatus,
    /// When it was created.
    pub created_at: Option<Timestamp>,
}

impl JobStatus {
    fn of(status: &EvaluationJobStatus) -> Self {
        match status {
            EvaluationJobStatus::InProgress => Self::InProgress,
            EvaluationJobStatus::Completed => Self::Completed,
            EvaluationJobStatus::Failed => Self::Failed,
            EvaluationJobStatus::Stopping => Self::Stopping,
            EvaluationJobStatus::Stopped => Self::Stopped,
            EvaluationJobStatus::Deleting => Self::Deleting,
            other => Self::Unknown(other.as_str().to_owned()),
        }
    }
}

impl fmt::Display for JobStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::InProgress => "InProgress",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
            Self::Stopping => "Stopping",
            Self::Stopped => "Stopped",
            Self::Deleting => "Deleting",
            Self::Unknown(name) => name,
        })
    }
}

pub(super) fn of(job: GetEvaluationJobOutput) -> JobDescription {
    let (models, knowledge_base) = job.inference_config.as_ref().map(answering).unwrap_or_default();
    let mut is_human = job.job_type == EvaluationJobType::Human;
    let datasets = match &job.evaluation_config {
        Some(EvaluationConfig::Automated(config)) => config.dataset_metric_configs(),
        Some(EvaluationConfig::Human(config)) => {
            is_human = true;
            config.dataset_metric_configs()
        }
        _ => &[],
    };
    JobDescription {
        name: job.job_name,
        arn: job.job_arn,
        status: JobStatus::of(&job.status),
        is_human,
        created_at: timestamp(&job.creation_time),
        modified_at: job.last_modified_time.as_ref().and_then(timestamp),
        failure_messages: job.failure_messages.unwrap_or_default(),
        output_uri: job.output_data_config.map(|output| output.s3_uri).filter(|uri| !uri.is_empty()),
        models,
        knowledge_base,
        metrics: distinct(datasets.iter().flat_map(|dataset| &dataset.metric_names).map(String::as_str)),
        datasets: datasets.iter().filter_map(place).collect(),
    }
}

pub(super) fn listing(job: EvaluationSummary) -> JobListing {
    JobListing {
        status: JobStatus::of(&job.status),
        created_at: timestamp(&job.creation_time),
        name: job.job_name,
        arn: job.job_arn,
    }
}

/// Who answers, and from which knowledge base.
fn answering(config: &EvaluationInferenceConfig) -> (Vec<String>, Option<String>) {
    let of_model = |model: &EvaluationModelConfig| match model {
        EvaluationModelConfig::BedrockModel(model) => Some(model.model_identifier.clone()),
        EvaluationModelConfig::PrecomputedInferenceSource(source) => Some(source.inference_source_identifier.clone()),
        _ => None,
    };
    match config {
        EvaluationInferenceConfig::Models(models) => (models.iter().filter_map(of_model).collect(), None),
        EvaluationInferenceConfig::RagConfigs(configs) => {
            let (models, knowledge_base) = configs.first().map(retrieving).unwrap_or_default();
            (models.into_iter().collect(), knowledge_base)
        }
        _ => (Vec::new(), None),
    }
}

fn retrieving(config: &RagConfig) -> (Option<String>, Option<String>) {
    use EvaluationPrecomputedRagSourceConfig::{RetrieveAndGenerateSourceConfig, RetrieveSourceConfig};
    match config {
        RagConfig::KnowledgeBaseConfig(KnowledgeBaseConfig::RetrieveConfig(config)) => {
            (None, Some(config.knowledge_base_id.clone()))
        }
        RagConfig::KnowledgeBaseConfig(KnowledgeBaseConfig::RetrieveAndGenerateConfig(config)) => {
            let external = config.external_sources_configuration().map(|config| config.model_arn.clone());
            match config.knowledge_base_configuration() {
                Some(config) => (Some(config.model_arn.clone()), Some(config.knowledge_base_id.clone())),
                None => (external, None),
            }
        }
        RagConfig::PrecomputedRagSourceConfig(RetrieveSourceConfig(source)) => {
            (Some(source.rag_source_identifier.clone()), None)
        }
        RagConfig::PrecomputedRagSourceConfig(RetrieveAndGenerateSourceConfig(source)) => {
            (Some(source.rag_source_identifier.clone()), None)
        }
        _ => (None, None),
    }
}

fn place(dataset: &EvaluationDatasetMetricConfig) -> Option<(String, Option<String>)> {
    let dataset = dataset.dataset()?;
    let uri = dataset.dataset_location().and_then(|location| location.as_s3_uri().ok().cloned());
    Some((dataset.name.clone(), uri))
}

/// The SDK puts the epoch where the service leaves a required time out.
fn timestamp(moment: &DateTime) -> Option<Timestamp> {
    let timestamp = Timestamp::from_nanosecond(moment.as_nanos()).ok()?;
    (timestamp != Timestamp::UNIX_EPOCH).then_some(timestamp)
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        if !distinct.iter().any(|known| known == name) {
            distinct.push(name.to_owned());
        }
    }
    distinct
}
