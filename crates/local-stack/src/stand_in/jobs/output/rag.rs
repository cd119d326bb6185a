//! Records of RAG jobs: each turn with what was found, what was said and the scores of it.

use serde_json::{Value, json};

use super::{Maker, text};
use crate::stand_in::jobs::dataset::conversations;
use crate::stand_in::jobs::members::DatasetMetrics;
use crate::stand_in::jobs::request::RagSource;

pub(super) async fn record(maker: Maker<'_>, dataset: &DatasetMetrics, record: &Value) -> Result<Value, String> {
    let source = maker.request().rag_source().ok_or("The job has no RAG source.")?;
    let mut turns = Vec::new();
    for turn in record["conversationTurns"].as_array().into_iter().flatten() {
        let prompt = conversations::text(&turn["prompt"]).unwrap_or_default();
        let mut input = turn.clone();
        let brought = input.as_object_mut().and_then(|turn| turn.remove("output"));
        let output = match brought {
            Some(output) => output,
            None => made_output(maker, &source, &prompt).await?,
        };
        let results = maker.scores(dataset, &prompt, &response(&output));
        turns.push(json!({"inputRecord": input, "output": output, "results": results}));
    }
    Ok(json!({"conversationTurns": turns}))
}

/// What is scored: the answer, or the passages where there is none.
fn response(output: &Value) -> String {
    if let Some(answer) = output["text"].as_str() {
        return answer.to_owned();
    }
    let passages = output["retrievedResults"]["retrievalResults"].as_array().into_iter().flatten();
    passages.map(|passage| text(&passage["content"]["text"])).collect::<Vec<_>>().join("\n")
}

async fn made_output(maker: Maker<'_>, source: &RagSource, prompt: &str) -> Result<Value, String> {
    let passages: Vec<Value> = (1..=2).map(|number| passage(source, prompt, number)).collect();
    let Some(model) = &source.model else {
        return Ok(json!({
            "knowledgeBaseIdentifier": source.identifier,
            "retrievedResults": {"retrievalResults": passages},
        }));
    };
    let answer = maker.answer(model, prompt, None).await?.text;
    let last = answer.chars().count().saturating_sub(1);
    let cited = json!([{
        "generatedResponsePart": {"textResponsePart": {"span": {"start": 0, "end": last}, "text": answer}},
        "retrievedReferences": [passages[0]],
    }]);
    Ok(json!({
        "modelIdentifier": model,
        "knowledgeBaseIdentifier": source.identifier,
        "text": answer,
        "retrievedPassages": {"retrievalResults": passages},
        "citations": cited,
    }))
}

/// A passage that nobody wrote.
fn passage(source: &RagSource, prompt: &str, number: usize) -> Value {
    let uri = format!("s3://stand-in-documents/{}.txt", source.identifier);
    json!({
        "content": {"text": format!("Passage {number} of {} on: {prompt}", source.identifier)},
        "location": {"s3Location": {"uri": uri}, "type": "S3"},
        "metadata": {
            "x-amz-bedrock-kb-source-uri": uri,
            "x-amz-bedrock-kb-chunk-id": format!("1%3A0%3Achunk{number}"),
            "x-amz-bedrock-kb-data-source-id": "STANDINSRC",
        },
    })
}
