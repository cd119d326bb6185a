//! A dataset to a run that is told, and the managed jobs of its suite beside it: what every function does that evaluates.

use crate::evaluation_error::EvaluationError;
use crate::evaluator::Evaluator;
use crate::jobs::start_jobs;
use crate::tell::tell;
use assay_core::collect::{Progress, Stop};
use assay_core::run::{Outcome, PreparedRun, execute};

/// What became of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evaluated {
    /// It was evaluated, and everybody was told.
    Finished,
    /// Another delivery is at work on it.
    Busy,
    /// It was evaluated before.
    Done,
    /// Its suite has managed jobs alone, and they were started.
    JobsStarted,
}

impl Evaluated {
    /// The word for it in a function's answer.
    pub fn word(self) -> &'static str {
        match self {
            Self::Finished => "evaluated",
            Self::Busy => "busy",
            Self::Done => "done",
            Self::JobsStarted => "jobs started",
        }
    }
}

impl Evaluator {
    /// Starts the suite's managed jobs, asks the models from here, and tells everybody; each as far as the spec wants it and
    /// as it was not done before.
    ///
    /// # Errors
    /// When it has to come again: it is not done, or something passing failed.
    pub async fn evaluate(
        &self,
        run: &PreparedRun,
        stop: &Stop,
        request_id: &str,
    ) -> Result<Evaluated, EvaluationError> {
        let execution = &run.execution;
        if execution.spec.jobs.is_empty() || execution.problems.errors > 0 {
            return self.run_here(run, stop).await;
        }
        let started = start_jobs(execution, self, stop, request_id).await;
        if !execution.spec.online {
            return started.map(|()| Evaluated::JobsStarted);
        }
        // What keeps the jobs from being started does not keep the dataset from being evaluated here.
        let result = self.run_here(run, stop).await?;
        started.map(|()| result)
    }

    /// Asks the models from here.
    async fn run_here(&self, prepared: &PreparedRun, stop: &Stop) -> Result<Evaluated, EvaluationError> {
        let execution = &prepared.execution;
        let progress = Progress::default();
        let (run, suite) = (execution.run.as_str(), execution.suite.as_str());
        tracing::info!(run, suite, key = execution.identity.key, "evaluating");
        match execute(prepared, stop, &progress).await? {
            Outcome::Finished(finished) => {
                tell(&finished, self.delivery(&execution.keys, stop)).await?;
                Ok(Evaluated::Finished)
            }
            Outcome::Incomplete { answered, total, .. } => Err(EvaluationError::Incomplete { answered, total }),
            Outcome::Busy => {
                tracing::info!(run, suite, "another delivery of this event is at work");
                Ok(Evaluated::Busy)
            }
            Outcome::Done => {
                tracing::info!(run, suite, "this run was done before");
                Ok(Evaluated::Done)
            }
        }
    }
}
