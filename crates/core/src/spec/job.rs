//! The spec key `jobs`: evaluation jobs that Bedrock manages.
//!
//! What the service refuses of them is told by `job/problems.rs`; making requests of them is left to `assay-job`.

mod arn;
mod inference_parameters;
mod model_role;
mod problems;

pub(crate) use inference_parameters::LONGEST_INFERENCE_PARAMETERS;
pub use inference_parameters::inference_parameters;
pub use model_role::{ModelRole, is_profile_id};
pub(super) use problems::check;

use super::model::ModelSpec;
use assay_model::Inference;
use assay_score::{JobMeasure, Measure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One evaluation job that Bedrock manages; one for each of several models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JobSpec {
    /// What tells the jobs of a suite apart: small letters, digits and hyphens. Left out, it is the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[a-z0-9](-*[a-z0-9]){0,19}$"))]
    pub name: Option<String>,
    /// Who or what evaluates.
    pub kind: JobKind,
    /// What the models are to do; automatic jobs are told by it how to score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskType>,
    /// The service's metrics, with or without `Builtin.`: `Accuracy`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<String>,
    /// Datasets that the service brings, in place of the suite's: `Builtin.BoolQ`. For automatic jobs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub datasets: Vec<String>,
    /// The models that answer; left out, the suite's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<ModelSpec>,
    /// Whether the answers in the dataset are evaluated, and no model is asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recorded: bool,
    /// The model that judges: a model id, an inference profile id or an ARN. For jobs with a judge and RAG jobs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2048))]
    pub evaluator: Option<String>,
    /// Metrics of your own for the judge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 10))]
    pub custom_metrics: Vec<CustomMetricSpec>,
    /// What people rate. For human jobs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 10))]
    pub ratings: Vec<RatingSpec>,
    /// The ARN of the flow definition that tells who rates. For human jobs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1024))]
    pub flow_definition: Option<String>,
    /// What the people who rate are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 5000))]
    pub instructions: Option<String>,
    /// What is retrieved from. For RAG jobs whose answers are not recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knowledge_base: Option<KnowledgeBaseSpec>,
    /// Whether only what was retrieved is evaluated, and nothing is generated. For RAG jobs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retrieve_only: bool,
    /// The service role that reads the dataset and asks the models; left out, the stack's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^arn:aws(-[^:]+)?:iam::[0-9]{12}:role/.+$"))]
    pub role: Option<String>,
    /// The key that encrypts what the job keeps: a key ARN, an alias ARN, a key id or an alias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2048))]
    pub encryption_key: Option<String>,
}

/// Who or what evaluates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Programs of the service.
    Automatic,
    /// A model.
    Judge,
    /// People.
    Human,
    /// A model, of what a knowledge base retrieved.
    Rag,
}

/// What models are to do, as the service names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TaskType {
    /// Texts are shortened.
    Summarization,
    /// Texts are sorted.
    Classification,
    /// Questions are answered.
    QuestionAndAnswer,
    /// Texts are written.
    Generation,
    /// Anything.
    Custom,
    /// Anything, in jobs with a judge. The service's model of its API does not list it, its guide demands it.
    General,
}

/// A metric of your own for a judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomMetricSpec {
    /// Its name.
    #[schemars(regex(pattern = r"^[0-9a-zA-Z_.-]{1,63}$"))]
    pub name: String,
    /// What the judge is asked, with `{{prompt}}`, `{{prediction}}` and `{{ground_truth}}`.
    #[schemars(length(min = 1, max = 5000))]
    pub instructions: String,
    /// What it may answer. Left out, it is free.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 10))]
    pub scale: Vec<ScalePoint>,
}

/// One answer that a judge may give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScalePoint {
    /// What it means, in a few words.
    #[schemars(length(min = 1, max = 100))]
    pub definition: String,
    /// Its value, where the scale is one of numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<f32>,
    /// Its value, where the scale is one of words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub word: Option<String>,
}

/// Something that people rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingSpec {
    /// Its name.
    #[schemars(regex(pattern = r"^[0-9a-zA-Z_.-]{1,63}$"))]
    pub name: String,
    /// What people are asked, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 63))]
    pub description: Option<String>,
    /// How they rate.
    pub method: RatingMethod,
}

/// How people rate, as the service names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RatingMethod {
    /// Thumbs up or down.
    ThumbsUpDown,
    /// Five steps for one answer.
    IndividualLikertScale,
    /// Five steps from one answer to the other.
    ComparisonLikertScale,
    /// One of two answers.
    ComparisonChoice,
    /// An order of answers.
    ComparisonRank,
}

/// What a RAG job retrieves from, and how it answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnowledgeBaseSpec {
    /// The knowledge base.
    #[schemars(regex(pattern = r"^[0-9a-zA-Z]{1,10}$"))]
    pub id: String,
    /// How many passages are retrieved; left out, the service's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100))]
    pub results: Option<i32>,
    /// How they are searched for; left out, as the knowledge base likes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<SearchType>,
    /// The prompt of the model that answers; left out, the service's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4000))]
    pub prompt_template: Option<String>,
    /// How that model is to answer.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    pub inference: Inference,
}

/// How passages are searched for, as the service names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum SearchType {
    /// By meaning and by words.
    Hybrid,
    /// By meaning.
    Semantic,
}

impl JobSpec {
    /// A job of this kind that asks for nothing else.
    pub fn new(kind: JobKind) -> Self {
        Self {
            name: None,
            kind,
            task: None,
            metrics: Vec::new(),
            datasets: Vec::new(),
            models: Vec::new(),
            recorded: false,
            evaluator: None,
            custom_metrics: Vec::new(),
            ratings: Vec::new(),
            flow_definition: None,
            instructions: None,
            knowledge_base: None,
            retrieve_only: false,
            role: None,
            encryption_key: None,
        }
    }

    /// Whether it asks for one of the service's metrics; `name` is bare: `Accuracy`.
    pub fn asks_for(&self, name: &str) -> bool {
        self.metrics.iter().any(|metric| metric.strip_prefix("Builtin.").unwrap_or(metric) == name)
    }

    /// What tells it from the other jobs of its suite.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(self.kind.name())
    }

    /// What the models are to do, also where the spec leaves it out.
    pub fn task(&self) -> TaskType {
        self.task.unwrap_or(match self.kind {
            JobKind::Judge => TaskType::General,
            JobKind::Rag => TaskType::QuestionAndAnswer,
            JobKind::Automatic | JobKind::Human => TaskType::Custom,
        })
    }

    /// Every number that it gives an answer.
    pub fn measures(&self) -> impl Iterator<Item = Measure> {
        let bare = |name: &String| name.strip_prefix("Builtin.").unwrap_or(name).to_owned();
        let built_in = self.metrics.iter().map(move |name| JobMeasure::BuiltIn(bare(name)));
        let custom = self.custom_metrics.iter().map(|metric| JobMeasure::Custom(metric.name.clone()));
        let human = self.ratings.iter().map(|rating| JobMeasure::Human(rating.name.clone()));
        built_in.chain(custom).chain(human).map(Measure::Job)
    }

    /// Whether people compare two answers.
    pub fn compares(&self) -> bool {
        self.ratings.iter().any(|rating| rating.method.compares())
    }

    /// The service's metrics as it wants them: with `Builtin.`.
    pub fn built_in_metrics(&self) -> impl Iterator<Item = String> {
        self.metrics.iter().map(|name| format!("Builtin.{}", name.strip_prefix("Builtin.").unwrap_or(name)))
    }
}

impl JobKind {
    /// Its name in a spec.
    pub fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Judge => "judge",
            Self::Human => "human",
            Self::Rag => "rag",
        }
    }
}

impl TaskType {
    /// The service's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Summarization => "Summarization",
            Self::Classification => "Classification",
            Self::QuestionAndAnswer => "QuestionAndAnswer",
            Self::Generation => "Generation",
            Self::Custom => "Custom",
            Self::General => "General",
        }
    }
}

impl RatingMethod {
    /// The service's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ThumbsUpDown => "ThumbsUpDown",
            Self::IndividualLikertScale => "IndividualLikertScale",
            Self::ComparisonLikertScale => "ComparisonLikertScale",
            Self::ComparisonChoice => "ComparisonChoice",
            Self::ComparisonRank => "ComparisonRank",
        }
    }

    /// Whether it compares two answers.
    pub fn compares(self) -> bool {
        matches!(self, Self::ComparisonLikertScale | Self::ComparisonChoice | Self::ComparisonRank)
    }
}

impl fmt::Display for JobKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
