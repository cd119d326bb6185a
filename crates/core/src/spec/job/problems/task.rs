//! What models are to do: which tasks the kinds of jobs know.

use crate::spec::findings::Findings;
use crate::spec::job::{JobKind, JobSpec, TaskType};

pub(super) fn check(job: &JobSpec, found: &mut Findings<'_>) {
    let automatic = "give Summarization, Classification, QuestionAndAnswer, Generation or Custom";
    match (job.kind, job.task) {
        (JobKind::Automatic, None) => {
            found.wrong("", "an automatic job is found by `task` how to score, and it is missing", automatic);
        }
        (JobKind::Automatic, Some(TaskType::General)) => {
            found.wrong("task", "General is the task of jobs with a judge alone", automatic);
        }
        (JobKind::Human | JobKind::Rag, Some(TaskType::General)) => {
            found.wrong("task", "General is the task of jobs with a judge alone", "leave out `task`");
        }
        (JobKind::Judge, Some(task)) if task != TaskType::General => {
            let message = format!("the task of a job with a judge is General, not {}", task.name());
            found.wrong("task", message, "leave out `task`");
        }
        _ => {}
    }
}
