//! Requests and answers against AWS's own service model, which comes with the Python environment.

use std::sync::Arc;

use local_stack::environment::Environment;
use local_stack::stand_in::{Behaviour, Fault, FaultRule, ServiceModel, StandInOptions};
use serde_json::{Value, json};

use super::{MODEL, Served, error, request, start, start_with};

async fn service_model() -> Arc<ServiceModel> {
    let environment = Environment::prepare().await.unwrap();
    let path = environment.bedrock_runtime_model().unwrap();
    Arc::new(ServiceModel::load(&path).unwrap())
}

async fn start_checked() -> Served {
    let service_model = Some(service_model().await);
    start(StandInOptions { service_model, ..StandInOptions::default() })
}

#[tokio::test]
async fn violating_requests_are_refused_and_kept() {
    let served = start_checked().await;
    let content = |block: Value| json!({"messages": [{"role": "user", "content": [block]}]});
    let with = |name: &str, value: Value| {
        let mut body = request("one");
        body[name] = value;
        body
    };
    let cases = [
        (with("maxTokens", json!(5)), "'maxTokens'", "Member is not known"),
        (content(json!({"text": 5})), "'messages[0].content[0].text'", "must be a string"),
        (
            content(json!({"text": "one", "toolUse": {"toolUseId": "a", "name": "b", "input": {}}})),
            "'messages[0].content[0]'",
            "exactly one member",
        ),
        (
            with("inferenceConfig", json!({"temperature": 2})),
            "'inferenceConfig.temperature'",
            "less than or equal to 1",
        ),
        (json!({"messages": [{"role": "user"}]}), "'messages[0].content'", "must not be null"),
        (
            json!({"messages": [{"role": "robot", "content": [{"text": "one"}]}]}),
            "'messages[0].role'",
            "enum value set",
        ),
        (with("system", json!([{"text": ""}])), "'system[0].text'", "length greater"),
        (with("inferenceConfig", json!({"maxTokens": "5"})), "'inferenceConfig.maxTokens'", "must be an integer"),
        (with("requestMetadata", json!({"run": "a*b"})), "'requestMetadata.run'", "regular expression"),
        (json!({"messages": []}), "'messages'", "must start with a user message"),
        (content(json!({"text": " "})), "'messages[0].content[0].text'", "must not be blank"),
    ];
    let count = cases.len();
    for (body, path, constraint) in cases {
        let (status, name, message) = error(served.call(MODEL, &body).send().await.unwrap()).await;
        assert_eq!((status, name.as_str()), (400, "ValidationException"), "{body}");
        assert!(message.contains(path) && message.contains(constraint), "{message}");
    }
    assert_eq!(served.violations().len(), count);

    let mut several = request("one");
    several["inferenceConfig"] = json!({"temperature": -1, "topP": 2, "topK": 3});
    let (_, _, message) = error(served.call(MODEL, &several).send().await.unwrap()).await;
    assert!(message.starts_with("3 validation errors detected: "), "{message}");

    assert_eq!(served.ask("not a model!", "one").await.status(), 400);
    assert_eq!(served.violations()[count + 1].violations[0].path, "modelId");
}

#[tokio::test]
async fn a_request_that_uses_everything_passes() {
    let served = start_checked().await;
    let body = json!({
        "system": [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}],
        "messages": [
            {"role": "user", "content": [{"text": "Hello."}]},
            {"role": "assistant", "content": [{"text": "Yes?"}]},
            {"role": "user", "content": [{"text": "one"}]}
        ],
        "inferenceConfig": {"maxTokens": 512, "temperature": 0.7, "topP": 1, "stopSequences": ["."]},
        "additionalModelRequestFields": {"anything": [1, null, {"goes": "here"}]},
        "additionalModelResponseFieldPaths": ["/stop_sequence"],
        "requestMetadata": {"source": "evaluation", "runId": "20260801T120000Z-0a1b2c3d"},
        "performanceConfig": {"latency": "standard"},
        "guardrailConfig": {"guardrailIdentifier": "abc", "guardrailVersion": "DRAFT", "trace": "enabled"}
    });
    let arn = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3";
    for model in [MODEL, "us.amazon.nova-lite-v1:0", "anthropic.claude-sonnet-4-6", arn] {
        let response = served.call(model, &body).send().await.unwrap();
        let status = response.status();
        assert_eq!(status, 200, "{}", response.text().await.unwrap());
    }
    assert!(served.violations().is_empty());
}

#[tokio::test]
async fn own_answers_keep_the_service_model() {
    let model = service_model().await;
    let served = start_with(Behaviour::default());
    let faults = [
        None,
        Some(Fault::ReasoningFirst),
        Some(Fault::TextBlocks(4)),
        Some(Fault::EmptyContent),
        Some(Fault::StopReason("guardrail_intervened".to_owned())),
    ];
    for fault in faults {
        let rules = fault.map(FaultRule::always).into_iter().collect();
        served.set_behaviour(Behaviour { faults: rules, ..Behaviour::default() });
        let answer = served.answer(MODEL, "one").await;
        assert_eq!(model.check_output("Converse", &answer), [], "{answer}");
    }
    served.set_behaviour(Behaviour::default().with(FaultRule::always(Fault::MissingOutput)));
    let broken = served.answer(MODEL, "one").await;
    assert_eq!(model.check_output("Converse", &broken).len(), 1);
}

#[tokio::test]
async fn without_a_model_a_body_must_still_be_a_conversation() {
    let served = start_with(Behaviour::default());
    for body in [json!({"messages": "one"}), json!([]), json!({"messages": [{"role": "user"}]})] {
        assert_eq!(served.call(MODEL, &body).send().await.unwrap().status(), 400, "{body}");
    }
    let response = served.call(MODEL, &json!({})).body("{").send().await.unwrap();
    let (status, name, _) = error(response).await;
    assert_eq!((status, name.as_str()), (400, "SerializationException"));
}
