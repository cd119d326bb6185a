//! What a function that evaluates keeps between invocations.

use crate::prices::stack_prices;
use assay_core::collect::Stop;
use assay_core::publish::metrics::{CloudWatch, MetricSink};
use assay_core::publish::notice::Topic;
use assay_core::run::dropped::Surroundings;
use assay_core::spec::Settings;
use assay_job::JobContext;
use assay_model::Models;
use assay_report::Delivery;
use assay_store::keys::RunKeys;
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

    /// Where this stack delivers the run at `keys`.
    pub(crate) fn delivery<'a>(&'a self, keys: &'a RunKeys, stop: &'a Stop) -> Delivery<'a> {
        let (sink, topic) = (&*self.sink, self.topic.as_ref());
        Delivery { place: &self.place, keys, sink, topic, stack: Some(&self.settings.stack), stop: Some(stop) }
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
