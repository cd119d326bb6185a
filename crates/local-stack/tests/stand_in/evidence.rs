//! Embeddings, guardrails and forced tools, held to AWS's own service model in both directions.

use std::sync::Arc;

use local_stack::environment::Environment;
use local_stack::stand_in::{
    Behaviour, Fault, FaultRule, ServiceModel, StandInOptions, deterministic_embedding, deterministic_input,
};
use serde_json::{Value, json};

use super::{MODEL, Served, error, start};

const TITAN: &str = "/model/amazon.titan-embed-text-v2%3A0/invoke";
const CHECKS: &str = "/guardrail-checks/invoke";
const GUARDRAIL: &str = "/guardrail/abc1/version/DRAFT/apply";

async fn start_checked(behaviour: Behaviour) -> (Served, Arc<ServiceModel>) {
    let path = Environment::prepare().await.unwrap().bedrock_runtime_model().unwrap();
    let model = Arc::new(ServiceModel::load(&path).unwrap());
    let service_model = Some(Arc::clone(&model));
    (start(StandInOptions { service_model, behaviour, ..StandInOptions::default() }), model)
}

fn checks(text: &str) -> Value {
    json!({
        "messages": [{"role": "assistant", "content": [{"text": text}]}],
        "checks": {"contentFilter": {"categories": [{"category": "HATE"}, {"category": "VIOLENCE"}]}}
    })
}

fn guardrail(scope: &str) -> Value {
    json!({"source": "OUTPUT", "outputScope": scope, "content": [{"text": {"text": "bad"}}]})
}

async fn answer(served: &Served, path: &str, body: &Value) -> Value {
    let response = served.post(path, body).await;
    assert_eq!(response.status(), 200, "{path}");
    response.json().await.unwrap()
}

#[tokio::test]
async fn guardrails_answer_as_the_service_model_says() {
    let severities = Fault::Severities([("HATE".to_owned(), Some(0.6)), ("SEXUAL".to_owned(), None)].into());
    let (served, model) =
        start_checked(Behaviour::default().with(FaultRule::always(severities).for_prompt("bad"))).await;
    let found = answer(&served, CHECKS, &checks("bad")).await;
    assert_eq!(model.check_output("InvokeGuardrailChecks", &found), []);
    let results = json!([
        {"category": "HATE", "severityScore": 0.6}, {"category": "VIOLENCE", "severityScore": 0.0}
    ]);
    assert_eq!(found["results"]["contentFilter"]["results"], results);

    let full = answer(&served, GUARDRAIL, &guardrail("FULL")).await;
    assert_eq!(model.check_output("ApplyGuardrail", &full), []);
    let filters = full["assessments"][0]["contentPolicy"]["filters"].as_array().unwrap();
    assert_eq!(filters.len(), 4, "there is no filter for SEXUAL");
    let detected = answer(&served, GUARDRAIL, &guardrail("INTERVENTIONS")).await;
    let detected = &detected["assessments"][0]["contentPolicy"]["filters"];
    assert_eq!((detected[0]["type"].as_str(), detected[0]["confidence"].as_str()), (Some("HATE"), Some("MEDIUM")));
    assert_eq!(detected.as_array().unwrap().len(), 1);
    assert!(served.violations().is_empty());
}

#[tokio::test]
async fn requests_that_break_the_rules_are_refused() {
    let (served, _) = start_checked(Behaviour::default()).await;
    let mut unknown = checks("x");
    unknown["checks"]["contentFilter"]["categories"][0]["category"] = json!("RUDENESS");
    let cases = [
        (CHECKS, checks(""), "messages[0].content[0].text"),
        (CHECKS, unknown, "category"),
        (CHECKS, json!({"messages": [], "checks": {}}), "checks"),
        (GUARDRAIL, json!({"source": "BOTH", "content": []}), "source"),
        ("/guardrail/ABC/version/0/apply", guardrail("FULL"), "guardrailVersion"),
        (TITAN, json!({"inputText": ""}), "inputText"),
        (TITAN, json!({"inputText": "x", "dimensions": 300}), "dimensions"),
        (TITAN, json!({"inputText": "x", "model": "y"}), "model"),
        ("/model/cohere.embed-v4%3A0/invoke", json!({"texts": ["x"]}), "input_type"),
        ("/model/meta.llama/invoke", json!({"prompt": "x"}), "modelId"),
    ];
    for (path, body, place) in cases {
        let (status, name, message) = error(served.post(path, &body).await).await;
        assert_eq!((status, name.as_str()), (400, "ValidationException"), "{path} {body}");
        assert!(message.contains(place), "{message}");
    }
}

#[tokio::test]
async fn embeddings_follow_from_the_text() {
    let (served, _) = start_checked(Behaviour::default()).await;
    let found = answer(&served, TITAN, &json!({"inputText": "one two", "dimensions": 256, "normalize": true})).await;
    assert_eq!(found["embedding"], json!(deterministic_embedding("one two", 256)));
    assert_eq!(found["inputTextTokenCount"], 2);
    let body = json!({"texts": ["one"], "input_type": "clustering", "embedding_types": ["float"]});
    let found = answer(&served, "/model/us.cohere.embed-v4%3A0/invoke", &body).await;
    assert_eq!(found["embeddings"]["float"][0], json!(deterministic_embedding("one", 1024)));
}

#[tokio::test]
async fn a_forced_tool_is_used_and_faults_apply_to_every_operation() {
    let (served, model) = start_checked(Behaviour::default()).await;
    let schema = json!({"type": "object", "properties": {"rating": {"type": "integer", "minimum": 1, "maximum": 5}}});
    let tool = json!({"toolSpec": {"name": "rate", "inputSchema": {"json": schema}}});
    let mut body = super::request("one");
    body["toolConfig"] = json!({"tools": [tool], "toolChoice": {"tool": {"name": "rate"}}});
    let found: Value = served.call(MODEL, &body).send().await.unwrap().json().await.unwrap();
    assert_eq!(model.check_output("Converse", &found), []);
    assert_eq!(found["stopReason"], "tool_use");
    let used = &found["output"]["message"]["content"][0]["toolUse"];
    assert_eq!((&used["name"], &used["input"]), (&json!("rate"), &deterministic_input(MODEL, "one", &schema)));
    body["toolConfig"]["toolChoice"]["tool"]["name"] = json!("other");
    let (status, _, message) = error(served.call(MODEL, &body).send().await.unwrap()).await;
    assert!(status == 400 && message.contains("toolConfig.toolChoice.tool.name"), "{message}");

    let throttle = Fault::Throttle { retry_after_seconds: Some(1) };
    served.set_behaviour(Behaviour::default().with(FaultRule::always(throttle)));
    for (path, body) in [(CHECKS, checks("x")), (GUARDRAIL, guardrail("FULL")), (TITAN, json!({"inputText": "x"}))] {
        assert_eq!(served.post(path, &body).await.status(), 429, "{path}");
    }
    served.set_behaviour(
        Behaviour::default().with(FaultRule::always(Fault::UnknownOperation).for_operation("InvokeModel")),
    );
    assert_eq!(error(served.post(TITAN, &json!({"inputText": "x"})).await).await.1, "UnknownOperationException");
    assert_eq!(served.post(CHECKS, &checks("x")).await.status(), 200);
}
