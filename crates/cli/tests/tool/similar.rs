//! Semantic similarity: embeddings over real HTTP, cosines as computed here from the stand-in's vectors.

use super::tool::{MODEL, Tool, close, of_model, stand_in};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn, deterministic_embedding};
use serde_json::{Value, json};

const TITAN: &str = "amazon.titan-embed-text-v2:0";

fn cosine(one: &str, other: &str, length: usize) -> f64 {
    let (one, other) = (deterministic_embedding(one, length), deterministic_embedding(other, length));
    one.iter().zip(&other).map(|(left, right)| left * right).sum()
}

fn tool(stand_in: &StandIn, spec: Value, lines: &[Value]) -> Tool {
    let tool = Tool::beside(stand_in);
    let mut whole = json!({"suite": "s", "dataset": "cases.jsonl", "models": [{"id": MODEL}], "scorers": []});
    whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    tool.write("suite/assay.yaml", whole.to_string());
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    tool.write("suite/cases.jsonl", lines.join("\n"));
    tool
}

fn recorded(id: &str, response: &str, references: Value) -> Value {
    let answers = json!([{"response": response, "modelIdentifier": "m"}]);
    json!({"id": id, "prompt": id, "referenceResponses": references, "modelResponses": answers})
}

fn embedded(stand_in: &StandIn) -> u64 {
    stand_in.calls().iter().filter(|call| call.operation == "InvokeModel").count() as u64
}

#[test]
fn the_nearest_reference_counts() {
    let stand_in = stand_in(Behaviour::default());
    let references = json!(["You may return it within a month <OR> thirty days", "no idea at all"]);
    let line =
        json!({"id": "a", "prompt": "How long may I return it within a month?", "referenceResponses": references});
    let tool = tool(&stand_in, json!({"scorers": ["semantic_similarity"]}), &[line]);
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    let records = tool.records("out");
    let record = records.iter().find(|record| record["failure"].is_null()).unwrap();
    let answer = record["responses"][0]["text"].as_str().unwrap();
    let expected: Vec<f64> = ["You may return it within a month", "thirty days", "no idea at all"]
        .iter()
        .map(|reference| cosine(answer, reference, 1024))
        .collect();
    let found = &record["similarity"][0];
    assert_eq!(found["model"], TITAN, "the documented default");
    for (found, expected) in found["cosines"].as_array().unwrap().iter().zip(&expected) {
        close(found, *expected);
    }
    let best = expected.iter().copied().fold(f64::MIN, f64::max);
    assert!(best > 0.3, "the texts share words: {best}");
    close(&record["scores"]["semantic_similarity"]["value"], best);
    assert!(!serde_json::to_string(record).unwrap().contains("embedding\":"), "vectors are not kept");

    let asked = stand_in.latest_requests();
    assert!(asked.contains(&json!({"inputText": "thirty days", "normalize": true})), "{asked:#?}");
    let summary = tool.json("out/summary.json");
    close(&of_model(&summary, MODEL)["scores"]["semantic_similarity"]["mean"], best);
    // Its tokens are not the model's.
    let usage = record["responses"][0]["usage"].clone();
    assert_eq!(of_model(&summary, MODEL)["usage"], usage);
    let tokens: u64 = [answer, "You may return it within a month", "thirty days", "no idea at all"]
        .iter()
        .map(|text| text.chars().count().div_ceil(4) as u64)
        .sum();
    assert_eq!(found["usage"]["input_tokens"], tokens);
    assert_eq!(summary["similarity"], json!({"model": TITAN, "usage": {"input_tokens": tokens, "output_tokens": 0}}));
}

#[test]
fn a_text_is_embedded_once_and_lengths_can_be_chosen() {
    let stand_in = stand_in(Behaviour { latency_ms: Some(5), ..Behaviour::default() });
    let reference = json!(["the same reference for every line"]);
    let lines: Vec<Value> = (0..30)
        .map(|number| recorded(&number.to_string(), &format!("the answer {number}"), reference.clone()))
        .collect();
    let tool = tool(&stand_in, json!({"similarity": {"dimensions": 256}}), &lines);
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    assert_eq!(embedded(&stand_in), 31, "30 answers and one reference");
    let expected = (0..30)
        .map(|number| cosine(&format!("the answer {number}"), "the same reference for every line", 256))
        .sum::<f64>();
    let summary = tool.json("out/summary.json");
    close(&of_model(&summary, "m")["scores"]["semantic_similarity"]["mean"], expected / 30.0);
    assert_eq!(stand_in.latest_requests()[0]["dimensions"], 256);
}

#[test]
fn cohere_is_asked_in_its_own_words() {
    let stand_in = stand_in(Behaviour::default());
    let lines = [recorded("a", "one two", json!(["one three"]))];
    let tool = tool(&stand_in, json!({"similarity": {"model": "us.cohere.embed-v4:0", "dimensions": 512}}), &lines);
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    let summary = tool.json("out/summary.json");
    close(&of_model(&summary, "m")["scores"]["semantic_similarity"]["mean"], cosine("one two", "one three", 512));
}

#[test]
fn what_cannot_be_embedded_is_unscored_and_lines_without_references_cost_nothing() {
    let refuse = FaultRule::always(Fault::Validation).for_prompt("poison");
    let stand_in = stand_in(Behaviour::default().with(refuse));
    let lines = [
        recorded("fine", "one", json!(["one"])),
        recorded("refused", "poison", json!(["one"])),
        recorded("empty", "", json!(["one"])),
        json!({"id": "free", "prompt": "free", "modelResponses": [{"response": "x", "modelIdentifier": "m"}]}),
    ];
    let tool = tool(&stand_in, json!({"similarity": {}}), &lines);
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    let summary = tool.json("out/summary.json");
    let scores = &of_model(&summary, "m")["scores"]["semantic_similarity"];
    assert_eq!((&scores["n"], &scores["mean"], &scores["unscored"]), (&json!(1), &json!(1.0), &json!(3)));
    let reasons = scores["unscored_reasons"].as_object().unwrap();
    assert_eq!(reasons["no reference"], 1);
    assert_eq!(reasons["rejected: an empty text has no embedding"], 1);
    assert_eq!(embedded(&stand_in), 2, "the answer `one` is the reference too");
}

#[test]
fn broken_embeddings_are_asked_again_and_then_left() {
    let broken = FaultRule::always(Fault::MissingOutput).for_operation("InvokeModel").for_prompt("odd");
    let cut = FaultRule::always(Fault::MalformedBody).for_operation("InvokeModel").for_prompt("one").times(1);
    let stand_in = stand_in(Behaviour::default().with(broken).with(cut));
    let lines = [recorded("a", "one", json!(["one"])), recorded("b", "odd", json!(["two"]))];
    let tool = tool(&stand_in, json!({"similarity": {}}), &lines);
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    let summary = tool.json("out/summary.json");
    let scores = &of_model(&summary, "m")["scores"]["semantic_similarity"];
    assert_eq!((&scores["n"], &scores["mean"]), (&json!(1), &json!(1.0)));
    assert_eq!(scores["unscored_reasons"], json!({"malformed: the answer holds no embedding": 1}));
}

#[test]
fn an_unknown_model_or_length_is_told_before_anything_is_asked() {
    let stand_in = stand_in(Behaviour::default());
    for (spec, told) in [
        (json!({"model": "amazon.nova-lite-v1:0"}), "similarity.model: `amazon.nova-lite-v1:0` is no embeddings model"),
        (
            json!({"dimensions": 1000}),
            "similarity.dimensions: `amazon.titan-embed-text-v2:0` has no vectors of length 1000",
        ),
        (json!({"model": "cohere.embed-english-v3", "dimensions": 512}), "leave it out: the length is fixed"),
    ] {
        let tool = tool(&stand_in, json!({"similarity": spec}), &[recorded("a", "b", json!(["c"]))]);
        tool.run(&["run", "suite", "--out", "out"]).exits(2).says(told);
    }
    assert_eq!(stand_in.totals().calls, 0);
}
