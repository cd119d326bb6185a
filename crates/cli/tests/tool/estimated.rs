//! What a run would take: told without asking, also without AWS, and for what is left alone.

use super::tool::{MODEL, Tool, answering, question, questions, stand_in, until_held};
use local_stack::stand_in::{Behaviour, estimated_tokens};
use serde_json::{Value, json};

const SAMPLES: usize = 40;
const STRANGER: &str = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc";

fn suite(tool: &Tool, models: Value, repeats: u32) {
    tool.write("suite/cases.jsonl", questions(SAMPLES));
    let spec = json!({"suite": "parcels", "dataset": "cases.jsonl", "system": "Be brief.", "models": models, "repeats": repeats});
    tool.write("suite/assay.yaml", spec.to_string());
}

fn estimate(tool: &Tool) -> Value {
    let ended = tool.run(&["run", "suite", "--out", "out", "--estimate", "--format", "json"]).exits(0);
    serde_json::from_str(&ended.out).unwrap()
}

/// The characters of one question with its system prompt.
fn characters(number: usize) -> u64 {
    (question(number).chars().count() + "Be brief.".len()) as u64
}

#[test]
fn without_aws_four_characters_are_a_token() {
    let tool = Tool::alone().with("AWS_REGION", "us-east-1").with("AWS_EC2_METADATA_DISABLED", "true");
    let models = json!([{"id": MODEL, "inference": {"maxTokens": 100}}, {"id": STRANGER}]);
    suite(&tool, models, 3);
    let told = estimate(&tool);
    let all: u64 = (1..=SAMPLES).map(|number| 3 * characters(number)).sum();
    let (calls, input) = (3 * SAMPLES as u64, all.div_ceil(4));
    assert_eq!((&told["samples"], &told["calls"]), (&json!(SAMPLES), &json!(2 * calls)));
    let of = |model: &str| told["models"].as_array().unwrap().iter().find(|found| found["model"] == model).unwrap();
    let known = of(MODEL);
    assert_eq!((&known["calls"], &known["input_tokens"]), (&json!(calls), &json!(input)));
    assert_eq!((&known["most_output_tokens"], &known["counted_prompts"]), (&json!(100 * calls), &json!(0)));
    // Billionths of a dollar: 60 for a token read, 240 for one written.
    let dollars = |billionths: u64| format!("0.{billionths:09}").parse::<f64>().unwrap();
    assert_eq!(known["least_usd"], json!(dollars(input * 60)));
    assert_eq!(known["most_usd"], json!(dollars(input * 60 + 100 * calls * 240)));
    let unknown = of(STRANGER);
    assert_eq!((&unknown["most_output_tokens"], &unknown["assumed_answer"]), (&json!(4096 * calls), &json!(4096)));
    assert!(unknown["most_usd"].is_null());
    assert_eq!(told["most"], json!({"usd": known["most_usd"], "complete": false, "unknown": [STRANGER]}));
    let text = tool.run(&["run", "suite", "--estimate"]).exits(0).prints("unknown").prints("are assumed").out;
    assert!(text.contains("nothing was asked") && !tool.path("out/claim.json").exists(), "{text}");
}

#[test]
fn bedrock_counts_where_it_can_and_no_model_is_asked() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    suite(&tool, json!([{"id": MODEL, "inference": {"maxTokens": 100}}]), 1);
    let told = estimate(&tool);
    assert_eq!(stand_in.totals().calls, 0);
    let counted: (u64, u64) = (1..=20)
        .map(characters)
        .fold((0, 0), |(all, tokens), characters| (all + characters, tokens + estimated_tokens(characters as usize)));
    let model = &told["models"][0];
    assert_eq!(model["counted_prompts"], 20);
    assert_eq!(model["characters_per_token"], json!(counted.0 as f64 / counted.1 as f64));
    let all: u64 = (1..=SAMPLES).map(characters).sum();
    let ratio = counted.0 as f64 / counted.1 as f64;
    assert_eq!(model["input_tokens"], json!((all as f64 / ratio).ceil() as u64));
}

#[test]
fn what_is_answered_already_is_not_counted() {
    let stand_in = stand_in(answering(20));
    let tool = Tool::beside(&stand_in);
    suite(&tool, json!([{"id": MODEL}]), 2);
    let running = tool.start(&["run", "suite", "--out", "out", "--concurrency", "4"]);
    until_held(&stand_in, 24, 4);
    running.interrupt("INT", &stand_in).exits(4);
    let answered = stand_in.calls().iter().filter(|call| call.outcome.name() == "answered").count() as u64;
    let calls = stand_in.totals().calls;
    let told = estimate(&tool);
    let model = &told["models"][0];
    assert_eq!((&model["answered"], &model["calls"]), (&json!(answered), &json!(2 * SAMPLES as u64 - answered)));
    assert_eq!(stand_in.totals().calls, calls);
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    assert_eq!(estimate(&tool)["calls"], 0);
}

#[test]
fn recorded_answers_take_nothing() {
    let tool = Tool::alone();
    let line = json!({"prompt": "p", "modelResponses": [{"response": "r", "modelIdentifier": MODEL}]});
    tool.write("suite/cases.jsonl", line.to_string());
    tool.write("suite/assay.yaml", "dataset: cases.jsonl\n");
    let told = estimate(&tool);
    assert_eq!((&told["samples"], &told["calls"], &told["most"]), (&json!(1), &json!(0), &Value::Null));
}
