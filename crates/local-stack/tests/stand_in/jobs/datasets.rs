//! What is wrong with a dataset fails the job when it runs.

use local_stack::stand_in::JobBehaviour;
use serde_json::{Value, json};

use super::World;
use super::requests::*;

/// A request, the dataset, and what the failure says.
fn cases(bucket: &str) -> Vec<(Value, String, &'static str)> {
    let automatic = || automatic("x", bucket);
    let own_judge = || with(judge("x", bucket), "/inferenceConfig/models", json!([own("bot")]));
    let prompt = |more: &str| format!(r#"{{"prompt":"One?","referenceResponse":"Two."{more}}}"#);
    let own_prompt = |responses: &str| prompt(&format!(r#","modelResponses":[{responses}]"#));
    let bot = r#"{"response":"a","modelIdentifier":"bot"}"#;
    let large = json!({"prompt": "x".repeat(4097), "referenceResponse": "y"}).to_string();
    let turns = |count: usize| conversation(&vec!["One?"; count]).to_string();
    let turn = |pointer: &str, value: Value| {
        with(conversation(&["One?"]), &format!("/conversationTurns/0/{pointer}"), value).to_string()
    };
    let output = |pointer: &str, value: Value| {
        let output = json!({
            "text": "a", "knowledgeBaseIdentifier": "my-rag-source", "retrievedPassages": {"retrievalResults": []},
        });
        turn("output", with(output, pointer, value))
    };
    let two_own = json!({"models": [own("a"), own("b")]});
    let own_human =
        with(human("x", bucket, &[MODEL, OTHER_MODEL], &[("Better", "ComparisonChoice")]), "/inferenceConfig", two_own);
    vec![
        (automatic(), "\n".to_owned(), "has no prompts"),
        (automatic(), "not json".to_owned(), "line 1: the line is not JSON"),
        (automatic(), "[1]".to_owned(), "line 1: the line is not a JSON object"),
        (automatic(), format!("{}\n", prompt("")).repeat(1001), "1001 prompts; at most 1000"),
        (automatic(), large, "4097 bytes; at most 4 KB"),
        (automatic(), prompt(r#","id":"7""#), "the key `id` is not known"),
        (automatic(), own_prompt(bot), "the key `modelResponses` is not known"),
        (automatic(), r#"{"referenceResponse":"Two."}"#.to_owned(), "`prompt` must be a string"),
        (automatic(), r#"{"prompt":" ","referenceResponse":"Two."}"#.to_owned(), "the prompt is empty"),
        (automatic(), r#"{"prompt":"One?"}"#.to_owned(), "Builtin.Accuracy needs a `referenceResponse`"),
        (automatic(), prompt(r#","category":7"#), "`category` must be a string"),
        (own_judge(), prompt(""), "`modelResponses` must be a list"),
        (own_judge(), own_prompt(r#"{"response":"a","modelIdentifier":"other"}"#), "other is not an inferenceSource"),
        (own_judge(), own_prompt(&format!("{bot},{bot}")), "2 model responses instead of 1"),
        (own_judge(), own_prompt(r#"{"text":"a","modelIdentifier":"bot"}"#), "`modelResponses[0].text` is not known"),
        (own_human.clone(), own_prompt(r#"{"response":"a","modelIdentifier":"a"}"#), "1 model responses instead of 2"),
        (retrieve_only("x", bucket), PROMPTS.to_owned(), "`conversationTurns` must be a list"),
        (retrieve_only("x", bucket), turns(2), "1 to 1 turns, not 2"),
        (retrieve_and_generate("x", bucket), turns(6), "1 to 5 turns, not 6"),
        (retrieve_only("x", bucket), turn("referenceResponses", Value::Null), "Builtin.ContextCoverage needs"),
        (retrieve_only("x", bucket), turn("prompt", json!("One?")), "`conversationTurns[0].prompt` must have the form"),
        (retrieve_only("x", bucket), turn("referenceResponses", json!(["a"])), "referenceResponses` must list"),
        (retrieve_only("x", bucket), turn("referenceContexts", json!([])), "referenceContexts` is not known"),
        (retrieve_and_generate("x", bucket), output("/text", json!("a")), "output` is not known"),
        (own_rag("x", bucket), turns(1), "output` must be an object"),
        (own_rag("x", bucket), output("/knowledgeBaseIdentifier", json!("b")), "is not the job's ragSourceIdentifier"),
        (own_rag("x", bucket), output("/text", Value::Null), "output.text` must be a string"),
        (own_rag("x", bucket), output("/retrievedPassages", json!([])), "retrievalResults` must list passages"),
        (own_rag("x", bucket), output("/retrievedResults", json!([])), "output.retrievedResults` is not known"),
    ]
}

#[tokio::test]
async fn datasets_that_break_a_rule_fail_the_job() {
    let world = World::start("datasets", JobBehaviour::default()).await;
    for (index, (body, content, expected)) in cases(&world.bucket).into_iter().enumerate() {
        let key = format!("data/case-{index}.jsonl");
        world.put(&key, content).await;
        let body = with(body, "/jobName", json!(format!("case-{index}")));
        let kind = if body["evaluationConfig"].get("human").is_some() { "human" } else { "automated" };
        let place = format!("/evaluationConfig/{kind}/datasetMetricConfigs/0/dataset/datasetLocation/s3Uri");
        let arn = world.create(&with(body, &place, json!(format!("s3://{}/{key}", world.bucket)))).await;
        let job = world.until(&arn, "Failed").await;
        let messages = job["failureMessages"].to_string();
        assert!(messages.contains(expected), "{expected}: {messages}");
        assert_eq!(world.keys(&format!("out/case-{index}")).await.len(), 1, "nothing but the permission check");
    }
}

#[tokio::test]
async fn a_dataset_that_is_missing_fails_the_job() {
    let world = World::start("missing", JobBehaviour::default()).await;
    let arn = world.create(&automatic("missing", &world.bucket)).await;
    let job = world.until(&arn, "Failed").await;
    let message = job["failureMessages"][0].as_str().unwrap();
    assert_eq!(message, format!("The object s3://{}/data/prompts.jsonl does not exist.", world.bucket));
}

#[tokio::test]
async fn every_problem_is_named_and_no_more_than_the_service_allows() {
    let world = World::start("problems", JobBehaviour::default()).await;
    world.put("data/prompts.jsonl", "x\n".repeat(30)).await;
    let arn = world.create(&automatic("problems", &world.bucket)).await;
    let job = world.until(&arn, "Failed").await;
    let messages = job["failureMessages"].as_array().unwrap();
    assert_eq!(messages.len(), 20);
    assert!(messages[19].as_str().unwrap().starts_with("Dataset cases, line 20: "), "{}", messages[19]);
}
