//! The client of the Bedrock runtime, and the maker of everything that is asked through it.

use crate::converse::Converse;
use crate::embedding::Embedding;
use crate::guardrail::Guardrail;
use crate::guardrail_checks::GuardrailChecks;
use crate::{Backend, Model, Models};
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::Builder;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long one attempt may take: as long as the longest inference on Bedrock, which AWS puts at 60 minutes for its own
/// models. A function has less time; there the run's own stop comes first.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(3600);

/// A client that does not retry and does not watch for slow streams: [`crate::Paced`] asks again, with the pace in
/// view, and a model may think for as long as it needs.
pub fn bedrock_client(config: &SdkConfig) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_attempt_timeout(LONGEST_ATTEMPT)
        .build();
    let config = Builder::from(config)
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build();
    Client::from_conf(config)
}

/// Everything on Bedrock, through one client that is made for the first question.
pub fn bedrock(config: &SdkConfig) -> Models {
    let (config, client) = (config.clone(), OnceLock::new());
    Arc::new(move |backend, id| {
        let client = client.get_or_init(|| bedrock_client(&config)).clone();
        let model: Result<Arc<dyn Model>, String> = match backend {
            Backend::Converse => Ok(Arc::new(Converse::new(client, id))),
            Backend::Embedding { dimensions } => {
                Embedding::new(client, id, dimensions).map(|model| Arc::new(model) as Arc<dyn Model>)
            }
            Backend::GuardrailChecks { categories } => Ok(Arc::new(GuardrailChecks::new(client, categories))),
            Backend::Guardrail { version } => Ok(Arc::new(Guardrail::new(client, id, version))),
        };
        Box::pin(std::future::ready(model))
    })
}
