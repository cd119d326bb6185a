//! The adapter to embeddings models: InvokeModel, with a body that each family words in its own way.

use crate::call_error::{CallAdvice, classify};
use crate::{Model, ModelError, Request, Response, Structured, Usage};
use async_trait::async_trait;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::primitives::Blob;
use serde_json::{Map, Value, json};
use std::time::Instant;

/// The families, as errors name them.
pub const KNOWN_EMBEDDINGS: &str = "amazon.titan-embed-text-v2, cohere.embed-english-v3, cohere.embed-multilingual-v3 \
                                    and cohere.embed-v4";

/// Models whose requests and answers look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbeddingFamily {
    /// Titan Text Embeddings v2.
    TitanV2,
    /// Cohere Embed v3: the length of its vectors is fixed.
    CohereV3,
    /// Cohere Embed v4.
    CohereV4,
}

impl EmbeddingFamily {
    /// The family of a model id, inference profile id or ARN; `None` when it is not known.
    pub fn of(id: &str) -> Option<Self> {
        if id.contains("amazon.titan-embed-text-v2") {
            Some(Self::TitanV2)
        } else if id.contains("cohere.embed-v4") {
            Some(Self::CohereV4)
        } else if id.contains("cohere.embed-english-v3") || id.contains("cohere.embed-multilingual-v3") {
            Some(Self::CohereV3)
        } else {
            None
        }
    }

    /// The lengths that a vector may have; empty where there is no choice.
    pub fn dimensions(self) -> &'static [u32] {
        match self {
            Self::TitanV2 => &[256, 512, 1024],
            Self::CohereV3 => &[],
            Self::CohereV4 => &[256, 512, 1024, 1536],
        }
    }

    fn body(self, text: &str, dimensions: Option<u32>) -> Value {
        let mut body = match self {
            Self::TitanV2 => json!({"inputText": text, "normalize": true}),
            // Both texts of a comparison are embedded alike, and neither searches for the other.
            Self::CohereV3 | Self::CohereV4 => {
                json!({"texts": [text], "input_type": "clustering", "embedding_types": ["float"]})
            }
        };
        let key = match self {
            Self::TitanV2 => "dimensions",
            Self::CohereV3 => return body,
            Self::CohereV4 => "output_dimension",
        };
        if let (Some(dimensions), Value::Object(body)) = (dimensions, &mut body) {
            body.insert(key.to_owned(), dimensions.into());
        }
        body
    }

    /// The vector of an answer, and the tokens that were read where the model tells them.
    fn read(self, answer: &Map<String, Value>) -> Option<(Vec<f64>, Option<u64>)> {
        let (vector, tokens) = match self {
            Self::TitanV2 => (answer.get("embedding")?, answer.get("inputTextTokenCount").and_then(Value::as_u64)),
            Self::CohereV3 | Self::CohereV4 => {
                let embeddings = answer.get("embeddings")?;
                (embeddings.get("float").unwrap_or(embeddings).get(0)?, None)
            }
        };
        let vector: Option<Vec<f64>> = vector.as_array()?.iter().map(Value::as_f64).collect();
        Some((vector.filter(|vector| !vector.is_empty())?, tokens))
    }
}

/// An embeddings model.
#[derive(Debug)]
pub(super) struct Embedding {
    client: Client,
    id: String,
    family: EmbeddingFamily,
    dimensions: Option<u32>,
}

impl Embedding {
    /// The model `id` with vectors of this length.
    ///
    /// # Errors
    /// When the id is of no family that is known.
    pub(super) fn new(client: Client, id: String, dimensions: Option<u32>) -> Result<Self, String> {
        let Some(family) = EmbeddingFamily::of(&id) else {
            return Err(format!("it is no embeddings model that is known; known are {KNOWN_EMBEDDINGS}"));
        };
        Ok(Self { client, id, family, dimensions })
    }
}

#[async_trait]
impl Model for Embedding {
    fn id(&self) -> &str {
        &self.id
    }

    async fn respond(&self, request: &Request) -> Result<Response, ModelError> {
        let body = self.family.body(&request.prompt, self.dimensions).to_string();
        let call = self
            .client
            .invoke_model()
            .model_id(&self.id)
            .content_type("application/json")
            .accept("application/json")
            .body(Blob::new(body));
        let call = match serde_json::to_string(&request.metadata) {
            Ok(metadata) if !request.metadata.is_empty() => call.request_metadata(metadata),
            _ => call,
        };
        let started = Instant::now();
        let output = call.send().await.map_err(|error| classify(&CallAdvice::of_model(&self.id), &error))?;
        let latency_ms = started.elapsed().as_millis() as u64;
        let malformed = || ModelError::malformed("the answer holds no embedding");
        let answer: Map<String, Value> = serde_json::from_slice(output.body.as_ref()).map_err(|_| malformed())?;
        let (vector, tokens) = self.family.read(&answer).ok_or_else(malformed)?;
        Ok(Response {
            structured: Some(Structured::Vector(vector)),
            usage: tokens.map(|input_tokens| Usage { input_tokens, ..Usage::default() }),
            latency_ms: Some(latency_ms),
            attempts: 1,
            ..Response::default()
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::EmbeddingFamily::{CohereV3, CohereV4, TitanV2};
    use super::*;

    #[test]
    fn families_are_found_in_ids_profiles_and_arns() {
        for (id, family) in [
            ("amazon.titan-embed-text-v2:0", Some(TitanV2)),
            ("arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0", Some(TitanV2)),
            ("cohere.embed-english-v3", Some(CohereV3)),
            ("us.cohere.embed-v4:0", Some(CohereV4)),
            ("amazon.titan-embed-text-v1", None),
            ("amazon.nova-lite-v1:0", None),
        ] {
            assert_eq!(EmbeddingFamily::of(id), family, "{id}");
        }
    }

    /// The bodies of the user guide's pages on each family.
    #[test]
    fn each_family_is_asked_and_read_in_its_own_words() {
        assert_eq!(TitanV2.body("a", Some(256)), json!({"inputText": "a", "dimensions": 256, "normalize": true}));
        let cohere = json!({"texts": ["a"], "input_type": "clustering", "embedding_types": ["float"]});
        assert_eq!(CohereV3.body("a", Some(256)), cohere, "the length is fixed");
        assert_eq!(CohereV4.body("a", Some(256))["output_dimension"], 256);
        assert_eq!(CohereV4.body("a", None), cohere);

        let read = |family: EmbeddingFamily, answer: Value| family.read(answer.as_object().unwrap());
        let titan = json!({"embedding": [0.6, 0.8], "inputTextTokenCount": 3, "embeddingsByType": {}});
        assert_eq!(read(TitanV2, titan), Some((vec![0.6, 0.8], Some(3))));
        assert_eq!(read(CohereV3, json!({"embeddings": [[1, 0]]})), Some((vec![1.0, 0.0], None)));
        assert_eq!(read(CohereV4, json!({"embeddings": {"float": [[0.5]]}})), Some((vec![0.5], None)));
        for broken in [json!({}), json!({"embedding": []}), json!({"embedding": ["a"]}), json!({"embedding": 1})] {
            assert_eq!(read(TitanV2, broken), None);
        }
    }
}
