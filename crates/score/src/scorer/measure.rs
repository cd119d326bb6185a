//! What a name among the scores of a record stands for: a scorer, or a number that needs more than one answer.
//!
//! How the numbers come about is left to the scorers and, for the others, to the run.

use super::{Direction, JobMeasure, Scorer};
use crate::stats::Scale;
use std::fmt;
use std::str::FromStr;

/// A number that is kept for an answer under a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// A scorer: `f1`.
    Scorer(Scorer),
    /// How much answers change with the wording of the question: `robustness`, and for one kind of perturbation
    /// `robustness.typos`.
    Robustness(Option<String>),
    /// How severe the harmful content of an answer is: `toxicity`, and for one category `toxicity.HATE`.
    Toxicity(Option<String>),
    /// What a judge says by the rubric of this name: `judge.helpfulness`.
    Judge(String),
    /// What a job that Bedrock manages says of an answer: `job.Accuracy`.
    Job(JobMeasure),
}

impl Measure {
    /// Which values it can take.
    pub fn scale(&self) -> Scale {
        match self {
            Self::Scorer(scorer) => scorer.scale(),
            Self::Robustness(_) => Scale::NonNegative,
            Self::Toxicity(_) | Self::Judge(_) => Scale::UnitInterval,
            Self::Job(measure) => measure.scale(),
        }
    }

    /// Whether it is a part of another measure, such as the toxicity of one category: it tells where a change of the
    /// whole comes from.
    pub fn is_part(&self) -> bool {
        matches!(self, Self::Robustness(Some(_)) | Self::Toxicity(Some(_)))
    }

    /// Whether it tells good answers from bad ones on a scale from 0 to 1, so that answers may be ranked by it.
    pub fn ranks(&self) -> bool {
        self.direction() == Direction::HigherIsBetter && self.scale() == Scale::UnitInterval
    }

    /// What answers with these scores are ranked by: the first metric of a job that can, else the first scorer.
    pub fn lead<'a>(names: impl Iterator<Item = &'a str>) -> Option<Self> {
        let measures = names.filter_map(|name| name.parse::<Self>().ok());
        let ranking = measures.filter(|measure| matches!(measure, Self::Job(_) | Self::Scorer(_)) && measure.ranks());
        ranking.min_by_key(|measure| match measure {
            Self::Job(measure) => (0, measure.to_string(), None),
            Self::Scorer(scorer) => (1, String::new(), Some(*scorer)),
            _ => (2, String::new(), None),
        })
    }

    /// Which way a change is for the better.
    pub fn direction(&self) -> Direction {
        match self {
            Self::Scorer(scorer) => scorer.direction(),
            Self::Robustness(_) | Self::Toxicity(_) => Direction::LowerIsBetter,
            Self::Judge(_) => Direction::HigherIsBetter,
            Self::Job(measure) => measure.direction(),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scorer(scorer) => formatter.write_str(scorer.name()),
            Self::Robustness(None) => formatter.write_str("robustness"),
            Self::Robustness(Some(kind)) => write!(formatter, "robustness.{kind}"),
            Self::Toxicity(None) => formatter.write_str("toxicity"),
            Self::Toxicity(Some(category)) => write!(formatter, "toxicity.{category}"),
            Self::Judge(rubric) => write!(formatter, "judge.{rubric}"),
            Self::Job(measure) => write!(formatter, "job.{measure}"),
        }
    }
}

/// A name that stands for no measure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is the name of no score")]
pub struct UnknownMeasure(String);

impl FromStr for Measure {
    type Err = UnknownMeasure;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if let Ok(scorer) = name.parse() {
            return Ok(Self::Scorer(scorer));
        }
        let (family, part) = match name.split_once('.') {
            Some((family, part)) if !part.is_empty() => (family, Some(part.to_owned())),
            Some(_) => return Err(UnknownMeasure(name.to_owned())),
            None => (name, None),
        };
        match (family, part) {
            ("robustness", kind) => Ok(Self::Robustness(kind)),
            ("toxicity", category) => Ok(Self::Toxicity(category)),
            ("judge", Some(rubric)) => Ok(Self::Judge(rubric)),
            ("job", Some(name)) => Ok(Self::Job(JobMeasure::of_name(&name))),
            _ => Err(UnknownMeasure(name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_ranked_by_what_a_job_says_else_by_the_first_scorer() {
        let lead = |names: &[&str]| Measure::lead(names.iter().copied()).map(|measure| measure.to_string());
        assert_eq!(lead(&["relevance", "f1", "response_length"]).as_deref(), Some("relevance"));
        assert_eq!(lead(&["relevance", "job.Toxicity", "job.Accuracy", "nonsense"]).as_deref(), Some("job.Accuracy"));
        assert_eq!(lead(&["job.Robustness", "job.human.Helpful", "judge.tone", "response_length", ""]), None);
    }

    #[test]
    fn names_round_trip() {
        for name in
            ["f1", "robustness", "robustness.typos", "toxicity", "toxicity.HATE", "judge.helpfulness", "job.Accuracy"]
        {
            assert_eq!(name.parse::<Measure>().unwrap().to_string(), name);
        }
        for name in ["", "judge", "judge.", "job.", "f1.x", "robustnes"] {
            assert!(name.parse::<Measure>().is_err(), "{name}");
        }
    }
}
