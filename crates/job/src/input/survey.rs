//! The first pass over a dataset for a job: everything that is wrong, and what the job will be made of.

use super::{JobLines, MOST_PROMPTS, RecordedSource};
use assay_core::dataset::{Dataset, MOST_LABELS};
use assay_core::spec::{JobSpec, RunSpec};
use assay_problem::{Problem, Problems};
use assay_store::StoreError;
use std::collections::BTreeSet;

/// What a dataset gives a job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobSurvey {
    /// Lines that go into the job. Of a dataset that the service brings nothing is known: 0.
    pub samples: u64,
    /// Prompts that are asked by them: more where conversations have several turns.
    pub turns: u64,
    /// Lines that cannot go into it.
    pub bad_lines: u64,
    /// How many parts of at most [`MOST_PROMPTS`] lines they make.
    pub parts: u32,
    /// Who the lines say has answered, in the order of their appearance, where the job evaluates recorded answers.
    pub sources: Vec<RecordedSource>,
    /// The class labels of its samples, at most [`MOST_LABELS`], in order.
    pub labels: BTreeSet<String>,
    /// Everything that is wrong.
    pub problems: Problems,
    /// Whether nothing may be started: no line can be used, or the spec is strict and there is an error.
    pub is_refused: bool,
}

/// Reads the dataset once. `report` is shown every problem as it is found, also those that are only counted in the end.
/// Nothing is read for a job on datasets that the service brings.
///
/// # Errors
/// When the dataset is missing, may not be read, or the store fails.
pub async fn survey_for_job(
    dataset: &Dataset,
    spec: &RunSpec,
    job: &JobSpec,
    mut report: impl FnMut(&Problem),
) -> Result<JobSurvey, StoreError> {
    let mut survey = JobSurvey::default();
    if !job.datasets.is_empty() {
        return Ok(survey);
    }
    let mut lines = JobLines::open(dataset, spec, job).await?;
    let mut tell = |survey: &mut JobSurvey, problem: Problem| {
        report(&problem);
        survey.problems.add(problem);
    };
    while let Some(line) = lines.next().await? {
        match line.input {
            Some(input) => {
                survey.samples += 1;
                survey.turns += input.asked.len() as u64;
                for label in input.asked.iter().flat_map(|asked| &asked.sample.labels) {
                    if survey.labels.len() < MOST_LABELS && !survey.labels.contains(label) {
                        survey.labels.insert(label.clone());
                    }
                }
            }
            None => survey.bad_lines += 1,
        }
        line.problems.into_iter().for_each(|problem| tell(&mut survey, problem));
    }
    survey.sources = lines.sources().to_vec();
    survey.parts = u32::try_from(survey.samples.div_ceil(MOST_PROMPTS)).unwrap_or(u32::MAX);
    if survey.samples == 0 {
        let (message, remedy) = match survey.bad_lines {
            0 => ("the dataset is empty", "write one JSON object a line: {\"prompt\": \"...\"}"),
            _ => ("no line of the dataset can go into the job", "mend its lines"),
        };
        tell(&mut survey, Problem::error(&dataset.place, message).remedy(remedy));
    }
    survey.is_refused = survey.samples == 0 || (spec.strict && survey.problems.errors > 0);
    Ok(survey)
}
