//! The first pass over a dataset: what is in it and what is wrong with it, before any model is asked.

use super::reader::{Dataset, Entry};
use crate::problem::{Problem, Problems};
use crate::store::StoreError;
use std::collections::BTreeSet;

/// What a dataset holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Lines that can be used.
    pub samples: u64,
    /// Lines that cannot.
    pub bad_lines: u64,
    /// Usable lines that bring recorded answers.
    pub recorded_samples: u64,
    /// All recorded answers.
    pub recorded_answers: u64,
    /// Models that recorded answers name, at most 1,000 of them.
    pub recorded_models: BTreeSet<String>,
    /// Everything that is wrong.
    pub problems: Problems,
}

/// Reads the dataset once. Of more than `limit` usable lines, the rest is not looked at. `each` is shown every problem
/// as it is found, also those that are only counted in the end.
///
/// # Errors
/// When the dataset is missing, may not be read, or the store fails.
pub async fn survey(
    dataset: &Dataset,
    limit: Option<u64>,
    mut each: impl FnMut(&Problem),
) -> Result<Survey, StoreError> {
    let mut reader = dataset.open().await?;
    let mut survey = Survey::default();
    while limit.is_none_or(|limit| survey.samples < limit) {
        let Some(entry) = reader.next().await? else { break };
        let problems = match entry {
            Entry::Sample(sample, warnings) => {
                survey.samples += 1;
                survey.recorded_samples += u64::from(!sample.recorded.is_empty());
                survey.recorded_answers += sample.recorded.len() as u64;
                for answer in sample.recorded {
                    if survey.recorded_models.len() < 1000 {
                        survey.recorded_models.insert(answer.model);
                    }
                }
                warnings
            }
            Entry::Bad(problems) => {
                survey.bad_lines += 1;
                problems
            }
        };
        for problem in problems {
            each(&problem);
            survey.problems.add(problem);
        }
    }
    if survey.samples == 0 && survey.bad_lines == 0 {
        let problem = Problem::error(&dataset.place, "the dataset is empty");
        let problem = problem.remedy("write one JSON object a line: {\"prompt\": \"...\"}");
        each(&problem);
        survey.problems.add(problem);
    }
    Ok(survey)
}
