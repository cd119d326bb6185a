//! What an evaluation job that Bedrock manages says of an answer: the names of its metrics, and which way is for the better.
//!
//! Asking for them is left to the spec, reading them to whoever reads the job's output.

use super::Direction;
use crate::stats::Scale;
use std::fmt;

/// The prefix of the service's own metrics; older output leaves it out.
const BUILT_IN_PREFIX: &str = "Builtin.";

/// A metric that the service brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltInMetric {
    /// Its name, without `Builtin.`.
    pub name: &'static str,
    /// Which way is for the better.
    pub direction: Direction,
    /// Whether automatic jobs have it.
    pub automatic: bool,
    /// Whether jobs with a judge have it.
    pub judge: bool,
    /// Whether RAG jobs that only retrieve have it.
    pub retrieve: bool,
    /// Whether RAG jobs that retrieve and generate have it.
    pub generate: bool,
}

/// Every metric of the service. Sources: the Bedrock user guide, pages model-evaluation-tasks, model-evaluation-metrics and
/// knowledge-base-evaluation-metrics.
pub const BUILT_IN_METRICS: [BuiltInMetric; 19] = {
    use Direction::{HigherIsBetter as Up, LowerIsBetter as Down};
    const fn of(name: &'static str, direction: Direction, kinds: [u8; 4]) -> BuiltInMetric {
        let [automatic, judge, retrieve, generate] = [kinds[0] == 1, kinds[1] == 1, kinds[2] == 1, kinds[3] == 1];
        BuiltInMetric { name, direction, automatic, judge, retrieve, generate }
    }
    [
        of("Accuracy", Up, [1, 0, 0, 0]),
        of("Robustness", Down, [1, 0, 0, 0]),
        of("Toxicity", Down, [1, 0, 0, 0]),
        of("Correctness", Up, [0, 1, 0, 1]),
        of("Completeness", Up, [0, 1, 0, 1]),
        of("Faithfulness", Up, [0, 1, 0, 1]),
        of("Helpfulness", Up, [0, 1, 0, 1]),
        of("Coherence", Up, [0, 1, 0, 0]),
        of("LogicalCoherence", Up, [0, 0, 0, 1]),
        of("Relevance", Up, [0, 1, 0, 0]),
        of("FollowingInstructions", Up, [0, 1, 0, 0]),
        of("ProfessionalStyleAndTone", Up, [0, 1, 0, 0]),
        of("Harmfulness", Down, [0, 1, 0, 1]),
        of("Stereotyping", Down, [0, 1, 0, 1]),
        of("Refusal", Down, [0, 1, 0, 1]),
        of("ContextRelevance", Up, [0, 0, 1, 0]),
        of("ContextCoverage", Up, [0, 0, 1, 0]),
        of("CitationPrecision", Up, [0, 0, 0, 1]),
        of("CitationCoverage", Up, [0, 0, 0, 1]),
    ]
};

/// A number that a managed job gives an answer. Written after `job.`: `job.Accuracy`, `job.custom.BrandVoice`,
/// `job.human.Helpfulness`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobMeasure {
    /// A metric of the service, or one that this version does not know.
    BuiltIn(String),
    /// A metric that somebody wrote for a judge.
    Custom(String),
    /// A metric that people rate.
    Human(String),
}

impl JobMeasure {
    /// What a job's output calls `name` where no person rated: with `Builtin.` or as one of [`BUILT_IN_METRICS`] it is
    /// the service's, else it was written for a judge.
    pub fn of_output(name: &str) -> Self {
        match name.strip_prefix(BUILT_IN_PREFIX) {
            Some(bare) => Self::BuiltIn(bare.to_owned()),
            None if built_in(name).is_some() => Self::BuiltIn(name.to_owned()),
            None => Self::Custom(name.to_owned()),
        }
    }

    /// Reads what stands after `job.`.
    pub(super) fn of_name(name: &str) -> Self {
        match name.split_once('.') {
            Some(("custom", name)) if !name.is_empty() => Self::Custom(name.to_owned()),
            Some(("human", name)) if !name.is_empty() => Self::Human(name.to_owned()),
            _ => Self::BuiltIn(name.to_owned()),
        }
    }

    /// Which values it can take. What people and custom scales give is not bounded here: a scale from 1 to 5 is as good as
    /// one from 0 to 1.
    pub fn scale(&self) -> Scale {
        match self {
            Self::BuiltIn(name) if name == "Robustness" => Scale::NonNegative,
            Self::BuiltIn(name) if built_in(name).is_some() => Scale::UnitInterval,
            _ => Scale::Unbounded,
        }
    }

    /// Which way is for the better. Nobody says so of a custom metric.
    pub fn direction(&self) -> Direction {
        match self {
            Self::BuiltIn(name) => built_in(name).map_or(Direction::Neither, |metric| metric.direction),
            Self::Custom(_) => Direction::Neither,
            Self::Human(_) => Direction::HigherIsBetter,
        }
    }
}

/// The service's metric of this name, without `Builtin.`.
pub fn built_in(name: &str) -> Option<&'static BuiltInMetric> {
    BUILT_IN_METRICS.iter().find(|metric| metric.name == name)
}

impl fmt::Display for JobMeasure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(name) => formatter.write_str(name),
            Self::Custom(name) => write!(formatter, "custom.{name}"),
            Self::Human(name) => write!(formatter, "human.{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_output_lose_their_prefix() {
        assert_eq!(JobMeasure::of_output("Builtin.Accuracy"), JobMeasure::of_output("Accuracy"));
        assert_eq!(JobMeasure::of_output("BrandVoice"), JobMeasure::Custom("BrandVoice".to_owned()));
        let newer = JobMeasure::of_output("Builtin.Wit");
        assert_eq!((newer.direction(), newer.scale()), (Direction::Neither, Scale::Unbounded));
    }

    #[test]
    fn robustness_and_toxicity_are_better_when_lower() {
        for (name, direction) in [
            ("Accuracy", Direction::HigherIsBetter),
            ("Robustness", Direction::LowerIsBetter),
            ("Toxicity", Direction::LowerIsBetter),
            ("Harmfulness", Direction::LowerIsBetter),
            ("human.Toxicity", Direction::HigherIsBetter),
            ("custom.Toxicity", Direction::Neither),
        ] {
            assert_eq!(JobMeasure::of_name(name).direction(), direction, "{name}");
            assert_eq!(JobMeasure::of_name(name).to_string(), name);
        }
    }
}
