//! The clients of the function, made at a cold start.

use crate::posted::Ledger;
use crate::secret::Secret;
use crate::settings::ForwarderSettings;
use crate::slack::Slack;
use assay_store::{Place, PlaceError};
use aws_config::SdkConfig;

/// What the function keeps between invocations.
pub struct Forwarder {
    pub(crate) secret: Secret,
    pub(crate) slack: Slack,
    pub(crate) ledger: Ledger,
}

impl Forwarder {
    /// Makes the clients with the settings of `config`. Nothing is asked yet.
    ///
    /// # Errors
    /// When the bucket's store refuses its settings.
    pub fn new(settings: &ForwarderSettings, config: &SdkConfig) -> Result<Self, PlaceError> {
        Ok(Self {
            secret: Secret::new(&settings.secret, config),
            slack: Slack::new(settings.endpoint.clone()),
            ledger: Ledger::new(Place::s3(&format!("s3://{}", settings.bucket), config)?),
        })
    }
}
