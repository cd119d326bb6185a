//! What automatic, judge and RAG jobs write: where, in which shape, and with which scores.

use std::collections::BTreeMap;

use local_stack::stand_in::{
    Answers, Behaviour, JobBehaviour, Recordings, StandInOptions, deterministic_answer, deterministic_score,
};
use serde_json::{Value, json};

use super::requests::*;
use super::shapes::{sample, shape};
use super::{World, id};

/// The key, with the file's name cut to what is fixed of it.
fn place(key: &str) -> String {
    let (folder, file) = key.rsplit_once('/').unwrap();
    let uuid = file.strip_suffix("_output.jsonl").unwrap();
    let parts: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12], "{uuid}");
    folder.to_owned()
}

#[tokio::test]
async fn automatic_jobs_score_by_the_documented_numbers() {
    let world = World::start("automatic", JobBehaviour::default()).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    let arn = world.complete(&automatic("nightly", &world.bucket)).await;
    let (key, records) = world.output("nightly").await;
    let folder = format!("out/nightly/{}/models/{MODEL}/taskTypes/QuestionAndAnswer/datasets/cases", id(&arn));
    assert_eq!(place(&key), folder);
    assert!(!world.read(&key).await.ends_with('\n'));
    assert_eq!(shape(&records), shape(&sample("automatic", &[3])));

    let lines: Vec<Value> = PROMPTS.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (line, record) in lines.iter().zip(&records) {
        assert_eq!(&record["inputRecord"], line);
        let prompt = line["prompt"].as_str().unwrap();
        let response = record["modelResponses"][0]["response"].as_str().unwrap();
        assert_eq!(response, deterministic_answer(MODEL, prompt));
        for (score, metric) in record["automatedEvaluationResult"]["scores"].as_array().unwrap().iter().zip([
            "Builtin.Accuracy",
            "Builtin.Robustness",
            "Builtin.Toxicity",
        ]) {
            assert_eq!(score["metricName"], metric);
            assert_eq!(score["result"].as_f64(), deterministic_score(metric, prompt, response));
        }
    }
    assert_eq!(records.len(), lines.len());
}

#[tokio::test]
async fn each_dataset_has_a_file_of_its_own() {
    let world = World::start("two-datasets", JobBehaviour::default()).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    let mut body = built_in("two", &world.bucket, "QuestionAndAnswer", "Builtin.BoolQ");
    let own = automatic("two", &world.bucket)["evaluationConfig"]["automated"]["datasetMetricConfigs"][0].clone();
    body["evaluationConfig"]["automated"]["datasetMetricConfigs"].as_array_mut().unwrap().push(own);
    world.complete(&body).await;
    let keys = world.keys("out/two").await;
    let outputs = keys.iter().filter(|key| key.ends_with("_output.jsonl"));
    let datasets: Vec<&str> = outputs.filter_map(|key| key.rsplit('/').nth(1)).collect();
    assert_eq!(datasets, ["Builtin.BoolQ", "cases"]);
}

#[tokio::test]
async fn whole_scores_of_automatic_jobs_have_no_fraction() {
    let scores = BTreeMap::from([("Builtin.Accuracy".to_owned(), Some(1.0)), ("Builtin.Robustness".to_owned(), None)]);
    let world = World::start("whole", JobBehaviour { scores, ..JobBehaviour::default() }).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    world.complete(&automatic("whole", &world.bucket)).await;
    let (key, records) = world.output("whole").await;
    assert!(world.read(&key).await.contains(r#"{"metricName":"Builtin.Accuracy","result":1}"#));
    assert_eq!(records[0]["automatedEvaluationResult"]["scores"][1]["result"], Value::Null);
}

#[tokio::test]
async fn built_in_datasets_have_prompts_of_their_own() {
    let world = World::start("built-in", JobBehaviour::default()).await;
    let body = built_in("trivia", &world.bucket, "QuestionAndAnswer", "Builtin.TriviaQA");
    let arn = world.complete(&body).await;
    let (key, records) = world.output("trivia").await;
    assert_eq!(records.len(), 5);
    assert!(place(&key).ends_with("/taskTypes/QuestionAndAnswer/datasets/Builtin.TriviaQA"), "{key}");
    assert!(key.contains(id(&arn)));
}

#[tokio::test]
async fn parameters_and_recordings_hold_as_in_converse() {
    let mut recordings = Recordings::default();
    recordings.add(MODEL, "What is recorded?", "This is.");
    let options = StandInOptions { answers: Answers::recorded(recordings), ..StandInOptions::default() };
    let world = World::with("recorded", options).await;
    world.put("data/prompts.jsonl", r#"{"prompt":"What is recorded?","referenceResponse":"This."}"#).await;
    world.complete(&automatic("recorded", &world.bucket)).await;
    let (_, records) = world.output("recorded").await;
    assert_eq!(records[0]["modelResponses"][0]["response"], "This is.");
    world.put("data/prompts.jsonl", PROMPTS).await;
    let arn = world.create(&automatic("unrecorded", &world.bucket)).await;
    let failed = world.until(&arn, "Failed").await;
    assert!(failed["failureMessages"][0].as_str().unwrap().contains("no answer of"), "{failed}");

    let world = World::start("parameters", JobBehaviour::default()).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    let parameters = json!(r#"{"inferenceConfig":{"maxTokens":2}}"#);
    let place = "/inferenceConfig/models/0/bedrockModel/inferenceParams";
    world.complete(&with(automatic("short", &world.bucket), place, parameters)).await;
    let (_, records) = world.output("short").await;
    let response = &records[0]["modelResponses"][0];
    assert_eq!((response["response"].as_str().unwrap().len(), &response["stopReason"]), (8, &json!("max_tokens")));
}

#[tokio::test]
async fn judges_explain_and_sometimes_give_no_score() {
    let scores = BTreeMap::from([("Builtin.FollowingInstructions".to_owned(), None)]);
    let world = World::start("judge", JobBehaviour { scores, ..JobBehaviour::default() }).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    let arn = world.complete(&judge("judged", &world.bucket)).await;
    let (key, records) = world.output("judged").await;
    assert_eq!(place(&key), format!("out/judged/{}/models/{MODEL}/taskTypes/General/datasets/cases", id(&arn)));
    assert_eq!(shape(&records), shape(&sample("judge", &[1, 2])));
    let scores = records[0]["automatedEvaluationResult"]["scores"].as_array().unwrap();
    assert_eq!(scores[0]["evaluatorDetails"][0]["modelIdentifier"], JUDGE);
    let response = records[0]["modelResponses"][0]["response"].as_str().unwrap();
    let expected = deterministic_score("Builtin.Helpfulness", "How long may a map be kept?", response);
    assert_eq!(scores[1]["result"].as_f64(), expected);
}

#[tokio::test]
async fn responses_that_the_dataset_brings_are_judged_as_they_are() {
    let scores = BTreeMap::from([("Builtin.FollowingInstructions".to_owned(), Some(0.75))]);
    let world = World::start("own-responses", JobBehaviour { scores, ..JobBehaviour::default() }).await;
    let line = json!({
        "prompt": "Where do I return a rented bike?",
        "referenceResponse": "At any green station.",
        "modelResponses": [{"response": "Any green station.", "modelIdentifier": "support-bot-v7"}],
    });
    world.put("data/prompts.jsonl", line.to_string()).await;
    let body = with(judge("own", &world.bucket), "/inferenceConfig/models", json!([own("support-bot-v7")]));
    world.complete(&body).await;
    let (key, records) = world.output("own").await;
    assert!(key.contains("/models/support-bot-v7/taskTypes/General/"), "{key}");
    assert_eq!(shape(&records), shape(&sample("judge", &[5])));
    assert_eq!(records[0]["modelResponses"], line["modelResponses"]);
}

#[tokio::test]
async fn custom_metrics_take_their_values_from_the_scale() {
    let scores = BTreeMap::from([("Builtin.Correctness".to_owned(), Some(0.25))]);
    let world = World::start("custom", JobBehaviour { scores, ..JobBehaviour::default() }).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    let scale = json!([
        {"definition": "Poor", "value": {"floatValue": 1}},
        {"definition": "Fair", "value": {"floatValue": 4}},
        {"definition": "Good", "value": {"floatValue": 9}}
    ]);
    let arn = world.complete(&custom_judge("custom", &world.bucket, &scale)).await;
    let (_, records) = world.output("custom").await;
    for record in &records {
        let scores = &record["automatedEvaluationResult"]["scores"];
        assert_eq!(scores[0]["result"], 0.25);
        assert_eq!(scores[1]["metricName"], "BrandVoice");
        assert!([1.0, 4.0, 9.0].contains(&scores[1]["result"].as_f64().unwrap()), "{scores}");
    }
    let definition = world.read(&format!("out/custom/{}/custom_metrics/BrandVoice.json", id(&arn))).await;
    assert!(definition.contains("Rate {{prediction}}."), "{definition}");
}

#[tokio::test]
async fn retrieving_jobs_write_what_was_found() {
    let world = World::start("retrieve", JobBehaviour::default()).await;
    world.put("data/conversations.jsonl", conversation(&["Which stops have a lift?"]).to_string()).await;
    let arn = world.complete(&retrieve_only("lifts", &world.bucket)).await;
    let (key, records) = world.output("lifts").await;
    assert_eq!(place(&key), format!("out/lifts/{}/inference_configs/0/datasets/cases", id(&arn)));
    assert_eq!(shape(&records), shape(&sample("rag_retrieve_only", &[1])));
    let turn = &records[0]["conversationTurns"][0];
    assert_eq!(turn["output"]["knowledgeBaseIdentifier"], KNOWLEDGE_BASE);
    let passages = turn["output"]["retrievedResults"]["retrievalResults"].as_array().unwrap();
    let texts: Vec<&str> = passages.iter().map(|passage| passage["content"]["text"].as_str().unwrap()).collect();
    let expected = deterministic_score("Builtin.ContextRelevance", "Which stops have a lift?", &texts.join("\n"));
    assert_eq!(turn["results"][0]["result"].as_f64(), expected);
}

#[tokio::test]
async fn generating_jobs_write_each_turn_with_its_results() {
    let scores = BTreeMap::from([("Builtin.Faithfulness".to_owned(), None)]);
    let jobs = JobBehaviour { scores, ..JobBehaviour::default() };
    let world = World::with(
        "generate",
        StandInOptions { behaviour: Behaviour { jobs, ..Behaviour::default() }, ..StandInOptions::default() },
    )
    .await;
    let prompts = ["Is the tower open in winter?", "And how much is it then?"];
    world.put("data/conversations.jsonl", conversation(&prompts).to_string()).await;
    world.complete(&retrieve_and_generate("tower", &world.bucket)).await;
    let (_, records) = world.output("tower").await;
    assert_eq!(shape(&records), shape(&sample("rag_retrieve_and_generate", &[1, 2, 3])));
    let turns = records[0]["conversationTurns"].as_array().unwrap();
    assert_eq!(turns.len(), 2);
    let output = &turns[1]["output"];
    let text = output["text"].as_str().unwrap();
    assert_eq!(text, deterministic_answer(GENERATOR, prompts[1]));
    assert_eq!(output["citations"][0]["generatedResponsePart"]["textResponsePart"]["text"], text);
    assert_eq!(turns[1]["results"][0]["result"].as_f64(), deterministic_score("Builtin.Correctness", prompts[1], text));
}

#[tokio::test]
async fn results_of_another_rag_system_are_repeated() {
    let world = World::start("own-rag", JobBehaviour::default()).await;
    let mut line = conversation(&["Do you sell gift cards?"]);
    let output = json!({
        "text": "Sorry, I could not find that.",
        "modelIdentifier": "third-party-model",
        "knowledgeBaseIdentifier": "my-rag-source",
        "retrievedPassages": {"retrievalResults": []},
        "citations": [],
    });
    line["conversationTurns"][0]["output"] = output.clone();
    world.put("data/conversations.jsonl", line.to_string()).await;
    world.complete(&own_rag("own", &world.bucket)).await;
    let (_, records) = world.output("own").await;
    let turn = &records[0]["conversationTurns"][0];
    assert_eq!((&turn["output"], turn["inputRecord"].get("output")), (&output, None));
    let mut expected = shape(&sample("rag_retrieve_and_generate", &[2]));
    expected.remove(".conversationTurns[].results[].result: null");
    assert_eq!(shape(&records), expected);
}
