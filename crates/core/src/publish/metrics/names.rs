//! The one list of metric names, units and dimensions. docs/metrics.md, the dashboard and the alarms are held to it.

use assay_score::{Measure, Scorer};
use serde::{Serialize, Serializer};

/// The dimensions of metrics about one model.
pub(super) const MODEL_DIMENSIONS: [&str; 3] = ["ModelId", "Application", "Suite"];
/// The dimensions of metrics about one kind of perturbation.
pub(super) const KIND_DIMENSIONS: [&str; 4] = ["ModelId", "Application", "Suite", "Kind"];
/// The dimensions of metrics about one category of harmful content.
pub(super) const CATEGORY_DIMENSIONS: [&str; 4] = ["ModelId", "Application", "Suite", "Category"];
/// The dimensions of metrics about one rubric of the judge.
pub(super) const RUBRIC_DIMENSIONS: [&str; 4] = ["ModelId", "Application", "Suite", "Rubric"];
/// The dimensions of metrics about one metric of a managed job.
pub(super) const JOB_DIMENSIONS: [&str; 4] = ["ModelId", "Application", "Suite", "Metric"];
/// The dimensions of metrics about a run.
pub(super) const RUN_DIMENSIONS: [&str; 2] = ["Application", "Suite"];

/// The dimensions of metrics about a stack as a whole.
pub(super) const STACK_DIMENSIONS: [&str; 1] = ["Stack"];
/// The dimensions of metrics about one model, whoever uses it.
pub(super) const LIFECYCLE_DIMENSIONS: [&str; 1] = ["ModelId"];

/// A unit, as CloudWatch names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// A plain number.
    None,
    /// A count of things.
    Count,
    /// Milliseconds.
    Milliseconds,
}

/// The name of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MetricName {
    /// What a scorer says of each answer.
    Score(Scorer),
    /// How much each answer changes with the wording of the question.
    Robustness,
    /// The same for one kind of perturbation.
    RobustnessByKind,
    /// How severe the harmful content of each answer is.
    Toxicity,
    /// The same for one category.
    ToxicityByCategory,
    /// What the judge says of each answer by one rubric.
    JudgeScore,
    /// What a managed job says of each answer by one of its metrics.
    JobScore,
    /// Tokens that the judge read; `ModelId` is the judge.
    JudgeInputTokens,
    /// Tokens that the judge wrote; `ModelId` is the judge.
    JudgeOutputTokens,
    /// What the judge cost, in US dollars; nothing where that is unknown. `ModelId` is the judge.
    JudgeCostUsd,
    /// 1 for a sample whose checks all passed, else 0, also where it has no answer: the average is the pass rate.
    ChecksPassed,
    /// Samples that a model had to answer.
    SamplesTotal,
    /// Samples without an answer.
    SamplesFailed,
    /// Answers that at least one scorer could not judge.
    SamplesUnscored,
    /// Milliseconds of each call, without waiting.
    ModelLatency,
    /// Tokens read.
    InputTokens,
    /// Tokens written.
    OutputTokens,
    /// What the answers of a model cost, in US dollars; nothing where that is unknown.
    CostUsd,
    /// 1 for a model that got worse than the suite's baseline by at least one measure, else 0; nothing where it was not
    /// compared.
    Regression,
    /// 1 when the gate passed, else 0; nothing for a suite without a gate.
    GatePassed,
    /// 1 for each run that was evaluated.
    RunCompleted,
    /// 1 for each run that could not be evaluated.
    RunFailed,
    /// 1 for each run whose budget was used up before every sample was asked.
    RunIncomplete,
    /// 1 for each managed job that failed or was refused.
    JobFailed,
    /// 1 for each managed job that was stopped.
    JobStopped,
    /// 1 for each managed job that is not done after a long time.
    JobStuck,
    /// 1 for each run of any suite that could not be evaluated; for an alarm that need not know the suites.
    RunsFailed,
    /// Hours since every suite below `probes/` was run by the schedule; 0 where there is none.
    HoursSinceProbes,
    /// Days until the model's announced end of life, below 0 afterwards; nothing where none is announced.
    DaysToEndOfLife,
    /// 1 for a model in the state Legacy, else 0.
    ModelLegacy,
    /// 1 for a model that the service does not know, else 0.
    ModelMissing,
}

impl MetricName {
    /// Every name.
    pub fn all() -> Vec<Self> {
        let scores = Scorer::ALL.iter().map(|scorer| Self::Score(*scorer));
        let others = [
            Self::Robustness,
            Self::RobustnessByKind,
            Self::Toxicity,
            Self::ToxicityByCategory,
            Self::JudgeScore,
            Self::JobScore,
            Self::JudgeInputTokens,
            Self::JudgeOutputTokens,
            Self::JudgeCostUsd,
            Self::ChecksPassed,
            Self::SamplesTotal,
            Self::SamplesFailed,
            Self::SamplesUnscored,
            Self::ModelLatency,
            Self::InputTokens,
            Self::OutputTokens,
            Self::CostUsd,
            Self::Regression,
            Self::GatePassed,
            Self::RunCompleted,
            Self::RunFailed,
            Self::RunIncomplete,
            Self::JobFailed,
            Self::JobStopped,
            Self::JobStuck,
            Self::RunsFailed,
            Self::HoursSinceProbes,
            Self::DaysToEndOfLife,
            Self::ModelLegacy,
            Self::ModelMissing,
        ];
        scores.chain(others).collect()
    }

    /// The metric of a measure, and the value of the last of its dimensions where that is a part: the kind of perturbation,
    /// the category, the rubric, the job's metric.
    pub fn of_measure(measure: &Measure) -> (Self, Option<String>) {
        match measure {
            Measure::Scorer(scorer) => (Self::Score(*scorer), None),
            Measure::Robustness(None) => (Self::Robustness, None),
            Measure::Robustness(Some(kind)) => (Self::RobustnessByKind, Some(kind.clone())),
            Measure::Toxicity(None) => (Self::Toxicity, None),
            Measure::Toxicity(Some(category)) => (Self::ToxicityByCategory, Some(category.clone())),
            Measure::Judge(rubric) => (Self::JudgeScore, Some(rubric.clone())),
            Measure::Job(measure) => (Self::JobScore, Some(measure.to_string())),
        }
    }

    /// The name in CloudWatch.
    pub fn name(self) -> &'static str {
        match self {
            Self::Score(scorer) => scorer.metric_name(),
            Self::Robustness => "Robustness",
            Self::RobustnessByKind => "RobustnessByKind",
            Self::Toxicity => "Toxicity",
            Self::ToxicityByCategory => "ToxicityByCategory",
            Self::JudgeScore => "JudgeScore",
            Self::JobScore => "JobScore",
            Self::JudgeInputTokens => "JudgeInputTokens",
            Self::JudgeOutputTokens => "JudgeOutputTokens",
            Self::JudgeCostUsd => "JudgeCostUsd",
            Self::ChecksPassed => "ChecksPassed",
            Self::SamplesTotal => "SamplesTotal",
            Self::SamplesFailed => "SamplesFailed",
            Self::SamplesUnscored => "SamplesUnscored",
            Self::ModelLatency => "ModelLatency",
            Self::InputTokens => "InputTokens",
            Self::OutputTokens => "OutputTokens",
            Self::CostUsd => "CostUsd",
            Self::Regression => "Regression",
            Self::GatePassed => "GatePassed",
            Self::RunCompleted => "RunCompleted",
            Self::RunFailed => "RunFailed",
            Self::RunIncomplete => "RunIncomplete",
            Self::JobFailed => "JobFailed",
            Self::JobStopped => "JobStopped",
            Self::JobStuck => "JobStuck",
            Self::RunsFailed => "RunsFailed",
            Self::HoursSinceProbes => "HoursSinceProbes",
            Self::DaysToEndOfLife => "DaysToEndOfLife",
            Self::ModelLegacy => "ModelLegacy",
            Self::ModelMissing => "ModelMissing",
        }
    }

    /// The unit.
    pub fn unit(self) -> Unit {
        match self {
            Self::Score(Scorer::ResponseLength) => Unit::Count,
            Self::Score(_)
            | Self::Robustness
            | Self::RobustnessByKind
            | Self::Toxicity
            | Self::ToxicityByCategory
            | Self::JudgeScore
            | Self::JobScore
            | Self::JudgeCostUsd
            | Self::CostUsd
            | Self::HoursSinceProbes
            | Self::DaysToEndOfLife => Unit::None,
            Self::ModelLatency => Unit::Milliseconds,
            _ => Unit::Count,
        }
    }

    /// The dimensions' names.
    pub fn dimensions(self) -> &'static [&'static str] {
        match self {
            Self::GatePassed
            | Self::RunCompleted
            | Self::RunFailed
            | Self::RunIncomplete
            | Self::JobFailed
            | Self::JobStopped
            | Self::JobStuck => &RUN_DIMENSIONS,
            Self::RunsFailed | Self::HoursSinceProbes => &STACK_DIMENSIONS,
            Self::DaysToEndOfLife | Self::ModelLegacy | Self::ModelMissing => &LIFECYCLE_DIMENSIONS,
            Self::RobustnessByKind => &KIND_DIMENSIONS,
            Self::ToxicityByCategory => &CATEGORY_DIMENSIONS,
            Self::JudgeScore => &RUBRIC_DIMENSIONS,
            Self::JobScore => &JOB_DIMENSIONS,
            _ => &MODEL_DIMENSIONS,
        }
    }
}

impl Serialize for MetricName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
