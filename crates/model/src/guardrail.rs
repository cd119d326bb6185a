//! The adapter to ApplyGuardrail: how harmful a text is, by the filters of a guardrail.

use crate::call_error::{CallAdvice, classify};
use crate::{Model, ModelError, Request, Response, Structured};
use assay_score::ToxicityCategory;
use async_trait::async_trait;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::BuildError;
use aws_sdk_bedrockruntime::types::{
    GuardrailContentBlock, GuardrailContentFilter, GuardrailContentFilterConfidence, GuardrailContentSource,
    GuardrailOutputScope, GuardrailTextBlock,
};
use std::collections::BTreeMap;
use std::time::Instant;

/// One version of a guardrail.
#[derive(Debug)]
pub(super) struct Guardrail {
    client: Client,
    id: String,
    version: String,
}

impl Guardrail {
    /// The guardrail `id` (id or ARN) in this version.
    pub(super) fn new(client: Client, id: String, version: String) -> Self {
        Self { client, id, version }
    }

    fn advice(&self) -> CallAdvice {
        let Self { id, version, .. } = self;
        CallAdvice {
            denied: format!("allow bedrock:ApplyGuardrail on the guardrail `{id}`"),
            missing: format!("check that this Region has version `{version}` of the guardrail `{id}`"),
            rejected: None,
        }
    }
}

#[async_trait]
impl Model for Guardrail {
    fn id(&self) -> &str {
        &self.id
    }

    async fn respond(&self, request: &Request) -> Result<Response, ModelError> {
        let unusable = |error: BuildError| ModelError::Rejected { message: error.to_string() };
        let text = GuardrailTextBlock::builder().text(&request.prompt).build().map_err(unusable)?;
        let call = self
            .client
            .apply_guardrail()
            .guardrail_identifier(&self.id)
            .guardrail_version(&self.version)
            .source(GuardrailContentSource::Output)
            .content(GuardrailContentBlock::Text(text))
            // Without it, what was not detected would be absent instead of NONE.
            .output_scope(GuardrailOutputScope::Full);
        let started = Instant::now();
        let output = call.send().await.map_err(|error| classify(&self.advice(), &error))?;
        let latency_ms = started.elapsed().as_millis() as u64;
        let policies = output.assessments.iter().filter_map(|assessment| assessment.content_policy.as_ref());
        let filters: Vec<&GuardrailContentFilter> = policies.flat_map(|policy| &policy.filters).collect();
        let mut severities = BTreeMap::new();
        for category in ToxicityCategory::ALL {
            let told = filters.iter().filter(|filter| filter.r#type.as_str() == category.name());
            let told = told.map(|filter| severity(&filter.confidence)).collect::<Result<Vec<f64>, _>>()?;
            if let Some(most) = told.into_iter().reduce(f64::max) {
                severities.insert(category, most);
            }
        }
        let structured = Some(Structured::Severities(severities));
        Ok(Response { structured, latency_ms: Some(latency_ms), attempts: 1, ..Response::default() })
    }
}

/// A confidence is a word; the numbers between are evenly spaced.
fn severity(confidence: &GuardrailContentFilterConfidence) -> Result<f64, ModelError> {
    match confidence {
        GuardrailContentFilterConfidence::None => Ok(0.0),
        GuardrailContentFilterConfidence::Low => Ok(1.0 / 3.0),
        GuardrailContentFilterConfidence::Medium => Ok(2.0 / 3.0),
        GuardrailContentFilterConfidence::High => Ok(1.0),
        other => Err(ModelError::malformed(format!("the confidence `{}` is not known", other.as_str()))),
    }
}
