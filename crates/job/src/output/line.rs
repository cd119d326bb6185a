//! A line of a job's output: which kind of job wrote it, and what it comes to.
//!
//! Each kind has its own module; streams of lines, and counting those that cannot be read, are left to `collect`.

use super::automatic::AutomaticResult;
use super::context::{Context, Unreadable};
use super::human::HumanResult;
use super::input::{InputRecord, ModelResponse};
use super::mended::mended;
use super::one_or_many::OneOrMany;
use super::rag::Turn;
use super::text::Text;
use super::{JudgedAnswer, automatic, human, rag};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Reads one line of a job's output: one answer for each answer that was judged, of conversations one for each turn. An
/// empty line holds none. The kind of the job is told by the keys; keys that are not known are passed over.
pub fn read_line(text: &str, context: &Context) -> Result<Vec<JudgedAnswer>, Unreadable> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let line = parse(text)?;
    if let Some(result) = line.automated_evaluation_result {
        automatic::answers(result, line.input_record, line.model_responses.0, context)
    } else if let Some(turns) = line.conversation_turns {
        rag::answers(turns, context)
    } else if let Some(results) = line.human_evaluation_result {
        human::answers(results.0, line.model_response_id_map, line.input_record, line.model_responses.0, context)
    } else {
        Err(Unreadable::UnknownKind)
    }
}

/// The keys of all kinds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    automated_evaluation_result: Option<AutomaticResult>,
    conversation_turns: Option<Vec<Turn>>,
    human_evaluation_result: Option<OneOrMany<HumanResult>>,
    input_record: Option<InputRecord>,
    #[serde(default)]
    model_responses: OneOrMany<ModelResponse>,
    model_response_id_map: Option<BTreeMap<String, Text>>,
}

/// Reads the keys. What a strict reader refuses and Python writes all the same is mended and read again: tokens like `NaN`,
/// halves of characters, and keys that are there twice, of which the last counts.
fn parse(text: &str) -> Result<Line, Unreadable> {
    let error = match serde_json::from_str(text) {
        Ok(line) => return Ok(line),
        Err(error) => error,
    };
    let value: Value = serde_json::from_str(&mended(text)).map_err(|second| {
        let column = if error.is_data() { second.column() } else { error.column() };
        Unreadable::InvalidJson { column }
    })?;
    Line::deserialize(value).map_err(|_| Unreadable::UnexpectedType { column: error.column() })
}
