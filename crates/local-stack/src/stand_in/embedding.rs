//! InvokeModel of an embeddings model: Titan Text Embeddings v2, and Cohere Embed.
//!
//! The vectors are made from the words of a text, so that texts that share words are near each other.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answers::estimated_tokens;
use super::behaviour::Fault;
use super::errors::{ErrorKind, ServiceError};
use super::exchange::{CallContext, Operation};
use super::service_model::Violation;

/// The lengths of Titan's vectors; the longest is the usual one.
const TITAN_DIMENSIONS: [u64; 3] = [256, 512, 1024];

/// A text to be embedded.
#[derive(Debug, Default)]
pub(crate) struct Embedding {
    text: String,
    dimensions: Option<u64>,
}

impl Operation for Embedding {
    const NAME: &'static str = "InvokeModel";

    fn read(body: &Value) -> Result<Self, serde_json::Error> {
        let text = body["inputText"].as_str().or_else(|| body["texts"][0].as_str()).unwrap_or_default();
        let dimensions = body["dimensions"].as_u64().or_else(|| body["output_dimension"].as_u64());
        Ok(Self { text: text.to_owned(), dimensions })
    }

    fn prompt(&self) -> &str {
        &self.text
    }

    fn unwritten_violations(subject: &str, body: &Value) -> Vec<Violation> {
        let mut violations = Vec::new();
        let mut wrong = |path: &str, constraint: &str| {
            violations.push(Violation { path: path.to_owned(), constraint: constraint.to_owned() });
        };
        let known: &[&str] = if is_titan(subject) {
            if body["inputText"].as_str().is_none_or(str::is_empty) {
                wrong("inputText", "Member must be a text of at least one character");
            }
            if !body["dimensions"].is_null()
                && !body["dimensions"].as_u64().is_some_and(|length| TITAN_DIMENSIONS.contains(&length))
            {
                wrong("dimensions", "Member must be one of 256, 512, 1024");
            }
            if !body["normalize"].is_null() && !body["normalize"].is_boolean() {
                wrong("normalize", "Member must be a boolean");
            }
            &["inputText", "dimensions", "normalize", "embeddingTypes"]
        } else if subject.contains("cohere.embed") {
            if body["texts"].as_array().is_none_or(|texts| texts.is_empty() || !texts.iter().all(Value::is_string)) {
                wrong("texts", "Member must be a list of texts");
            }
            let types = ["search_document", "search_query", "classification", "clustering"];
            if !body["input_type"].as_str().is_some_and(|given| types.contains(&given)) {
                wrong("input_type", "Member must be one of search_document, search_query, classification, clustering");
            }
            &["texts", "input_type", "embedding_types", "output_dimension", "truncate"]
        } else {
            wrong("modelId", "The stand-in knows InvokeModel of Titan Text Embeddings v2 and Cohere Embed only");
            return violations;
        };
        for name in body.as_object().into_iter().flat_map(|object| object.keys()) {
            if !known.contains(&name.as_str()) {
                wrong(name, "Member is not known to this model");
            }
        }
        violations
    }

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        let length = self.dimensions.unwrap_or(1024);
        let Ok(length) = usize::try_from(length) else {
            return Err(ServiceError::new(ErrorKind::Validation, "too many dimensions"));
        };
        let vector = deterministic_embedding(&self.text, length);
        if call.fault == Some(&Fault::MissingOutput) {
            return Ok(json!({}));
        }
        Ok(match is_titan(call.subject) {
            true => json!({
                "embedding": vector,
                "embeddingsByType": {"float": vector},
                "inputTextTokenCount": estimated_tokens(self.text.chars().count())
            }),
            false => json!({
                "id": "stand-in", "response_type": "embeddings_by_type", "texts": [self.text],
                "embeddings": {"float": [vector]}
            }),
        })
    }
}

fn is_titan(model: &str) -> bool {
    model.contains("amazon.titan-embed-text-v2")
}

/// The embedding that the stand-in gives a text: each lower-cased word adds 1 or -1 to one of the numbers, by its
/// SHA-256, and the whole has length 1. A text without words has 1 as its first number.
#[must_use]
pub fn deterministic_embedding(text: &str, length: usize) -> Vec<f64> {
    let mut vector = vec![0.0; length];
    let lowered = text.to_lowercase();
    for word in lowered.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let digest = Sha256::digest(word);
        let number = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        let place = usize::try_from(number % length as u64).unwrap_or_default();
        vector[place] += if digest[8] % 2 == 0 { 1.0 } else { -1.0 };
    }
    let norm = vector.iter().map(|number| number * number).sum::<f64>().sqrt();
    if norm > 0.0 {
        vector.iter_mut().for_each(|number| *number /= norm);
    } else if let Some(first) = vector.first_mut() {
        *first = 1.0;
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_words_bring_texts_near() {
        let cosine = |one: &str, other: &str| -> f64 {
            let (one, other) = (deterministic_embedding(one, 1024), deterministic_embedding(other, 1024));
            one.iter().zip(&other).map(|(left, right)| left * right).sum()
        };
        assert!((cosine("The parcel is late.", "the PARCEL, is late") - 1.0).abs() < 1e-12);
        // Three of four words shared, as long as no two words fall into one place.
        assert!((cosine("the parcel is late", "the parcel is here") - 0.75).abs() < 1e-12);
        assert!(cosine("alpha beta", "gamma delta").abs() < 1e-12);
        assert_eq!(deterministic_embedding("?", 256).iter().sum::<f64>(), 1.0);
    }
}
