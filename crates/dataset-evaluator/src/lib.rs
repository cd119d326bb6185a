//! The function `dataset-evaluator`: an object dropped into S3 becomes an evaluated run.
//!
//! [`handle`] is what Lambda calls and what a test calls. Which objects an event names is told by `event.rs`; the run
//! itself is the core's.

mod error;
mod event;

pub use error::EvaluatorError;
pub use event::{EventError, dropped_objects};

use assay_core::announce::announce;
use assay_core::metrics::{CloudWatch, MetricSink};
use assay_core::model::Models;
use assay_core::notice::Topic;
use assay_core::pricing::{PriceTable, Prices};
use assay_core::run::dropped::{Dropped, Surroundings, prepare};
use assay_core::run::{Outcome, Progress, Stop, execute};
use assay_core::settings::Settings;
use assay_core::store::{self, Place, PlaceError, keys};
use assay_report::{markdown_compared, publish};
use aws_config::SdkConfig;
use lambda_runtime::Context;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// Everything the function keeps between invocations.
pub struct Evaluator {
    place: Place,
    settings: Settings,
    models: Models,
    sink: Arc<dyn MetricSink>,
    topic: Option<Topic>,
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
        })
    }
}

/// When the invocation ends. A deadline in the past is none: some local runtimes send one.
pub fn deadline(context: &Context) -> Option<Instant> {
    let left = context.deadline().duration_since(SystemTime::now()).ok()?;
    (left > Duration::from_millis(100)).then(|| Instant::now() + left)
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
        match evaluate(&dropped, evaluator, &stop.child(), request_id).await {
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

/// The prices: those of the stack's own table, where it names one, before those that come along. A table that is not
/// there or broken is told and does not keep a dataset from being evaluated.
async fn prices(evaluator: &Evaluator) -> Result<Prices, EvaluatorError> {
    let prices = Prices::default();
    let Some(key) = &evaluator.settings.price_table else { return Ok(prices) };
    let found = store::read(&*evaluator.place.store, &keys::parse(key)?).await?;
    let text = found.as_deref().map(String::from_utf8_lossy);
    match text.as_deref().map(PriceTable::read) {
        Some(Ok(table)) => return Ok(prices.with(table)),
        Some(Err(error)) => tracing::error!(key, %error, "the stack's price table cannot be used"),
        None => tracing::error!(key, "the stack's price table is not in the bucket"),
    }
    Ok(prices)
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
        prices: prices(evaluator).await?,
        models: evaluator.models.clone(),
        holder: format!("request {request_id}"),
    };
    let Some(execution) = prepare(dropped, &around).await? else {
        tracing::warn!(key = dropped.key, "not a dataset: only datasets/**/*.jsonl is evaluated");
        return Ok("refused");
    };
    let progress = Progress::default();
    let (run, suite) = (execution.run.as_str(), execution.suite.as_str());
    tracing::info!(run, suite, key = dropped.key, "evaluating");
    match execute(&execution, stop, &progress).await? {
        Outcome::Finished(finished) => {
            let keys = &execution.keys;
            let place = evaluator.place.name_of(&keys.summary());
            let (store, text) = (&*evaluator.place.store, markdown_compared(&finished.summary, &finished.comparisons));
            if finished.claim.is_reopened().await {
                store::overwrite(store, &keys.summary_markdown(), text).await?;
            } else {
                store::create(store, &keys.summary_markdown(), text).await?;
            }
            // The reports can be made again from the records at any time, so their failure keeps nobody from being told
            // of the run, and they do not use up the time that telling needs.
            let reports = publish(&evaluator.place, keys, &finished.summary, &finished.comparisons);
            tokio::select! {
                written = reports => if let Err(error) = written {
                    tracing::error!(run, suite, error = %error::chain(&error), "the report was not written; `assay report` can");
                },
                () = stop.asking.cancelled() => {
                    tracing::error!(run, suite, "no time was left for the report; `assay report` can write it");
                }
            }
            announce(&finished, Some(&*evaluator.sink), evaluator.topic.as_ref(), &place).await?;
            let status = finished.summary.status;
            tracing::info!(run, suite, ?status, samples = finished.summary.dataset.samples, "evaluated");
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
