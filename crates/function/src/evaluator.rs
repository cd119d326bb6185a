//! A dataset to a run that is told, and the managed jobs of its suite beside it: what every function does that evaluates.

use crate::jobs::start_jobs;
use crate::{EvaluationError, Telling, stack_prices, tell};
use assay_core::collect::{Progress, Stop};
use assay_core::publish::metrics::{CloudWatch, MetricSink};
use assay_core::publish::notice::Topic;
use assay_core::run::dropped::Surroundings;
use assay_core::run::{Outcome, PreparedRun, execute};
use assay_core::spec::Settings;
use assay_job::JobContext;
use assay_model::Models;
use assay_store::{Place, PlaceError, StoreError};
use aws_config::SdkConfig;
use std::sync::{Arc, OnceLock};

/// What a function that evaluates keeps between invocations.
pub struct Evaluator {
    /// The stack's bucket.
    pub place: Place,
    /// What the stack says.
    pub settings: Settings,
    /// Where metrics go.
    pub sink: Arc<dyn MetricSink>,
    /// Where notices go, if anywhere.
    pub topic: Option<Topic>,
    /// The settings of clients.
    pub config: SdkConfig,
    models: Models,
    /// Made when a suite has managed jobs.
    jobs: OnceLock<JobContext>,
}

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
    /// Makes the clients with the settings of `config`; `models` makes those who are asked.
    ///
    /// # Errors
    /// When the bucket's store refuses its settings.
    pub fn new(settings: &Settings, config: &SdkConfig, models: Models) -> Result<Self, PlaceError> {
        Ok(Self {
            place: Place::s3(&format!("s3://{}", settings.bucket), config)?,
            settings: settings.clone(),
            sink: Arc::new(CloudWatch::new(config, &settings.namespace)),
            topic: settings.notice_topic.as_ref().map(|arn| Topic::new(config, arn)),
            config: config.clone(),
            models,
            jobs: OnceLock::new(),
        })
    }

    /// What this stack brings to every run; `request_id` says who runs it.
    ///
    /// # Errors
    /// When the stack's price table cannot be looked for.
    pub async fn surroundings(&self, request_id: &str) -> Result<Surroundings, StoreError> {
        let settings = &self.settings;
        Ok(Surroundings {
            place: self.place.clone(),
            model_ids: settings.model_ids.clone(),
            application: settings.application.clone(),
            concurrency: settings.concurrency,
            prices: stack_prices(&self.place, settings.price_table.as_deref()).await?,
            models: self.models.clone(),
            holder: holder(request_id),
        })
    }

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
                tell(&finished, &execution.keys, self.telling(stop)).await?;
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

    /// Where this stack tells its runs.
    pub(crate) fn telling<'a>(&'a self, stop: &'a Stop) -> Telling<'a> {
        let (sink, topic) = (&*self.sink, self.topic.as_ref());
        Telling { place: &self.place, sink, topic, stack: &self.settings.stack, stop }
    }

    /// What managed jobs need.
    pub(crate) fn jobs(&self, request_id: &str) -> JobContext {
        let context = self.jobs.get_or_init(|| JobContext::of_stack(&self.settings, &self.config, self.place.clone()));
        JobContext { holder: holder(request_id), ..context.clone() }
    }
}

/// Who holds a claim, for people who look at it.
pub fn holder(request_id: &str) -> String {
    format!("request {request_id}")
}
