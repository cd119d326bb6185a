//! How a model is to answer, as a job takes it: one JSON text in the shape of Converse.
//!
//! Asking for the job is left to `assay-job`; the spec needs the text for its length.

use assay_model::Inference;
use serde::Serialize;
use serde_json::{Map, Value};

/// The longest text that a job takes, in characters.
pub(crate) const LONGEST_INFERENCE_PARAMETERS: usize = 1023;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameters<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    inference_config: Option<&'a Inference>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    additional_model_request_fields: &'a Map<String, Value>,
}

/// `{"inferenceConfig":{...},"additionalModelRequestFields":{...}}`, each part only where it has something in it; none
/// where the model's own defaults hold.
pub fn inference_parameters(inference: &Inference, additional: &Map<String, Value>) -> Option<String> {
    let given = *inference != Inference::default();
    if !given && additional.is_empty() {
        return None;
    }
    // Written from the values themselves: on the way through a `Value`, 0.2 would become 0.20000000298023224.
    let inference_config = given.then_some(inference);
    serde_json::to_string(&Parameters { inference_config, additional_model_request_fields: additional }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_the_shape_of_converse() {
        let inference = Inference {
            max_tokens: Some(512),
            temperature: Some(0.2),
            top_p: Some(0.9),
            stop_sequences: vec!["END".to_owned()],
        };
        let additional = Map::from_iter([("top_k".to_owned(), Value::from(50))]);
        assert_eq!(
            inference_parameters(&inference, &additional).as_deref(),
            Some(
                r#"{"inferenceConfig":{"maxTokens":512,"temperature":0.2,"topP":0.9,"stopSequences":["END"]},"additionalModelRequestFields":{"top_k":50}}"#
            )
        );
        let bare = inference_parameters(&Inference::default(), &additional);
        assert_eq!(bare.as_deref(), Some(r#"{"additionalModelRequestFields":{"top_k":50}}"#));
        assert_eq!(inference_parameters(&Inference::default(), &Map::new()), None);
    }
}
