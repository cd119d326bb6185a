//! What human jobs write.

use local_stack::stand_in::{JobBehaviour, OutputVariant};
use serde_json::{Value, json};

use super::requests::*;
use super::shapes::{sample, shape};
use super::{World, id};

const METHODS: [(&str, &str); 5] = [
    ("Helpfulness", "ThumbsUpDown"),
    ("Clarity", "IndividualLikertScale"),
    ("Accuracy", "ComparisonLikertScale"),
    ("Preferred", "ComparisonChoice"),
    ("Overall", "ComparisonRank"),
];

#[tokio::test]
async fn two_workers_rate_by_every_method() {
    let world = World::start("human", JobBehaviour::default()).await;
    world.put("data/prompts.jsonl", r#"{"prompt":"Suggest an outing.","referenceResponse":"The museum."}"#).await;
    let arn = world.complete(&human("rated", &world.bucket, &[MODEL, OTHER_MODEL], &METHODS)).await;
    assert_eq!(world.get(&arn).await["jobType"], "Human");
    let (key, records) = world.output("rated").await;
    let folder = format!("out/rated/{}/datasets/cases", id(&arn));
    assert!(key.starts_with(&format!("{folder}/")) && key.matches('/').count() == 5, "{key}");

    let mut expected = sample("human", &[3]);
    // The sample follows the sibling page, where the one element stands without its list.
    expected[0]["humanEvaluationResult"] = json!([expected[0]["humanEvaluationResult"]]);
    assert_eq!(shape(&records), shape(&expected));

    let result = &records[0]["humanEvaluationResult"][0];
    assert_eq!(result["modelResponseIdMap"], json!({"0": MODEL, "1": OTHER_MODEL}));
    let uri = format!("s3://{}/{folder}/records/0/human-loop-additional-data.json", world.bucket);
    assert_eq!(result["inputContent"]["additionalDataS3Uri"], uri);
    assert!(world.read(uri.split_once(&format!("{}/", world.bucket)).unwrap().1).await.contains("Suggest an outing."));
    let answers = result["humanAnswers"].as_array().unwrap();
    assert_eq!(answers.len(), 2);
    assert_ne!(answers[0]["workerId"], answers[1]["workerId"]);
    for answer in answers {
        let ratings = &answer["answerContent"]["evaluationResults"];
        for (method, items) in [("thumbsUpDown", 2), ("individualLikertScale", 2), ("comparisonChoice", 1)] {
            assert_eq!(ratings[method].as_array().unwrap().len(), items, "{method}");
        }
        let within = |value: &Value| (1..=5).contains(&value["result"].as_i64().unwrap());
        assert!(ratings["individualLikertScale"].as_array().unwrap().iter().all(within));
        assert!(within(&ratings["comparisonLikertScale"][0]));
        let ranks: Vec<&Value> = ratings["comparisonRank"][0]["result"].as_array().unwrap().iter().collect();
        assert_eq!((&ranks[0]["rank"], &ranks[1]["rank"]), (&json!(1), &json!(2)));
        assert_ne!(ranks[0]["modelResponseId"], ranks[1]["modelResponseId"]);
    }
}

#[tokio::test]
async fn the_other_readings_of_the_documentation_can_be_had() {
    let output = vec![OutputVariant::HumanLoopBeside];
    let world = World::start("human-beside", JobBehaviour { output, ..JobBehaviour::default() }).await;
    let line = r#"{"prompt":"Explain.","referenceResponse":"A ticket.","category":"Tickets"}"#;
    world.put("data/prompts.jsonl", line).await;
    let methods = [METHODS[2], METHODS[3]];
    world.complete(&human("beside", &world.bucket, &[MODEL, OTHER_MODEL], &methods)).await;
    assert_eq!(shape(&world.output("beside").await.1), shape(&sample("human", &[2])));

    world.put("data/prompts.jsonl", line.replace(r#","category":"Tickets""#, "")).await;
    world.set(JobBehaviour { output: vec![OutputVariant::HumanResultObject], ..JobBehaviour::default() });
    world.complete(&human("object", &world.bucket, &[MODEL, OTHER_MODEL], &METHODS)).await;
    assert_eq!(shape(&world.output("object").await.1), shape(&sample("human", &[3])));
}

#[tokio::test]
async fn one_model_is_rated_alone() {
    let world = World::start("human-one", JobBehaviour::default()).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    world.complete(&human("one", &world.bucket, &[MODEL], &METHODS[..2])).await;
    let (_, records) = world.output("one").await;
    assert_eq!(records.len(), 3);
    let mut expected = shape(&sample("human", &[1]));
    expected.remove(".inputRecord.category: string");
    let mut found = shape(&records);
    found.remove(".inputRecord.category: string");
    assert_eq!(found, expected);
}

#[tokio::test]
async fn people_rate_responses_that_the_dataset_brings() {
    let world = World::start("human-own", JobBehaviour::default()).await;
    let responses =
        json!([{"response": "This.", "modelIdentifier": "a"}, {"response": "That.", "modelIdentifier": "b"}]);
    let line = json!({"prompt": "Which?", "modelResponses": responses});
    world.put("data/prompts.jsonl", line.to_string()).await;
    let body = human("own", &world.bucket, &[MODEL, OTHER_MODEL], &METHODS);
    world.complete(&with(body, "/inferenceConfig", json!({"models": [own("a"), own("b")]}))).await;
    let (_, records) = world.output("own").await;
    assert_eq!(records[0]["modelResponses"], responses);
    assert_eq!(records[0]["humanEvaluationResult"][0]["modelResponseIdMap"], json!({"0": "a", "1": "b"}));
}
