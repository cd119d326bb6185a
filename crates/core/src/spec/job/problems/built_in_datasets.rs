//! The datasets that the service brings, and the tasks that each is for.

use crate::spec::findings::Findings;
use crate::spec::job::{JobKind, JobSpec, TaskType};
use assay_problem::closest;
use std::collections::BTreeSet;

const PREFIX: &str = "Builtin.";

/// The most datasets of a job, by the service's quotas.
const MOST: usize = 5;

/// Every one of them. Names are spelled as in the service's model of its API.
const DATASETS: [(&str, TaskType); 9] = [
    ("Builtin.Bold", TaskType::Generation),
    ("Builtin.BoolQ", TaskType::QuestionAndAnswer),
    ("Builtin.NaturalQuestions", TaskType::QuestionAndAnswer),
    ("Builtin.Gigaword", TaskType::Summarization),
    ("Builtin.RealToxicityPrompts", TaskType::Generation),
    ("Builtin.TriviaQA", TaskType::QuestionAndAnswer),
    ("Builtin.T-Rex", TaskType::Generation),
    ("Builtin.WomensEcommerceClothingReviews", TaskType::Classification),
    ("Builtin.Wikitext2", TaskType::Generation),
];

pub(super) fn check(job: &JobSpec, found: &mut Findings<'_>) {
    if job.kind != JobKind::Automatic {
        return;
    }
    let mut seen = BTreeSet::new();
    for (index, name) in job.datasets.iter().enumerate() {
        let place = format!("datasets/{index}");
        if !seen.insert(name) {
            found.wrong(&place, format!("the dataset `{name}` is listed twice"), "list each dataset once");
        }
        match (DATASETS.iter().find(|(known, _)| known == name), job.task) {
            (None, _) => {
                // Without the prefix, which would make any two names alike.
                let bare = |name: &'static str| name.strip_prefix(PREFIX).unwrap_or(name);
                let known = || DATASETS.iter().map(|(known, _)| *known);
                let remedy = match closest(name.strip_prefix(PREFIX).unwrap_or(name), known().map(bare)) {
                    Some(meant) => {
                        format!("did you mean `{PREFIX}{meant}`? a dataset of your own is the suite's `dataset`")
                    }
                    None => format!("the service brings {}", super::listed::listed(known())),
                };
                found.wrong(&place, format!("the service brings no dataset `{name}`"), remedy);
            }
            (Some((_, task)), Some(asked)) if *task != asked => {
                let message = format!("`{name}` is for the task {}, not {}", task.name(), asked.name());
                found.wrong(&place, message, "give that `task`, or take out the dataset");
            }
            _ => {}
        }
    }
    if job.datasets.len() > MOST {
        let message = format!("{} datasets are more than the {MOST} that a job may have", job.datasets.len());
        found.wrong("datasets", message, "split them between two jobs");
    }
}
