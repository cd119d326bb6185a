//! Models that are asked: what goes to them, and what of their answers is written down.

use super::tool::{
    MODEL, OTHER, Tool, answering, close, of_model, question, questions, relevance, until_held, write_suite,
};
use local_stack::environment::Environment;
use local_stack::places;
use local_stack::stand_in::{Behaviour, ServiceModel, StandIn, StandInOptions, deterministic_answer, estimated_tokens};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A stand-in that holds every request to AWS's own description of Converse.
fn checking() -> StandIn {
    let environment = Environment::prepare_in(&places::target().join("python")).unwrap();
    let service_model = ServiceModel::load(&environment.bedrock_runtime_model().unwrap()).unwrap();
    StandIn::start(StandInOptions { service_model: Some(Arc::new(service_model)), ..StandInOptions::default() })
        .unwrap()
}

#[test]
fn a_request_carries_what_the_spec_says() {
    let stand_in = checking();
    let tool = Tool::beside(&stand_in);
    tool.write("suite/cases.jsonl", "{\"prompt\": \"Where is it?\", \"context\": \"a shop\"}\n{\"prompt\": \"Own system.\", \"system\": \"Be rude.\"}\n");
    tool.write(
        "suite/assay.yaml",
        format!(
            "suite: carried\ndataset: cases.jsonl\nsystem: Be brief.\nprompt: \"In {{{{context}}}}: {{{{prompt}}}}\"\nmodels:\n  - id: {MODEL}\n    \
             inference: {{maxTokens: 64, temperature: 0.25, topP: 0.5, stopSequences: [END]}}\n    \
             additional_model_request_fields: {{top_k: 20}}\nscorers: [response_length]\n"
        ),
    );
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    let run = tool.json("out/summary.json")["run"].as_str().unwrap().to_owned();
    let mut requests = stand_in.latest_requests();
    requests.sort_by_key(|request| request["system"][0]["text"].to_string());
    let expected = |system: &str, prompt: &str| {
        json!({
            "messages": [{"role": "user", "content": [{"text": prompt}]}],
            "system": [{"text": system}],
            "inferenceConfig": {"maxTokens": 64, "temperature": 0.25, "topP": 0.5, "stopSequences": ["END"]},
            "additionalModelRequestFields": {"top_k": 20},
            "requestMetadata": {"source": "assay", "suite": "carried", "run": run},
        })
    };
    assert_eq!(requests, [expected("Be brief.", "In a shop: Where is it?"), expected("Be rude.", "In : Own system.")]);
    assert!(stand_in.calls().iter().all(|call| *call.model == *MODEL));
    assert!(stand_in.violations().is_empty(), "{:?}", stand_in.violations());
}

#[test]
fn what_is_not_configured_is_not_sent() {
    let stand_in = checking();
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, 1, &[MODEL]);
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    let request = stand_in.latest_requests().remove(0);
    let keys: Vec<&String> = request.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["messages", "requestMetadata"]);
    assert!(stand_in.violations().is_empty());
}

#[test]
fn answers_tokens_and_latency_are_written_down() {
    const SAMPLES: usize = 60;
    let stand_in =
        StandIn::start(StandInOptions { latency: Duration::from_millis(30), ..StandInOptions::default() }).unwrap();
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, SAMPLES, &[MODEL, OTHER]);
    let ended = tool.run(&["run", "suite", "--out", "out"]).exits(0);
    assert!(!ended.out.contains("recorded"), "{}", ended.out);
    assert_eq!(stand_in.totals().calls, 2 * SAMPLES as u64);
    assert_eq!(stand_in.repeated_answers(), 0);

    let mut texts: BTreeMap<(String, String), String> = BTreeMap::new();
    for record in tool.records("out") {
        let key = (record["model"].as_str().unwrap().to_owned(), record["sample"]["id"].as_str().unwrap().to_owned());
        assert!(record["responses"][0]["latency_ms"].as_u64().unwrap() >= 30, "{record}");
        assert_eq!(record["responses"][0]["attempts"], 1);
        let text = record["responses"][0]["text"].as_str().unwrap().to_owned();
        assert!(texts.insert(key, text).is_none(), "{record}");
    }
    let summary = tool.json("out/summary.json");
    assert_eq!(summary["answers"], json!({"asked": 2 * SAMPLES, "recorded": 0}));
    for model in [MODEL, OTHER] {
        let (mut input, mut output, mut relevances, mut lengths) = (0, 0, 0.0, 0.0);
        for number in 1..=SAMPLES {
            let answer = deterministic_answer(model, &question(number));
            assert_eq!(texts[&(model.to_owned(), format!("case-{number}"))], answer);
            input += estimated_tokens(question(number).chars().count());
            output += estimated_tokens(answer.chars().count());
            relevances += relevance(&format!("The parcel {number} is known to be late"), &answer);
            lengths += answer.chars().count() as f64;
        }
        let found = of_model(&summary, model);
        assert_eq!(found["usage"], json!({"input_tokens": input, "output_tokens": output}));
        assert_eq!(
            (&found["samples"], &found["answered"], &found["failed"]),
            (&json!(SAMPLES), &json!(SAMPLES), &json!(0))
        );
        close(&found["scores"]["relevance"]["mean"], relevances / SAMPLES as f64);
        close(&found["scores"]["response_length"]["mean"], lengths / SAMPLES as f64);
        assert_eq!(found["scores"]["relevance"]["n"], SAMPLES);
        assert_eq!(found["latency"]["n"], SAMPLES);
        assert!(found["latency"]["p50_ms"].as_f64().unwrap() >= 30.0, "{found}");
        assert_eq!(found["stop_reasons"], json!({"end_turn": SAMPLES}));
    }
}

#[test]
fn no_more_are_under_way_than_allowed_and_no_faster_than_asked() {
    let stand_in = StandIn::start(StandInOptions { behaviour: answering(0), ..StandInOptions::default() }).unwrap();
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, 60, &[MODEL]);
    let running = tool.start(&["run", "suite", "--out", "narrow", "--concurrency", "3"]);
    until_held(&stand_in, 3, 3);
    stand_in.set_behaviour(Behaviour::default());
    running.wait().exits(0);
    assert_eq!(stand_in.peak_in_flight(), 3);

    write_suite(&tool, 6, &[MODEL]);
    let mut spec: Value = tool.json("suite/assay.yaml");
    spec["models"][0]["requests_per_minute"] = 300.into();
    tool.write("suite/assay.yaml", spec.to_string());
    let begun = Instant::now();
    tool.run(&["run", "suite", "--out", "slow"]).exits(0);
    // There are five gaps of 200 ms.
    assert!(begun.elapsed() >= Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[test]
fn repeats_ask_as_often_and_average() {
    let stand_in = StandIn::start(StandInOptions::default()).unwrap();
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, 4, &[MODEL]);
    let mut spec: Value = tool.json("suite/assay.yaml");
    spec["repeats"] = 3.into();
    tool.write("suite/assay.yaml", spec.to_string());
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    assert_eq!(stand_in.totals().calls, 12);
    assert!(tool.records("out").iter().all(|record| record["responses"].as_array().unwrap().len() == 3));
    assert_eq!(of_model(&tool.json("out/summary.json"), MODEL)["scores"]["relevance"]["n"], 4);
}

#[test]
fn a_typed_model_is_asked_in_place_of_recorded_answers() {
    let stand_in = StandIn::start(StandInOptions::default()).unwrap();
    let tool = Tool::beside(&stand_in);
    let line = r#"{"prompt": "p", "modelResponses": [{"response": "old", "modelIdentifier": "m"}]}"#;
    tool.write("suite/cases.jsonl", line);
    tool.write("suite/assay.yaml", "dataset: cases.jsonl\nmodels: [{id: never-asked}]\nscorers: [response_length]\n");
    tool.run(&["run", "suite", "--model", MODEL, "--out", "out"]).exits(0);
    assert_eq!(stand_in.totals().calls, 1);
    assert_eq!(stand_in.calls()[0].model.as_ref(), MODEL);
    let records = tool.records("out");
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["responses"][0]["text"], deterministic_answer(MODEL, "p"));
    assert!(records[0].get("recorded").is_none());
}

#[test]
fn a_limit_takes_the_first_and_says_so() {
    let stand_in = StandIn::start(StandInOptions::default()).unwrap();
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, 20, &[MODEL]);
    assert_eq!(questions(20).lines().count(), 20);
    tool.run(&["run", "suite", "--limit", "7", "--out", "out"]).exits(0).prints("no more than the first 7 samples");
    assert_eq!(stand_in.totals().calls, 7);
    let mut asked: Vec<String> = stand_in.calls().iter().map(|call| call.prompt.to_string()).collect();
    asked.sort();
    let mut first: Vec<String> = (1..=7).map(question).collect();
    first.sort();
    assert_eq!(asked, first);
    assert_eq!(of_model(&tool.json("out/summary.json"), MODEL)["samples"], 7);
}
