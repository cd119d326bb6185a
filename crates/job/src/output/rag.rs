//! Records of RAG jobs: conversations with a knowledge base, each turn judged by itself.
//!
//! What the scores say is left to `evaluations`.

use super::JudgedAnswer;
use super::context::{Context, Unreadable};
use super::evaluations::{Score, evaluations};
use super::input::references;
use super::one_or_many::OneOrMany;
use super::text::Text;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One question and what came of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Turn {
    #[serde(default)]
    input_record: Question,
    #[serde(default)]
    output: Output,
    results: Option<Vec<Score>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Question {
    prompt: Text,
    reference_response: Text,
    reference_responses: OneOrMany<Text>,
    category: Text,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Output {
    model_identifier: Text,
    knowledge_base_identifier: Text,
    text: Text,
    stop_reason: Text,
    /// What an answer was made of.
    retrieved_passages: Option<Passages>,
    /// What was found, where nothing is made of it.
    retrieved_results: Option<Passages>,
    citations: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Passages {
    #[serde(default)]
    retrieval_results: OneOrMany<Passage>,
}

#[derive(Deserialize)]
struct Passage {
    #[serde(default)]
    content: Text,
    #[serde(default)]
    location: Value,
    #[serde(default)]
    metadata: Value,
}

/// One answer for each turn; their numbers are told where there are several.
pub(super) fn answers(turns: Vec<Turn>, context: &Context) -> Result<Vec<JudgedAnswer>, Unreadable> {
    if turns.is_empty() {
        return Err(Unreadable::NoTurns);
    }
    let numbered = turns.len() > 1;
    let answers = (0..).zip(turns).map(|(number, turn)| {
        let mut answer = turn.answer(context)?;
        answer.turn = numbered.then_some(number);
        Ok(answer)
    });
    answers.collect()
}

impl Turn {
    /// Who answered is the model; where nothing is generated, or no model is named, the knowledge base. The metadata has
    /// `knowledge_base`, `retrieved_passages` (each with `text` and `uri`) and `citations`, their count, as far as the
    /// output tells of them.
    fn answer(self, context: &Context) -> Result<JudgedAnswer, Unreadable> {
        let Output { text, stop_reason, retrieved_passages, retrieved_results, citations, .. } = self.output;
        let model = self.output.model_identifier.filled();
        let knowledge_base = self.output.knowledge_base_identifier.filled();
        let response = text.written();
        let only_retrieves = response.is_none() && retrieved_results.is_some();

        let mut metadata = Map::new();
        if let Some(name) = &knowledge_base {
            metadata.insert("knowledge_base".to_owned(), json!(name));
        }
        if let Some(passages) = retrieved_passages.or(retrieved_results) {
            let passages = passages.retrieval_results.0.into_iter().map(Passage::kept).collect();
            metadata.insert("retrieved_passages".to_owned(), Value::Array(passages));
        }
        if let Some(citations) = citations {
            metadata.insert("citations".to_owned(), json!(citations.len()));
        }

        let who = if only_retrieves { knowledge_base.or(model) } else { model.or(knowledge_base) };
        Ok(JudgedAnswer {
            prompt: self.input_record.prompt.written().unwrap_or_default(),
            references: references(self.input_record.reference_response, self.input_record.reference_responses.0),
            category: self.input_record.category.filled(),
            model: who.unwrap_or_default(),
            response,
            stop_reason: stop_reason.filled(),
            turn: None,
            evaluations: evaluations(self.results.unwrap_or_default(), context)?,
            metadata,
        })
    }
}

impl Passage {
    /// Its text and where it is from.
    fn kept(self) -> Value {
        let mut kept = Map::new();
        if let Some(uri) = self.uri() {
            kept.insert("uri".to_owned(), json!(uri));
        }
        if let Some(text) = self.content.written() {
            kept.insert("text".to_owned(), Value::String(text));
        }
        Value::Object(kept)
    }

    /// A location has one object, named by its kind (`s3Location`, `webLocation`, `customDocumentLocation`), with a
    /// `uri`, a `url` or an `id`. Without it, the knowledge base's own mark tells the source.
    fn uri(&self) -> Option<&str> {
        let places = self.location.as_object().into_iter().flat_map(Map::values);
        let mut named = places.flat_map(|place| ["uri", "url", "id"].map(|key| place.get(key)));
        let found = named.find_map(|name| name?.as_str());
        found.or_else(|| self.metadata.get("x-amz-bedrock-kb-source-uri")?.as_str())
    }
}
