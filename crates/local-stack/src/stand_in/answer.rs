//! One answer.

use serde_json::Value;

/// An answer before it is written as Converse writes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) reasoning: Option<String>,
    pub(crate) text: String,
    /// Name and input of the tool that is used instead of words.
    pub(crate) tool_use: Option<(String, Value)>,
    pub(crate) stop_reason: String,
    /// Counted by the server that was asked; absent: estimated from the texts.
    pub(crate) counted: Option<Counted>,
}

/// Tokens as a real server counted them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
}

impl Answer {
    pub(crate) fn of(text: String) -> Self {
        Self { reasoning: None, text, tool_use: None, stop_reason: "end_turn".to_owned(), counted: None }
    }

    pub(crate) fn through_tool(name: &str, input: Value) -> Self {
        let tool_use = Some((name.to_owned(), input));
        Self { tool_use, stop_reason: "tool_use".to_owned(), ..Self::of(String::new()) }
    }
}
