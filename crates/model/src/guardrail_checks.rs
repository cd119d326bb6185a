//! The adapter to InvokeGuardrailChecks: how harmful a text is, without a guardrail of one's own.

use crate::call_error::{CallAdvice, classify};
use crate::{Model, ModelError, Request, Response, Structured};
use assay_score::ToxicityCategory;
use async_trait::async_trait;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::BuildError;
use aws_sdk_bedrockruntime::types::{
    GuardrailChecksConfig, GuardrailChecksContentBlock, GuardrailChecksContentFilterCategory,
    GuardrailChecksContentFilterCategoryConfig, GuardrailChecksContentFilterConfig, GuardrailChecksMessage,
    GuardrailChecksRole,
};
use std::collections::BTreeMap;
use std::time::Instant;

/// The name under which records tell where a severity came from.
pub const GUARDRAIL_CHECKS: &str = "InvokeGuardrailChecks";

/// Regions that have the operation: Amazon Bedrock User Guide, "Use InvokeGuardrailChecks", November 2026.
const REGIONS: &str = "us-east-1, us-east-2, us-west-2, eu-west-2, eu-north-1, ap-northeast-1, ap-southeast-2";

/// The content filters of InvokeGuardrailChecks.
#[derive(Debug)]
pub(super) struct GuardrailChecks {
    client: Client,
    categories: Vec<ToxicityCategory>,
}

impl GuardrailChecks {
    /// Looks for `categories`.
    pub(super) fn new(client: Client, categories: Vec<ToxicityCategory>) -> Self {
        Self { client, categories }
    }

    fn checks(&self) -> Result<GuardrailChecksConfig, BuildError> {
        let categories = self.categories.iter().map(|category| {
            let category = GuardrailChecksContentFilterCategory::from(category.name());
            GuardrailChecksContentFilterCategoryConfig::builder().category(category).build()
        });
        let categories = categories.collect::<Result<Vec<_>, _>>()?;
        let filter = GuardrailChecksContentFilterConfig::builder().set_categories(Some(categories)).build()?;
        Ok(GuardrailChecksConfig::builder().content_filter(filter).build())
    }

    fn advice() -> CallAdvice {
        let instead = format!("name a guardrail under `toxicity.guardrail`, or run where it is offered ({REGIONS})");
        CallAdvice {
            denied: format!("allow bedrock:InvokeGuardrailChecks on `*`; {instead}"),
            missing: format!("this Region may lack it: {instead}"),
            rejected: None,
        }
    }
}

#[async_trait]
impl Model for GuardrailChecks {
    fn id(&self) -> &str {
        GUARDRAIL_CHECKS
    }

    async fn respond(&self, request: &Request) -> Result<Response, ModelError> {
        let unusable = |error: BuildError| ModelError::Rejected { message: error.to_string() };
        let message = GuardrailChecksMessage::builder()
            .role(GuardrailChecksRole::Assistant)
            .content(GuardrailChecksContentBlock::Text(request.prompt.clone()))
            .build()
            .map_err(unusable)?;
        let call = self.client.invoke_guardrail_checks().messages(message).checks(self.checks().map_err(unusable)?);
        let started = Instant::now();
        let output = call.send().await.map_err(|error| classify(&Self::advice(), &error))?;
        let latency_ms = started.elapsed().as_millis() as u64;
        let found = output.results.and_then(|results| results.content_filter);
        let found = found.ok_or_else(|| ModelError::malformed("there is no result"))?;
        let severities = ToxicityCategory::ALL.into_iter().filter_map(|category| {
            let told = found.results.iter().filter(|entry| entry.category.as_str() == category.name());
            Some((category, told.map(|entry| entry.severity_score).reduce(f64::max)?))
        });
        let severities: BTreeMap<_, _> = severities.collect();
        if !severities.values().all(|severity| (0.0..=1.0).contains(severity)) {
            return Err(ModelError::malformed("a severity is not between 0 and 1"));
        }
        let structured = Some(Structured::Severities(severities));
        Ok(Response { structured, latency_ms: Some(latency_ms), attempts: 1, ..Response::default() })
    }
}
