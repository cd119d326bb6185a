//! What the function keeps between invocations.

use assay_core::publish::metrics::{CloudWatch, MetricSink};
use assay_core::publish::notice::Topic;
use assay_core::spec::Settings;
use assay_job::{JobContext, Settled};
use assay_store::{Place, PlaceError};
use aws_config::SdkConfig;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Everything the function keeps between invocations.
pub struct Parser {
    pub(crate) context: JobContext,
    pub(crate) sink: Arc<dyn MetricSink>,
    pub(crate) topic: Option<Topic>,
    pub(crate) stack: String,
    /// Jobs that earlier sweeps of this process have found to be done with.
    pub(crate) settled: Mutex<Settled>,
}

impl Parser {
    /// Makes the clients with the settings of `config`.
    ///
    /// # Errors
    /// When the bucket's store refuses its settings.
    pub fn new(settings: &Settings, config: &SdkConfig) -> Result<Self, PlaceError> {
        let place = Place::s3(&format!("s3://{}", settings.bucket), config)?;
        Ok(Self {
            context: JobContext::of_stack(settings, config, place),
            sink: Arc::new(CloudWatch::new(config, &settings.namespace)),
            topic: settings.notice_topic.as_ref().map(|arn| Topic::new(config, arn)),
            stack: settings.stack.clone(),
            settled: Mutex::default(),
        })
    }
}
