//! Where answers come from.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use local_stack::stand_in::{Answers, Forwarding, Missing, Recordings, StandInOptions, deterministic_answer};
use serde_json::{Value, json};

use super::{MODEL, error, request, start, text};

#[tokio::test]
async fn answers_are_made_from_the_prompt() {
    let served = start(StandInOptions::default());
    let response = served.ask(MODEL, "What is the capital of France?").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["x-amzn-requestid"].len(), 36);
    let answer: Value = response.json().await.unwrap();
    let expected = deterministic_answer(MODEL, "What is the capital of France?");
    assert_eq!(text(&answer), expected);
    assert_eq!(answer["output"]["message"]["role"], "assistant");
    assert_eq!(answer["stopReason"], "end_turn");
    let output_tokens = expected.len().div_ceil(4);
    let usage = json!({
        "inputTokens": 8, "outputTokens": output_tokens, "totalTokens": 8 + output_tokens
    });
    assert_eq!(answer["usage"], usage);
    assert!(answer["metrics"]["latencyMs"].is_u64());

    let mut short = request("What is the capital of France?");
    short["inferenceConfig"] = json!({"maxTokens": 3});
    let cut: Value = served.call(MODEL, &short).send().await.unwrap().json().await.unwrap();
    assert_eq!(cut["stopReason"], "max_tokens");
    assert_eq!(cut["usage"]["outputTokens"], 3);
}

#[tokio::test]
async fn model_ids_may_be_arns() {
    let served = start(StandInOptions::default());
    let arn = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0";
    assert_eq!(text(&served.answer(arn, "Hello?").await), deterministic_answer(arn, "Hello?"));
    let plain = format!("{}/model/{arn}/converse", served.url());
    let response = served.http.post(plain).json(&request("Hello?")).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(served.calls().iter().all(|call| &*call.model == arn));
}

#[tokio::test]
async fn recorded_answers_are_given_in_turn() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cases.jsonl");
    let line = |response: &str| {
        let responses = json!([{"response": response, "modelIdentifier": MODEL}]);
        json!({"prompt": "one", "modelResponses": responses, "category": "x"}).to_string()
    };
    std::fs::write(&file, [line("first"), line("second")].join("\n")).unwrap();
    let recordings = Recordings::load([file]).unwrap();

    let answers = Answers::recorded(recordings.clone());
    let served = start(StandInOptions { answers, ..StandInOptions::default() });
    for expected in ["first", "second", "first"] {
        assert_eq!(text(&served.answer(MODEL, "one").await), expected);
    }
    let (status, name, message) = error(served.ask(MODEL, "two").await).await;
    assert_eq!((status, name.as_str()), (400, "ValidationException"));
    assert!(message.contains("recorded") && message.contains("two"), "{message}");
    assert_eq!(served.ask("other", "one").await.status(), 400);

    let missing = Missing::Deterministic;
    let answers = Answers::Recorded { recordings: Arc::new(recordings), missing };
    let served = start(StandInOptions { answers, ..StandInOptions::default() });
    assert_eq!(text(&served.answer(MODEL, "one").await), "first");
    assert_eq!(text(&served.answer(MODEL, "two").await), deterministic_answer(MODEL, "two"));
}

#[tokio::test]
async fn models_may_change_their_mind() {
    let served = start(StandInOptions::default());
    assert_eq!(text(&served.answer(MODEL, "one").await), deterministic_answer(MODEL, "one"));
    let mut recordings = Recordings::default();
    recordings.add(MODEL, "one", "something else");
    served.set_answers(Answers::recorded(recordings));
    assert_eq!(text(&served.answer(MODEL, "one").await), "something else");
    served.set_answers(Answers::Deterministic);
    assert_eq!(text(&served.answer(MODEL, "one").await), deterministic_answer(MODEL, "one"));
}

/// Longer than anything takes here, even on a slow machine.
const LONG: Duration = Duration::from_secs(600);

/// A little OpenAI-compatible server: its address, and the requests it got.
async fn openai(status: u16, answer: &'static str) -> (String, Arc<Mutex<Vec<Value>>>) {
    type Asked = Arc<Mutex<Vec<Value>>>;
    let asked = Asked::default();
    let complete = move |State(asked): State<Asked>, Json(body): Json<Value>| async move {
        asked.lock().unwrap().push(body);
        (StatusCode::from_u16(status).unwrap(), [("retry-after", "3")], answer)
    };
    let router = Router::new().route("/v1/chat/completions", post(complete)).with_state(Arc::clone(&asked));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, asked)
}

fn forwarding_to(address: &str, timeout: Duration) -> StandInOptions {
    let forwarding = Forwarding::new(address, timeout).unwrap().with_model("small");
    StandInOptions { answers: Answers::Forwarded(forwarding), ..StandInOptions::default() }
}

#[tokio::test]
async fn calls_are_forwarded_and_translated() {
    let answer = r#"{"choices": [{"message": {"role": "assistant", "content": "Paris"}, "finish_reason": "length"}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 2, "total_tokens": 13}}"#;
    let (address, asked) = openai(200, answer).await;
    let served = start(forwarding_to(&format!("{address}/v1/"), LONG));
    let body = json!({
        "system": [{"text": "Be brief."}],
        "messages": [
            {"role": "user", "content": [{"text": "Hello."}]},
            {"role": "assistant", "content": [{"text": "Yes?"}]},
            {"role": "user", "content": [{"text": "Capital of"}, {"text": "France?"}]}
        ],
        "inferenceConfig": {"maxTokens": 9, "temperature": 0.5, "topP": 0.75, "stopSequences": ["."]},
        "requestMetadata": {"source": "evaluation"}
    });
    let given: Value = served.call(MODEL, &body).send().await.unwrap().json().await.unwrap();
    assert_eq!(text(&given), "Paris");
    assert_eq!(given["stopReason"], "max_tokens");
    let usage = json!({"inputTokens": 11, "outputTokens": 2, "totalTokens": 13});
    assert_eq!(given["usage"], usage);
    let expected = json!({
        "model": "small",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello."},
            {"role": "assistant", "content": "Yes?"},
            {"role": "user", "content": "Capital of\nFrance?"}
        ],
        "stream": false, "max_tokens": 9, "temperature": 0.5, "top_p": 0.75, "stop": ["."]
    });
    assert_eq!(asked.lock().unwrap().as_slice(), [expected]);

    let picture = json!({"image": {"format": "png", "source": {"bytes": "YWJj"}}});
    let body = json!({"messages": [{"role": "user", "content": [{"text": "See:"}, picture]}]});
    let (status, _, message) = error(served.call(MODEL, &body).send().await.unwrap()).await;
    assert_eq!(status, 400);
    assert!(message.contains("image"), "{message}");
}

#[tokio::test]
async fn failures_behind_are_told_and_never_papered_over() {
    for (behind, answer, status, name) in [
        (500, "broken", 424, "ModelErrorException"),
        (200, "<html>", 424, "ModelErrorException"),
        (200, r#"{"choices": []}"#, 424, "ModelErrorException"),
        (503, "loading", 503, "ServiceUnavailableException"),
        (429, "slowly", 429, "ThrottlingException"),
    ] {
        let (address, _) = openai(behind, answer).await;
        let served = start(forwarding_to(&address, LONG));
        let response = served.ask(MODEL, "one").await;
        let retry_after = response.headers().get("retry-after").is_some();
        assert_eq!(retry_after, behind >= 400, "{behind}");
        let (found, found_name, message) = error(response).await;
        assert_eq!((found, found_name.as_str()), (status, name));
        assert!(message.contains(&address), "{message}");
        assert_eq!(served.totals().repeated_answers, 0);
    }

    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let served = start(forwarding_to(&format!("http://{closed}"), LONG));
    let (status, name, message) = error(served.ask(MODEL, "one").await).await;
    assert_eq!((status, name.as_str()), (503, "ServiceUnavailableException"));
    assert!(message.to_lowercase().contains("refused"), "{message}");

    // This one takes connections and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let served = start(forwarding_to(&address, Duration::from_millis(100)));
    let (status, name, _) = error(served.ask(MODEL, "one").await).await;
    assert_eq!((status, name.as_str()), (408, "ModelTimeoutException"));
}
