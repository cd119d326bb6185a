//! The first pass over a dataset: what is in it and what is wrong with it, before any model is asked.

use super::reader::{Dataset, Entry};
use super::sample::RecordedAnswer;
use assay_problem::{Problem, Problems};
use assay_store::StoreError;
use std::collections::{BTreeMap, BTreeSet};

/// So many models a dataset may name. Each has metrics and a line in the summary, and an identifier of its own on every
/// line is a slip.
pub(super) const MOST_RECORDED_MODELS: usize = 100;

/// So many class labels are kept: a dataset with more of them is not about classes.
pub const MOST_LABELS: usize = 1000;

/// The recorded answers of one model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecordedAnswers {
    /// All of them.
    pub answers: u64,
    /// Those on lines with checks of their own.
    pub checked: u64,
}

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
    /// Usable lines that bring checks of their own.
    pub checked_samples: u64,
    /// Those of them that bring recorded answers.
    pub checked_recorded_samples: u64,
    /// The answers of each model that recorded answers name, at most 100 of them.
    pub recorded_models: BTreeMap<String, RecordedAnswers>,
    /// Whether recorded answers name more models than that; such a dataset is not evaluated.
    pub too_many_models: bool,
    /// The class labels of the usable lines, at most 1,000 of them, in order.
    pub labels: BTreeSet<String>,
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
            Entry::Sample(sample, mut warnings) => {
                survey.samples += 1;
                let (is_recorded, is_checked) = (!sample.recorded.is_empty(), !sample.checks.is_empty());
                survey.recorded_samples += u64::from(is_recorded);
                survey.checked_samples += u64::from(is_checked);
                survey.checked_recorded_samples += u64::from(is_recorded && is_checked);
                survey.recorded_answers += sample.recorded.len() as u64;
                survey.take_labels(&sample.labels);
                if survey.takes_models(sample.recorded, is_checked) {
                    let message = format!("this is the dataset's model number {}", MOST_RECORDED_MODELS + 1);
                    let problem = Problem::error(&dataset.place, message).on_line(sample.line);
                    let problem = problem.in_field("modelResponses");
                    warnings.push(problem.remedy("use the model's id, the same on every line"));
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

impl Survey {
    fn take_labels(&mut self, labels: &[String]) {
        for label in labels {
            if self.labels.len() < MOST_LABELS && !self.labels.contains(label) {
                self.labels.insert(label.clone());
            }
        }
    }

    /// Takes the models of one line's answers. True where the first one too many is among them, so that it is told once.
    fn takes_models(&mut self, answers: Vec<RecordedAnswer>, is_checked: bool) -> bool {
        for answer in answers {
            if self.too_many_models {
                return false;
            }
            if self.recorded_models.len() == MOST_RECORDED_MODELS && !self.recorded_models.contains_key(&answer.model) {
                self.too_many_models = true;
                return true;
            }
            let found = self.recorded_models.entry(answer.model).or_default();
            found.answers += 1;
            found.checked += u64::from(is_checked);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use object_store::memory::InMemory;
    use object_store::path::Path;
    use object_store::{ObjectStore, ObjectStoreExt};
    use std::sync::Arc;

    async fn surveyed(lines: usize, models: usize) -> Survey {
        let line = |number| {
            let model = number % models;
            format!(
                "{{\"prompt\":\"{number}\",\"modelResponses\":[{{\"response\":\"a\",\"modelIdentifier\":\"m{model}\"}}]}}\n"
            )
        };
        of((0..lines).map(line).collect()).await
    }

    async fn of(body: String) -> Survey {
        let (store, path) = (Arc::new(InMemory::new()), Path::from("d.jsonl"));
        store.put(&path, body.into()).await.unwrap();
        let store = store as Arc<dyn ObjectStore>;
        survey(&Dataset { store, path, version: None, place: "d.jsonl".to_owned() }, None, |_| {}).await.unwrap()
    }

    #[tokio::test]
    async fn answers_and_checks_are_counted_by_model() {
        let check = r#""assert":[{"contains":"x"}]"#;
        let answer = |model: &str| format!(r#"{{"response":"a","modelIdentifier":"{model}"}}"#);
        let (a, b) = (answer("a"), answer("b"));
        let survey = of(format!(
            "{{\"prompt\":\"1\",{check}}}\n{{\"prompt\":\"2\",{check},\"modelResponses\":[{a}]}}\n\
             {{\"prompt\":\"3\",\"modelResponses\":[{a},{b}]}}\n{{\"prompt\":\"4\"}}\n"
        ))
        .await;
        assert!(survey.problems.is_empty(), "{:?}", survey.problems);
        assert_eq!((survey.samples, survey.recorded_samples, survey.recorded_answers), (4, 2, 3));
        assert_eq!((survey.checked_samples, survey.checked_recorded_samples), (2, 1));
        let found = |answers, checked| RecordedAnswers { answers, checked };
        assert_eq!(survey.recorded_models, [("a".to_owned(), found(2, 1)), ("b".to_owned(), found(1, 0))].into());
    }

    #[tokio::test]
    async fn a_model_on_each_line_is_told_once_and_refused() {
        let survey = surveyed(500, 500).await;
        assert!(survey.too_many_models);
        assert_eq!((survey.samples, survey.recorded_models.len()), (500, MOST_RECORDED_MODELS));
        assert_eq!((survey.problems.errors, survey.problems.first[0].line), (1, Some(101)));
        assert!(survey.problems.first[0].to_string().ends_with("use the model's id, the same on every line"));
    }

    #[tokio::test]
    async fn as_many_models_as_may_be_are_taken() {
        let survey = surveyed(500, MOST_RECORDED_MODELS).await;
        assert!(!survey.too_many_models && survey.problems.is_empty());
        assert_eq!(survey.recorded_models.len(), MOST_RECORDED_MODELS);
        assert!(survey.recorded_models.values().all(|found| *found == RecordedAnswers { answers: 5, checked: 0 }));
    }
}
