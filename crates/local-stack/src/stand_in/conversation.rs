//! A Converse request, read from JSON as far as an answer needs it.
//!
//! Whether the request keeps AWS's rules in every detail is asked of the service model; here are
//! only the rules that the model does not express.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::service_model::Violation;

/// Members of a request that mean nothing without a real Bedrock and change no answer.
const WITHOUT_EFFECT: [&str; 4] =
    ["requestMetadata", "performanceConfig", "serviceTier", "additionalModelResponseFieldPaths"];
/// Members that are read here.
const READ: [&str; 3] = ["messages", "system", "inferenceConfig"];

/// What is asked.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    /// All system texts, a line each.
    pub(crate) system: String,
    pub(crate) turns: Vec<Turn>,
    pub(crate) inference: Inference,
    pub(crate) metadata: BTreeMap<String, String>,
    /// The tool that has to be used.
    pub(crate) forced_tool: Option<ForcedTool>,
    /// What the request holds beside text, for those who cannot pass it on.
    pub(crate) beyond_text: Vec<String>,
}

/// A tool that has to be used.
#[derive(Debug)]
pub(crate) struct ForcedTool {
    pub(crate) name: String,
    /// The JSON Schema of its input.
    pub(crate) schema: Value,
}

/// One message.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) role: String,
    /// All text blocks, a line each.
    pub(crate) text: String,
}

/// The inference parameters that were set.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Inference {
    pub(crate) max_tokens: Option<u64>,
    pub(crate) temperature: Option<f64>,
    pub(crate) top_p: Option<f64>,
    pub(crate) stop_sequences: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    messages: Option<Vec<Message>>,
    system: Option<Vec<Map<String, Value>>>,
    inference_config: Option<Inference>,
    request_metadata: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: Vec<Map<String, Value>>,
}

impl Conversation {
    /// Reads a request's body.
    pub(crate) fn read(body: &Value) -> Result<Self, serde_json::Error> {
        let read = Body::deserialize(body)?;
        let members = body.as_object().into_iter().flat_map(|object| object.keys());
        let mut beyond_text: Vec<String> = members
            .filter(|name| !READ.contains(&name.as_str()) && !WITHOUT_EFFECT.contains(&name.as_str()))
            .cloned()
            .collect();
        let system = join(&read.system.unwrap_or_default(), &mut beyond_text);
        let messages = read.messages.unwrap_or_default();
        let turns = messages
            .into_iter()
            .map(|message| Turn { text: join(&message.content, &mut beyond_text), role: message.role })
            .collect();
        Ok(Self {
            system,
            turns,
            inference: read.inference_config.unwrap_or_default(),
            metadata: read.request_metadata.unwrap_or_default(),
            forced_tool: forced_tool(&body["toolConfig"]),
            beyond_text,
        })
    }

    /// The text of the last user message, its blocks joined by line ends: what answers and faults
    /// are chosen by.
    pub(crate) fn prompt(&self) -> &str {
        let last = self.turns.iter().rev().find(|turn| turn.role == "user");
        last.map_or("", |turn| &turn.text)
    }

    /// Characters of everything that is asked.
    pub(crate) fn characters(&self) -> usize {
        let turns = self.turns.iter().map(|turn| turn.text.chars().count());
        self.system.chars().count() + turns.sum::<usize>()
    }
}

/// The tool that a configuration forces, if it has it.
fn forced_tool(configuration: &Value) -> Option<ForcedTool> {
    let name = configuration["toolChoice"]["tool"]["name"].as_str()?;
    let tools = configuration["tools"].as_array()?.iter().map(|tool| &tool["toolSpec"]);
    let tool = tools.into_iter().find(|tool| tool["name"] == name)?;
    Some(ForcedTool { name: name.to_owned(), schema: tool["inputSchema"]["json"].clone() })
}

/// The texts of a list of blocks; the kinds of its other blocks are noted.
fn join(blocks: &[Map<String, Value>], beyond_text: &mut Vec<String>) -> String {
    let mut texts = Vec::new();
    for (kind, value) in blocks.iter().flatten() {
        match value {
            Value::String(text) if kind == "text" => texts.push(text.as_str()),
            // A cache point changes the price, not the answer.
            _ if kind == "cachePoint" || value.is_null() => {}
            _ => beyond_text.push(kind.clone()),
        }
    }
    texts.join("\n")
}

/// Rules of Converse that the service enforces and its model does not express.
pub(crate) fn unwritten_violations(model: &str, body: &Value) -> Vec<Violation> {
    let mut violations = Vec::new();
    let messages = body["messages"].as_array().map_or(&[][..], Vec::as_slice);
    let mut roles = messages.iter().map(|message| &message["role"]);
    let first = roles.find(|role| *role != "system");
    // A managed prompt brings its own messages.
    if first.is_none_or(|role| role != "user") && !model.contains(":prompt/") {
        violations.push(Violation {
            path: "messages".to_owned(),
            constraint: "A conversation must start with a user message".to_owned(),
        });
    }
    let forced = &body["toolConfig"]["toolChoice"]["tool"]["name"];
    if forced.is_string() && forced_tool(&body["toolConfig"]).is_none() {
        violations.push(Violation {
            path: "toolConfig.toolChoice.tool.name".to_owned(),
            constraint: "The tool must be one of the tools".to_owned(),
        });
    }
    for (index, message) in messages.iter().enumerate() {
        let blocks = message["content"].as_array().map_or(&[][..], Vec::as_slice);
        for (place, block) in blocks.iter().enumerate() {
            if block["text"].as_str().is_some_and(|text| text.trim().is_empty()) {
                violations.push(Violation {
                    path: format!("messages[{index}].content[{place}].text"),
                    constraint: "Text must not be blank".to_owned(),
                });
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn the_prompt_is_the_last_user_message() {
        let body = json!({
            "system": [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}],
            "messages": [
                {"role": "user", "content": [{"text": "first"}]},
                {"role": "assistant", "content": [{"text": "answer"}]},
                {"role": "user", "content": [{"text": "one"}, {"image": {}}, {"text": "two"}]},
                {"role": "assistant", "content": [{"text": "prefilled"}]}
            ],
            "inferenceConfig": {"maxTokens": 5, "stopSequences": ["."]},
            "requestMetadata": {"source": "evaluation"},
            "toolConfig": {}
        });
        let conversation = Conversation::read(&body).unwrap();
        assert_eq!(conversation.prompt(), "one\ntwo");
        assert_eq!(conversation.system, "Be brief.");
        assert_eq!(conversation.characters(), 9 + 5 + 6 + 7 + 9);
        assert_eq!(conversation.inference.max_tokens, Some(5));
        assert_eq!(conversation.beyond_text, ["toolConfig", "image"]);
        assert_eq!(conversation.metadata["source"], "evaluation");
    }

    #[test]
    fn a_wrong_type_is_an_error() {
        assert!(Conversation::read(&json!({"messages": {}})).is_err());
        assert!(Conversation::read(&json!({"messages": [{"role": "user"}]})).is_err());
    }

    #[test]
    fn unwritten_rules_hold() {
        let paths = |body: Value| -> Vec<String> {
            let found = unwritten_violations("nova", &body);
            found.into_iter().map(|one| one.path).collect()
        };
        let user = json!({"role": "user", "content": [{"text": "x"}]});
        let blank = json!({"role": "user", "content": [{"text": "x"}, {"text": " \n"}]});
        let assistant = json!({"role": "assistant", "content": [{"text": "x"}]});
        assert_eq!(paths(json!({"messages": [user]})), Vec::<String>::new());
        assert_eq!(paths(json!({})), ["messages"]);
        assert_eq!(paths(json!({"messages": [assistant]})), ["messages"]);
        assert_eq!(paths(json!({"messages": [blank]})), ["messages[0].content[1].text"]);
        let prompt = "arn:aws:bedrock:us-east-1:111122223333:prompt/ABCDEFGHIJ";
        assert!(unwritten_violations(prompt, &json!({})).is_empty());
    }
}
