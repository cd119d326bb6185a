//! What the function keeps between invocations, and what one invocation is.

use assay_core::collect::Stop;
use assay_core::spec::Settings;
use assay_function::Evaluator;
use assay_model::Models;
use assay_monitor::cloudwatch::CloudWatch;
use assay_monitor::lifecycle::Catalogue;
use assay_store::PlaceError;
use aws_config::SdkConfig;
use std::sync::OnceLock;

/// Everything the function keeps between invocations.
pub struct Runner {
    pub(crate) evaluator: Evaluator,
    /// Made when alarms or the dashboard are looked at.
    cloudwatch: OnceLock<CloudWatch>,
    /// Made when the life of models is looked at.
    catalogue: OnceLock<Catalogue>,
}

impl Runner {
    /// Makes the clients with the settings of `config`; `models` makes those who are asked.
    ///
    /// # Errors
    /// When the bucket's store refuses its settings.
    pub fn new(settings: &Settings, config: &SdkConfig, models: Models) -> Result<Self, PlaceError> {
        let evaluator = Evaluator::new(settings, config, models)?;
        Ok(Self { evaluator, cloudwatch: OnceLock::new(), catalogue: OnceLock::new() })
    }

    /// CloudWatch's alarms and dashboards.
    pub(crate) fn cloudwatch(&self) -> &CloudWatch {
        self.cloudwatch.get_or_init(|| CloudWatch::new(&self.evaluator.config))
    }

    /// What Bedrock says of models.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        self.catalogue.get_or_init(|| Catalogue::new(&self.evaluator.config))
    }
}

/// One invocation.
#[derive(Clone, Copy)]
pub(crate) struct Invocation<'a> {
    pub(crate) runner: &'a Runner,
    /// When it has to end.
    pub(crate) stop: &'a Stop,
    /// Its id, which Lambda keeps when it tries an event again.
    pub(crate) request_id: &'a str,
}
