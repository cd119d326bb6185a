//! Every rule of CreateEvaluationJob: the service's model, and what is documented beyond it.

use std::collections::BTreeSet;

use local_stack::stand_in::{JobBehaviour, evaluation_job_rules};
use serde_json::{Value, json};

use super::super::error;
use super::World;
use super::requests::*;

const B: &str = "some-bucket";
const AUTOMATED: &str = "/evaluationConfig/automated";
const DATASET: &str = "/evaluationConfig/automated/datasetMetricConfigs/0";
const PARAMETERS: &str = "/inferenceConfig/models/0/bedrockModel/inferenceParams";

async fn world(name: &str) -> World {
    // Nothing is to end while the requests are tried.
    let jobs = JobBehaviour { hold: vec![String::new()], max_concurrent_automated: 1000, ..JobBehaviour::default() };
    World::start(name, jobs).await
}

fn second_dataset(body: Value, config: &str, task: &str) -> Value {
    let mut second = body.pointer(&format!("{config}/datasetMetricConfigs/0")).unwrap().clone();
    second["taskType"] = json!(task);
    with(body, &format!("{config}/datasetMetricConfigs/1"), second)
}

/// Requests that break one documented rule each: the rule, how often it is broken, the request.
fn rule_breaking() -> Vec<(&'static str, usize, Value)> {
    let automatic = || automatic("refused", B);
    let judge = || judge("refused", B);
    let human = |metrics: &[(&str, &str)]| human("refused", B, &[MODEL], metrics);
    let thumbs = || human(&[("Helpful", "ThumbsUpDown")]);
    let dataset = |member: &str| format!("{DATASET}/{member}");
    let parameters = |text: &str| with(automatic(), PARAMETERS, json!(text));
    let scale = |values: Value| custom_judge("refused", B, &values);
    let location = json!({"s3Uri": "s3://some-bucket/data/prompts.jsonl"});
    let rag_sources = retrieve_only("x", B)["inferenceConfig"].clone();
    let other_human = with(thumbs(), "/evaluationConfig/human/datasetMetricConfigs/0/metricNames", json!(["Other"]));
    let own_dataset = "datasetMetricConfigs/0/dataset";
    vec![
        ("application-type-fits-sources", 1, with(automatic(), "/applicationType", json!("RagEvaluation"))),
        (
            "application-type-fits-sources",
            1,
            with(retrieve_only("refused", B), "/applicationType", json!("ModelEvaluation")),
        ),
        ("one-model-per-automated-job", 1, with(automatic(), "/inferenceConfig/models/1", bedrock(OTHER_MODEL))),
        ("one-model-per-automated-job", 1, with(judge(), "/inferenceConfig/models/1", own("a"))),
        ("people-rate-models", 1, with(thumbs(), "/inferenceConfig", rag_sources)),
        ("own-responses-not-in-automatic-jobs", 1, with(automatic(), "/inferenceConfig/models", json!([own("a")]))),
        ("inference-parameters-as-in-converse", 1, parameters("maxTokens=5")),
        ("inference-parameters-as-in-converse", 1, parameters("[]")),
        ("inference-parameters-as-in-converse", 2, parameters(r#"{"temperature": 0.2, "max_tokens": 512}"#)),
        ("inference-parameters-as-in-converse", 1, parameters(r#"{"inferenceConfig": {"max_tokens": 512}}"#)),
        ("inference-parameters-as-in-converse", 1, parameters(r#"{"inferenceConfig": {"temperature": 2}}"#)),
        ("inference-parameters-as-in-converse", 1, parameters(r#"{"additionalModelRequestFields": 5}"#)),
        ("exactly-one-evaluator", 1, with(judge(), &format!("{AUTOMATED}/evaluatorModelConfig"), Value::Null)),
        (
            "exactly-one-evaluator",
            1,
            with(retrieve_only("refused", B), &format!("{AUTOMATED}/evaluatorModelConfig"), Value::Null),
        ),
        ("general-for-judge-jobs", 1, with(judge(), &dataset("taskType"), json!("QuestionAndAnswer"))),
        ("general-for-judge-jobs-only", 1, with(retrieve_only("refused", B), &dataset("taskType"), json!("General"))),
        ("one-task-type-per-job", 1, second_dataset(automatic(), AUTOMATED, "Summarization")),
        ("one-dataset-per-human-job", 1, second_dataset(thumbs(), "/evaluationConfig/human", "Custom")),
        ("own-dataset-has-location", 1, with(automatic(), &dataset("dataset/datasetLocation"), Value::Null)),
        (
            "own-dataset-has-location",
            1,
            with(thumbs(), &format!("/evaluationConfig/human/{own_dataset}/datasetLocation"), Value::Null),
        ),
        (
            "own-dataset-is-json-lines",
            1,
            with(automatic(), &dataset("dataset/datasetLocation/s3Uri"), json!("s3://some-bucket/data/prompts.json")),
        ),
        ("built-in-dataset-exists", 1, built_in("refused", B, "QuestionAndAnswer", "Builtin.Squad")),
        (
            "built-in-dataset-without-location",
            1,
            with(
                built_in("refused", B, "QuestionAndAnswer", "Builtin.BoolQ"),
                &dataset("dataset/datasetLocation"),
                location,
            ),
        ),
        ("built-in-dataset-fits-task", 1, built_in("refused", B, "QuestionAndAnswer", "Builtin.Bold")),
        ("built-in-dataset-fits-task", 1, with(judge(), &dataset("dataset"), json!({"name": "Builtin.BoolQ"}))),
        ("metrics-of-the-kind-of-job", 2, with(automatic(), &dataset("metricNames"), json!(["Accuracy", "Toxicity"]))),
        ("metrics-of-the-kind-of-job", 1, with(automatic(), &dataset("metricNames"), json!(["Builtin.Correctness"]))),
        ("metrics-of-the-kind-of-job", 1, with(judge(), &dataset("metricNames"), json!(["Builtin.Accuracy"]))),
        (
            "metrics-of-the-kind-of-job",
            1,
            with(retrieve_only("refused", B), &dataset("metricNames"), json!(["Builtin.Correctness"])),
        ),
        (
            "metrics-of-the-kind-of-job",
            1,
            with(retrieve_and_generate("refused", B), &dataset("metricNames"), json!(["Builtin.Coherence"])),
        ),
        ("no-toxicity-of-classification", 1, with(automatic(), &dataset("taskType"), json!("Classification"))),
        (
            "custom-metrics-are-listed",
            1,
            with(scale(Value::Null), &dataset("metricNames"), json!(["Builtin.Correctness"])),
        ),
        ("custom-metrics-are-listed metrics-of-the-kind-of-job", 2, other_human),
        (
            "rating-scale-of-one-type",
            1,
            scale(json!([
                {"definition": "Good", "value": {"floatValue": 1}},
                {"definition": "Bad", "value": {"stringValue": "bad"}}
            ])),
        ),
        (
            "rating-scale-in-five-words",
            1,
            scale(json!([{"definition": "Much better than I had hoped", "value": {"floatValue": 1}}])),
        ),
        ("known-rating-method", 1, human(&[("Helpful", "ThumbsUp")])),
        ("comparison-needs-two-models", 1, human(&[("Better", "ComparisonChoice")])),
        ("comparison-needs-two-models", 2, human(&[("Better", "ComparisonRank"), ("More", "ComparisonLikertScale")])),
    ]
}

#[tokio::test]
async fn requests_that_break_a_documented_rule_are_refused_by_its_name() {
    let world = world("rules").await;
    let mut seen = BTreeSet::new();
    for (rules, count, body) in rule_breaking() {
        let (status, name, message) = error(world.served.post("/evaluation-jobs", &body).await).await;
        assert_eq!((status, name.as_str()), (400, "ValidationException"), "{rules}: {body}");
        for rule in rules.split(' ') {
            assert!(message.contains(&format!("(rule {rule})")), "{rule}: {message}");
            seen.insert(rule);
        }
        assert!(message.starts_with(&format!("{count} validation error")), "{rules}: {message}");
    }
    assert_eq!(seen, evaluation_job_rules().into_iter().collect(), "each rule has a request that breaks it");
    assert_eq!(world.served.jobs(), []);
    let violations = world.served.violations();
    assert_eq!(violations.len(), rule_breaking().len());
    assert_eq!((violations[0].operation, &*violations[0].model), ("CreateEvaluationJob", "refused"));
}

#[tokio::test]
async fn requests_that_break_the_service_model_are_refused() {
    let world = world("model").await;
    let base = || automatic("refused", B);
    let output = |uri: &str| with(base(), "/outputDataConfig/s3Uri", json!(uri));
    for (fragment, body) in [
        ("'jobName'", with(base(), "/jobName", json!("Upper_Case"))),
        ("'jobName'", with(base(), "/jobName", json!("ends-"))),
        ("'roleArn' failed to satisfy constraint: Member must not be null", with(base(), "/roleArn", Value::Null)),
        ("'tags'", with(base(), "/tags", json!([]))),
        ("'applicationType'", with(base(), "/applicationType", json!("Evaluation"))),
        (
            "'evaluationConfig'",
            with(
                base(),
                "/evaluationConfig/human",
                json!({"datasetMetricConfigs": [],
            "humanWorkflowConfig": {"flowDefinitionArn": "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/a"}}),
            ),
        ),
        ("'inferenceConfig.models'", with(base(), "/inferenceConfig/models", json!([]))),
        ("taskType'", with(base(), &format!("{DATASET}/taskType"), json!("question"))),
        ("metricNames'", with(base(), &format!("{DATASET}/metricNames"), json!([]))),
        ("'jobDescription'", with(base(), "/jobDescription", json!("two\nlines"))),
        ("'outputDataConfig.s3Uri'", output("s3://some-bucket/dt=2026-01-01/")),
        ("'outputDataConfig.s3Uri'", output("s3://some-bucket/a b")),
        ("'outputDataConfig.s3Uri'", output("s3://some-bucket//a")),
        ("'outputDataConfig.s3Uri'", output("https://some-bucket/a")),
    ] {
        let (status, name, message) = error(world.served.post("/evaluation-jobs", &body).await).await;
        assert_eq!((status, name.as_str()), (400, "ValidationException"), "{fragment}");
        assert!(message.contains(fragment), "{fragment}: {message}");
    }
    let (status, name, _) = error(world.served.post("/evaluation-jobs", &json!("text")).await).await;
    assert_eq!((status, name.as_str()), (400, "ValidationException"));
}

/// Identifiers with whether they may name a model that answers, and one that judges.
const IDENTIFIERS: [(&str, bool, bool); 12] = [
    ("amazon.nova-micro-v1:0", true, true),
    ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0", true, true),
    ("us.amazon.nova-pro-v1:0", true, true),
    ("apac.amazon.nova-pro-v1:0", true, true),
    ("global.anthropic.claude-haiku-4-5-20251001-v1:0", false, true),
    ("us-gov.amazon.nova-pro-v1:0", false, true),
    (
        "arn:aws:bedrock:us-east-1:000000000000:inference-profile/global.anthropic.claude-haiku-4-5-20251001-v1:0",
        true,
        true,
    ),
    ("arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/abcdefghijkl", true, false),
    ("arn:aws:bedrock:us-east-1:000000000000:provisioned-model/abcdefghijkl", true, false),
    ("arn:aws:bedrock:us-east-1:000000000000:imported-model/abcdefghijkl", true, false),
    ("arn:aws:bedrock:us-east-1:000000000000:default-prompt-router/anthropic.claude:1", true, false),
    ("arn:aws:sagemaker:us-east-1:000000000000:endpoint/some-endpoint", true, false),
];

#[tokio::test]
async fn some_identifiers_may_answer_and_not_judge_and_the_other_way_round() {
    let world = world("identifiers").await;
    let judge_place = format!("{AUTOMATED}/evaluatorModelConfig/bedrockEvaluatorModels/0/modelIdentifier");
    let model_place = "/inferenceConfig/models/0/bedrockModel/modelIdentifier";
    for (index, (identifier, may_answer, may_judge)) in IDENTIFIERS.into_iter().enumerate() {
        for (role, place, is_allowed) in
            [("answer", model_place, may_answer), ("judge", judge_place.as_str(), may_judge)]
        {
            let body = with(judge(&format!("{role}-{index}"), &world.bucket), place, json!(identifier));
            let response = world.served.post("/evaluation-jobs", &body).await;
            let expected = if is_allowed { 202 } else { 400 };
            assert_eq!(response.status(), expected, "{identifier} may {role}: {is_allowed}");
        }
    }
}

#[tokio::test]
async fn models_that_do_not_exist_are_not_found() {
    let known_models = Some(vec![MODEL.to_owned()]);
    let behaviour = local_stack::stand_in::Behaviour { known_models, ..Default::default() };
    let options = local_stack::stand_in::StandInOptions { behaviour, ..Default::default() };
    let world = World::with("unknown-models", options).await;
    let (status, name, message) = error(world.served.post("/evaluation-jobs", &judge("a", &world.bucket)).await).await;
    assert_eq!((status, name.as_str()), (404, "ResourceNotFoundException"));
    assert!(message.contains(JUDGE), "{message}");
    world.create(&automatic("b", &world.bucket)).await;
}

#[tokio::test]
async fn every_kind_of_job_has_a_request_that_is_accepted() {
    let world = world("accepted").await;
    let numbers = json!([
        {"definition": "Poor", "value": {"floatValue": 1}},
        {"definition": "Good", "value": {"floatValue": 5}}
    ]);
    let parameters = r#"{"inferenceConfig": {"maxTokens": 5, "temperature": 0.2, "topP": 0.9, "stopSequences": ["END"]},
        "additionalModelRequestFields": {"top_k": 50}}"#;
    let b = world.bucket.as_str();
    for body in [
        with(automatic("automatic", b), PARAMETERS, json!(parameters)),
        built_in("built-in", b, "Classification", "Builtin.WomensEcommerceClothingReviews"),
        judge("judge", b),
        with(judge("judge-own", b), "/inferenceConfig/models", json!([own("support-bot")])),
        custom_judge("judge-custom", b, &numbers),
        with(
            with(
                custom_judge("judge-only-custom", b, &Value::Null),
                &format!("{DATASET}/metricNames"),
                json!(["BrandVoice"]),
            ),
            &format!("{AUTOMATED}/evaluatorModelConfig"),
            Value::Null,
        ),
        retrieve_only("retrieve-only", b),
        retrieve_and_generate("retrieve-and-generate", b),
        own_rag("own-rag", b),
        human("human", b, &[MODEL], &[("Helpful", "ThumbsUpDown"), ("Clear", "IndividualLikertScale")]),
        human("human-two", b, &[MODEL, OTHER_MODEL], &[("Better", "ComparisonChoice")]),
    ] {
        world.create(&body).await;
    }
    assert!(world.served.violations().is_empty());
    assert_eq!(world.served.jobs().len(), 11);
}
