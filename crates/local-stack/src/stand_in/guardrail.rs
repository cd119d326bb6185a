//! InvokeGuardrailChecks and ApplyGuardrail: how harmful a text is. By itself no text is; a rule with
//! [`Fault::Severities`] says which is.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::behaviour::Fault;
use super::errors::ServiceError;
use super::exchange::{CallContext, Operation};
use super::service_model::Violation;

/// The categories of harmful content.
const CATEGORIES: [&str; 5] = ["VIOLENCE", "HATE", "SEXUAL", "MISCONDUCT", "INSULTS"];

/// A request to InvokeGuardrailChecks.
#[derive(Debug, Default)]
pub(crate) struct GuardrailChecks {
    text: String,
    categories: Vec<String>,
}

/// A request to ApplyGuardrail.
#[derive(Debug, Default)]
pub(crate) struct Guardrail {
    text: String,
    /// Whether what was not detected is told too.
    full: bool,
}

fn severities(fault: Option<&Fault>) -> BTreeMap<String, Option<f64>> {
    let mut all: BTreeMap<String, Option<f64>> =
        CATEGORIES.iter().map(|category| ((*category).to_owned(), Some(0.0))).collect();
    if let Some(Fault::Severities(told)) = fault {
        all.extend(told.clone());
    }
    all
}

fn text_units(text: &str) -> usize {
    text.chars().count().div_ceil(1000)
}

impl Operation for GuardrailChecks {
    const NAME: &'static str = "InvokeGuardrailChecks";

    fn read(body: &Value) -> Result<Self, serde_json::Error> {
        let blocks = body["messages"].as_array().into_iter().flatten();
        let blocks = blocks.flat_map(|message| message["content"].as_array().into_iter().flatten());
        let texts: Vec<&str> = blocks.filter_map(|block| block["text"].as_str()).collect();
        let categories = body["checks"]["contentFilter"]["categories"].as_array().into_iter().flatten();
        let categories = categories.filter_map(|entry| entry["category"].as_str().map(str::to_owned)).collect();
        Ok(Self { text: texts.join("\n"), categories })
    }

    fn prompt(&self) -> &str {
        &self.text
    }

    fn unwritten_violations(_subject: &str, body: &Value) -> Vec<Violation> {
        let none = body["checks"].as_object().is_some_and(serde_json::Map::is_empty);
        let violation =
            || Violation { path: "checks".to_owned(), constraint: "At least one check must be specified".to_owned() };
        none.then(violation).into_iter().collect()
    }

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        let severities = severities(call.fault);
        let told = self.categories.iter().filter_map(|category| {
            let severity = (*severities.get(category)?)?;
            Some(json!({"category": category, "severityScore": severity}))
        });
        let results: Vec<Value> = told.collect();
        let usage = json!({"contentFilter": {"textUnits": text_units(&self.text)}});
        Ok(match call.fault {
            Some(Fault::MissingOutput) => json!({"results": {}, "usage": usage}),
            _ => json!({"results": {"contentFilter": {"results": results}}, "usage": usage}),
        })
    }
}

impl Operation for Guardrail {
    const NAME: &'static str = "ApplyGuardrail";

    fn read(body: &Value) -> Result<Self, serde_json::Error> {
        let blocks = body["content"].as_array().into_iter().flatten();
        let texts: Vec<&str> = blocks.filter_map(|block| block["text"]["text"].as_str()).collect();
        Ok(Self { text: texts.join("\n"), full: body["outputScope"] == "FULL" })
    }

    fn prompt(&self) -> &str {
        &self.text
    }

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        let units = text_units(&self.text);
        let severities = severities(call.fault);
        // A category that is null has no filter in this guardrail.
        let filters = severities.iter().filter_map(|(category, severity)| {
            let confidence = match (*severity)? {
                0.0 => "NONE",
                low if low <= 0.4 => "LOW",
                medium if medium <= 0.7 => "MEDIUM",
                _ => "HIGH",
            };
            let detected = confidence != "NONE";
            (detected || self.full).then(|| {
                let action = if detected { "BLOCKED" } else { "NONE" };
                json!({
                    "type": category, "confidence": confidence, "filterStrength": "HIGH",
                    "action": action, "detected": detected
                })
            })
        });
        let filters: Vec<Value> = filters.collect();
        let intervened = filters.iter().any(|filter| filter["action"] == "BLOCKED");
        Ok(json!({
            "usage": {
                "topicPolicyUnits": 0, "contentPolicyUnits": units, "wordPolicyUnits": 0,
                "sensitiveInformationPolicyUnits": 0, "sensitiveInformationPolicyFreeUnits": 0,
                "contextualGroundingPolicyUnits": 0
            },
            "action": if intervened { "GUARDRAIL_INTERVENED" } else { "NONE" },
            "outputs": [],
            "assessments": [{"contentPolicy": {"filters": filters}}]
        }))
    }
}
