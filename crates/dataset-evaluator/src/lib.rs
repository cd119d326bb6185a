//! The function `dataset-evaluator`: an object dropped into S3 becomes an evaluated run.
//!
//! [`handle`] is what Lambda calls and what a test calls. Which objects an event names is told by `assay-function`; the run
//! itself is the core's.

mod error;
mod jobs;

pub use error::EvaluatorError;

use assay_core::metrics::{CloudWatch, MetricSink};
use assay_core::model::Models;
use assay_core::notice::Topic;
use assay_core::run::dropped::{Dropped, Surroundings, prepare};
use assay_core::run::{Execution, Outcome, Progress, Stop, execute};
use assay_core::settings::Settings;
use assay_core::store::{Place, PlaceError};
use assay_function::{Telling, dropped_objects, stack_prices, tell};
use assay_job::JobContext;
use aws_config::SdkConfig;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};
use tokio::time::Instant;

/// Everything the function keeps between invocations.
pub struct Evaluator {
    place: Place,
    settings: Settings,
    models: Models,
    sink: Arc<dyn MetricSink>,
    topic: Option<Topic>,
    config: SdkConfig,
    /// Made when a suite has managed jobs.
    jobs: OnceLock<JobContext>,
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
            models,
            sink: Arc::new(CloudWatch::new(config, &settings.namespace)),
            topic: settings.notice_topic.as_ref().map(|arn| Topic::new(config, arn)),
            config: config.clone(),
            jobs: OnceLock::new(),
        })
    }

    /// Where runs are told.
    fn telling<'a>(&'a self, stop: &'a Stop) -> Telling<'a> {
        let (sink, topic) = (&*self.sink, self.topic.as_ref());
        Telling { place: &self.place, sink, topic, stack: &self.settings.stack, stop }
    }
}

/// Evaluates every dataset that `event` names, and answers what became of each.
///
/// # Errors
/// When the event should come again: the run is not done, or something passing failed. All objects of the event are
/// tried first; what is done is not done again.
pub async fn handle(
    event: Value,
    evaluator: &Evaluator,
    deadline: Option<Instant>,
    request_id: &str,
) -> Result<Value, EvaluatorError> {
    let stop = Stop::default();
    let _timer = deadline.map(|deadline| stop.before(deadline));
    let mut told = Vec::new();
    let mut first_error = None;
    for dropped in dropped_objects(&event)? {
        // Boxed: a run's state is deep, and the compiler follows what it is told of layouts only so far.
        match Box::pin(evaluate(&dropped, evaluator, &stop.child(), request_id)).await {
            Ok(result) => told.push(json!({"key": dropped.key, "result": result})),
            Err(error) => {
                tracing::error!(key = dropped.key, class = error.class(), error = %error.chain(), "not done");
                first_error.get_or_insert(error);
            }
        }
    }
    match first_error {
        None => Ok(json!({ "objects": told })),
        Some(error) => Err(error),
    }
}

async fn evaluate(
    dropped: &Dropped,
    evaluator: &Evaluator,
    stop: &Stop,
    request_id: &str,
) -> Result<&'static str, EvaluatorError> {
    let settings = &evaluator.settings;
    if dropped.bucket != settings.bucket {
        tracing::warn!(bucket = dropped.bucket, "an object of another bucket is not evaluated");
        return Ok("refused");
    }
    let around = Surroundings {
        place: evaluator.place.clone(),
        model_ids: settings.model_ids.clone(),
        application: settings.application.clone(),
        concurrency: settings.concurrency,
        prices: stack_prices(&evaluator.place, settings.price_table.as_deref()).await?,
        models: evaluator.models.clone(),
        holder: format!("request {request_id}"),
    };
    let Some(execution) = prepare(dropped, &around).await? else {
        tracing::warn!(key = dropped.key, "not a dataset: only datasets/**/*.jsonl is evaluated");
        return Ok("refused");
    };
    if execution.spec.jobs.is_empty() || execution.problems.errors > 0 {
        return run_here(&execution, evaluator, stop).await;
    }
    let started = jobs::start_jobs(&execution, evaluator, stop, request_id).await;
    if !execution.spec.online {
        return started.map(|()| "jobs started");
    }
    // What keeps the jobs from being started does not keep the file from being evaluated here.
    let result = run_here(&execution, evaluator, stop).await?;
    started.map(|()| result)
}

/// Asks the models from here.
async fn run_here(execution: &Execution, evaluator: &Evaluator, stop: &Stop) -> Result<&'static str, EvaluatorError> {
    let progress = Progress::default();
    let (run, suite) = (execution.run.as_str(), execution.suite.as_str());
    tracing::info!(run, suite, key = execution.identity.key, "evaluating");
    match execute(execution, stop, &progress).await? {
        Outcome::Finished(finished) => {
            tell(&finished, &execution.keys, evaluator.telling(stop)).await?;
            Ok("evaluated")
        }
        Outcome::Incomplete { answered, total, .. } => Err(EvaluatorError::Incomplete { answered, total }),
        Outcome::Busy => {
            tracing::info!(run, suite, "another delivery of this event is at work");
            Ok("busy")
        }
        Outcome::Done => {
            tracing::info!(run, suite, "this run was done before");
            Ok("done")
        }
    }
}
