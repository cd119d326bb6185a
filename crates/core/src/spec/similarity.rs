//! The spec key `similarity`.

use super::findings::Findings;
use assay_model::{EmbeddingFamily, KNOWN_EMBEDDINGS};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How nearness of meaning is measured, for the scorer `semantic_similarity`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SimilaritySpec {
    /// The embeddings model; left out, it is Titan Text Embeddings v2.
    #[serde(default = "titan")]
    #[schemars(length(min = 1, max = 2048))]
    pub model: String,
    /// The length of the vectors; left out, it is the model's own (1024 for Titan Text Embeddings v2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 4096))]
    pub dimensions: Option<u32>,
}

impl Default for SimilaritySpec {
    /// What the scorer stands for where the spec says nothing more.
    fn default() -> Self {
        Self { model: titan(), dimensions: None }
    }
}

impl SimilaritySpec {
    /// Notes what is wrong with it beyond its schema.
    pub(super) fn check(&self, found: &mut Findings<'_>) {
        let Some(family) = EmbeddingFamily::of(&self.model) else {
            let message = format!("`{}` is no embeddings model that is known", self.model);
            return found.wrong("model", message, format!("known are {KNOWN_EMBEDDINGS}"));
        };
        let known = family.dimensions();
        if let Some(dimensions) = self.dimensions.filter(|dimensions| !known.contains(dimensions)) {
            let message = format!("`{}` has no vectors of length {dimensions}", self.model);
            let lengths: Vec<String> = known.iter().map(u32::to_string).collect();
            let remedy = match lengths.is_empty() {
                true => "leave it out: the length is fixed".to_owned(),
                false => format!("it has {}", lengths.join(", ")),
            };
            found.wrong("dimensions", message, remedy);
        }
    }
}

fn titan() -> String {
    "amazon.titan-embed-text-v2:0".to_owned()
}
