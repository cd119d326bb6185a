//! The spec key `toxicity`.

use super::findings::Findings;
use assay_score::ToxicityCategory;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which harmful content is looked for in answers, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToxicitySpec {
    /// What to look for; left out, all five.
    #[serde(default = "every_category")]
    #[schemars(length(min = 1, max = 5))]
    pub categories: Vec<ToxicityCategory>,
    /// A guardrail that measures it; left out, it is InvokeGuardrailChecks, which needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardrail: Option<GuardrailSpec>,
}

/// One version of a guardrail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardrailSpec {
    /// Its id or ARN.
    #[schemars(regex(
        pattern = r"^([a-z0-9]+|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+)$"
    ))]
    pub id: String,
    /// Its version: a number, or `DRAFT`.
    #[serde(default = "draft")]
    #[schemars(regex(pattern = r"^([1-9][0-9]{0,7}|DRAFT)$"))]
    pub version: String,
}

impl ToxicitySpec {
    /// Notes what is wrong with it beyond its schema.
    pub(super) fn check(&self, found: &mut Findings<'_>) {
        let mut seen = BTreeSet::new();
        for (index, category) in self.categories.iter().enumerate() {
            if !seen.insert(*category) {
                let message = format!("the category {} is listed twice", category.name());
                found.wrong(&format!("categories/{index}"), message, "list each category once");
            }
        }
    }
}

fn every_category() -> Vec<ToxicityCategory> {
    ToxicityCategory::ALL.to_vec()
}

fn draft() -> String {
    "DRAFT".to_owned()
}
