//! The body of a Converse answer, with the alteration that a fault wants.
//!
//! What the answer says was decided before.

use serde_json::{Value, json};

use super::answer::Answer;
use super::answers::estimated_tokens;
use super::behaviour::Fault;
use super::conversation::Conversation;

/// An answer as Converse writes it, but for its latency.
pub(crate) fn body(conversation: &Conversation, mut answer: Answer, fault: Option<&Fault>) -> Value {
    let mut blocks = 1;
    match fault {
        Some(Fault::ReasoningFirst) => {
            answer.reasoning = Some("The question is clear, so the answer is short.".to_owned());
        }
        Some(Fault::TextBlocks(wanted)) => blocks = (*wanted).max(2),
        Some(Fault::EmptyContent) => {
            answer.reasoning = None;
            answer.text.clear();
            answer.tool_use = None;
        }
        Some(Fault::StopReason(reason)) => answer.stop_reason.clone_from(reason),
        _ => {}
    }
    let reasoning_characters = answer.reasoning.as_ref().map_or(0, |text| text.chars().count());
    let input_characters = answer.tool_use.as_ref().map_or(0, |(_, input)| input.to_string().chars().count());
    let characters = answer.text.chars().count() + input_characters;
    let (input_tokens, output_tokens) = match answer.counted {
        Some(counted) => (counted.input_tokens, counted.output_tokens),
        None => (estimated_tokens(conversation.characters()), estimated_tokens(reasoning_characters + characters)),
    };
    let reasoning = answer.reasoning.map(|text| json!({"reasoningContent": {"reasoningText": {"text": text}}}));
    let texts = pieces(&answer.text, blocks).into_iter().map(|text| json!({"text": text}));
    let tool_use = answer
        .tool_use
        .map(|(name, input)| json!({"toolUse": {"toolUseId": "tooluse_stand_in", "name": name, "input": input}}));
    let content: Vec<Value> = reasoning.into_iter().chain(texts).chain(tool_use).collect();

    let mut body = json!({
        "stopReason": answer.stop_reason,
        "usage": {
            "inputTokens": input_tokens,
            "outputTokens": output_tokens,
            "totalTokens": input_tokens + output_tokens
        }
    });
    if fault != Some(&Fault::MissingOutput) {
        body["output"] = json!({"message": {"role": "assistant", "content": content}});
    }
    body
}

/// A text in so many pieces, fewer when it has fewer characters; none when it is empty.
fn pieces(text: &str, count: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let length = characters.len().div_ceil(count).max(1);
    characters.chunks(length).map(|piece| piece.iter().collect()).collect()
}
