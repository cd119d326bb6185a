//! Every fault, as a caller meets it.

use std::error::Error as _;
use std::time::{Duration, Instant};

use local_stack::stand_in::{Behaviour, Fault, FaultRule, Outcome, StandInOptions, deterministic_answer};
use serde_json::Value;

use super::{MODEL, error, request, start, start_with, text, until};

fn always(fault: Fault) -> Behaviour {
    Behaviour::default().with(FaultRule::always(fault))
}

#[tokio::test]
async fn errors_come_with_their_status_and_name() {
    let throttle = Fault::Throttle { retry_after_seconds: None };
    for (fault, status, name) in [
        (throttle, 429, "ThrottlingException"),
        (Fault::ModelNotReady, 429, "ModelNotReadyException"),
        (Fault::ServerError, 500, "InternalServerException"),
        (Fault::Unavailable, 503, "ServiceUnavailableException"),
        (Fault::ModelTimeout, 408, "ModelTimeoutException"),
        (Fault::ModelError, 424, "ModelErrorException"),
        (Fault::Denied, 403, "AccessDeniedException"),
        (Fault::NotFound, 404, "ResourceNotFoundException"),
        (Fault::Validation, 400, "ValidationException"),
    ] {
        let served = start_with(always(fault.clone()));
        let response = served.ask(MODEL, "one").await;
        assert!(response.headers().get("retry-after").is_none());
        assert!(response.headers().get("x-amzn-requestid").is_some());
        let (found, found_name, message) = error(response).await;
        assert_eq!((found, found_name.as_str()), (status, name), "{fault:?}");
        assert!(!message.is_empty());
        assert_eq!(served.calls()[0].outcome.name(), name);
    }
}

#[tokio::test]
async fn throttling_may_say_when_to_come_back() {
    let throttle = Fault::Throttle { retry_after_seconds: Some(7) };
    let served = start_with(always(throttle));
    assert_eq!(served.ask(MODEL, "one").await.headers()["retry-after"], "7");
}

#[tokio::test]
async fn a_model_error_names_the_model_and_the_first_status() {
    let served = start_with(always(Fault::ModelError));
    let body: Value = served.ask(MODEL, "one").await.json().await.unwrap();
    assert_eq!((&body["originalStatusCode"], &body["resourceName"]), (&500.into(), &MODEL.into()));
}

#[tokio::test]
async fn a_reset_connection_gives_no_answer_and_the_next_call_works() {
    let rule = FaultRule::always(Fault::ConnectionReset).times(1);
    let served = start_with(Behaviour::default().with(rule));
    let failed = served.call(MODEL, &request("one")).send().await.unwrap_err();
    let mut cause: &dyn std::error::Error = &failed;
    let mut reset = false;
    while let Some(inner) = cause.source() {
        cause = inner;
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        reset |= kind == Some(std::io::ErrorKind::ConnectionReset);
    }
    assert!(reset, "{failed:?}, source {:?}", failed.source());
    served.answer(MODEL, "one").await;
    let outcomes: Vec<_> = served.calls().iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, [Outcome::Reset, Outcome::Answered]);
}

#[tokio::test]
async fn a_hanging_call_never_ends_or_ends_late() {
    let served = start_with(always(Fault::Hang { for_ms: None }));
    let mut call = tokio::spawn(served.call(MODEL, &request("one")).send());
    until("the call is under way", || served.totals().in_flight == 1).await;
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut call).await.is_err());
    call.abort();
    until("nobody waits any more", || served.totals().in_flight == 0).await;
    assert_eq!(served.calls()[0].outcome, Outcome::Abandoned);

    served.set_behaviour(always(Fault::Hang { for_ms: Some(60) }));
    let before = Instant::now();
    served.answer(MODEL, "one").await;
    assert!(before.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn held_calls_are_answered_once_there_is_another_behaviour() {
    let served = start_with(Behaviour::default().with(FaultRule::always(Fault::Hold).after(2)));
    served.answer(MODEL, "one").await;
    served.answer(MODEL, "two").await;
    let held = ["three", "four"].map(|prompt| tokio::spawn(served.call(MODEL, &request(prompt)).send()));
    until("two calls are held", || served.totals().in_flight == 2).await;
    assert!(held.iter().all(|call| !call.is_finished()));
    served.set_behaviour(always(Fault::ServerError));
    for (call, prompt) in held.into_iter().zip(["three", "four"]) {
        let answer: Value = call.await.unwrap().unwrap().json().await.unwrap();
        assert_eq!(text(&answer), deterministic_answer(MODEL, prompt), "the new behaviour is for later calls");
    }
    assert_eq!(served.ask(MODEL, "five").await.status(), 500);
    let outcomes: Vec<_> = served.calls().iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes[..4], [Outcome::Answered; 4]);
}

#[tokio::test]
async fn bodies_can_be_broken_in_two_ways() {
    let served = start_with(always(Fault::MalformedBody));
    let response = served.ask(MODEL, "one").await;
    assert_eq!(response.status(), 200);
    let body = response.text().await.unwrap();
    assert!(!body.is_empty() && serde_json::from_str::<Value>(&body).is_err(), "{body}");

    served.set_behaviour(always(Fault::MissingOutput));
    let answer = served.answer(MODEL, "one").await;
    assert!(answer.get("output").is_none() && answer.get("usage").is_some());
    assert!(served.calls().iter().all(|call| call.outcome == Outcome::Malformed));
}

#[tokio::test]
async fn answers_can_come_in_other_forms() {
    let served = start_with(Behaviour::default());
    let plain = served.answer(MODEL, "one").await;

    served.set_behaviour(always(Fault::ReasoningFirst));
    let answer = served.answer(MODEL, "one").await;
    let content = &answer["output"]["message"]["content"];
    assert!(content[0]["reasoningContent"]["reasoningText"]["text"].is_string());
    assert_eq!(content[1]["text"], text(&plain));
    assert!(answer["usage"]["outputTokens"].as_u64() > plain["usage"]["outputTokens"].as_u64());

    served.set_behaviour(always(Fault::TextBlocks(3)));
    let answer = served.answer(MODEL, "one").await;
    assert_eq!(answer["output"]["message"]["content"].as_array().unwrap().len(), 3);
    assert_eq!(text(&answer), text(&plain));

    served.set_behaviour(always(Fault::EmptyContent));
    let answer = served.answer(MODEL, "one").await;
    assert_eq!(answer["output"]["message"]["content"], Value::Array(Vec::new()));
    assert_eq!(answer["usage"]["outputTokens"], 0);

    served.set_behaviour(always(Fault::StopReason("guardrail_intervened".to_owned())));
    assert_eq!(served.answer(MODEL, "one").await["stopReason"], "guardrail_intervened");
}

#[tokio::test]
async fn rules_choose_by_model_prompt_and_cadence() {
    let behaviour = Behaviour::default()
        .with(FaultRule::every(2, Fault::ServerError).for_model(MODEL).for_prompt("river").times(1))
        .with(FaultRule::always(Fault::Denied).for_model("other"));
    let served = start_with(behaviour);
    let mut statuses = Vec::new();
    for prompt in ["a river", "a lake", "a river", "a river", "a river"] {
        statuses.push(served.ask(MODEL, prompt).await.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 500, 200, 200]);
    assert_eq!(served.ask("other", "a river").await.status(), 403);
}

#[tokio::test]
async fn unlisted_models_do_not_exist() {
    let known_models = Some(vec![MODEL.to_owned()]);
    let served = start_with(Behaviour { known_models, ..Behaviour::default() });
    assert_eq!(served.ask(MODEL, "one").await.status(), 200);
    let (status, name, message) = error(served.ask("amazon.gone-v1:0", "one").await).await;
    assert_eq!((status, name.as_str()), (404, "ResourceNotFoundException"));
    assert!(message.contains("amazon.gone-v1:0"));
}

#[tokio::test]
async fn latency_passes_before_answers_but_not_before_refusals() {
    let latency = Duration::from_millis(80);
    let served = start(StandInOptions { latency, ..StandInOptions::default() });
    let before = Instant::now();
    let answer = served.answer(MODEL, "one").await;
    assert!(before.elapsed() >= latency);
    assert!(answer["metrics"]["latencyMs"].as_u64().unwrap() >= 80);

    served.set_behaviour(always(Fault::ServerError));
    let before = Instant::now();
    served.ask(MODEL, "one").await;
    assert!(before.elapsed() >= latency);

    // Longer than the calls of these tests wait for an answer.
    let one_hour = Some(3_600_000);
    let throttle = Fault::Throttle { retry_after_seconds: None };
    served.set_behaviour(Behaviour { latency_ms: one_hour, ..always(throttle) });
    assert_eq!(served.ask(MODEL, "one").await.status(), 429);
}
