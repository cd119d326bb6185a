//! Counts, control from another process, start and stop.

use std::time::Duration;

use futures::future::join_all;
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn, StandInOptions};
use serde_json::{Value, json};

use super::{MODEL, error, request, start, start_with, until};

#[tokio::test]
async fn calls_are_counted_and_described() {
    let latency = Duration::from_millis(100);
    let served = start(StandInOptions { latency, ..StandInOptions::default() });
    let mut body = request("one");
    body["requestMetadata"] = json!({"source": "evaluation"});
    // Holding them makes all of them under way at once.
    served.set_behaviour(Behaviour::default().with(FaultRule::always(Fault::Hold)));
    let calls = join_all((0..8).map(|_| served.call(MODEL, &body).send()));
    let releasing = async {
        until("all are under way", || served.totals().in_flight == 8).await;
        served.set_behaviour(Behaviour::default());
    };
    for response in tokio::join!(calls, releasing).0 {
        assert_eq!(response.unwrap().status(), 200);
    }
    served.answer("other", "two").await;

    assert_eq!(served.peak_in_flight(), 8);
    assert_eq!(served.repeated_answers(), 7);
    let totals = served.totals();
    assert_eq!((totals.calls, totals.in_flight, totals.repeated_calls), (9, 0, 7));
    assert_eq!((totals.models[MODEL].calls, totals.models["other"].peak_in_flight), (8, 1));
    let calls = served.calls();
    assert_eq!((&*calls[0].prompt, &*calls[8].prompt), ("one", "two"));
    assert_eq!(calls[0].metadata["source"], "evaluation");
    assert!(calls.iter().all(|call| call.took.unwrap() >= latency));
    assert_eq!(served.latest_requests()[0], body);
}

#[tokio::test]
async fn throttled_calls_are_no_answers() {
    let throttle = Fault::Throttle { retry_after_seconds: None };
    let served = start_with(Behaviour::default().with(FaultRule::always(throttle).times(3)));
    for _ in 0..4 {
        served.ask(MODEL, "one").await;
    }
    let totals = served.totals();
    assert_eq!((totals.repeated_calls, totals.repeated_answers), (3, 0));
}

#[tokio::test]
async fn another_process_sets_the_behaviour_and_reads_the_calls() {
    let served = start(StandInOptions::default());
    let behaviour = format!("{}/control/behaviour", served.url());
    let calls = format!("{}/control/calls", served.url());

    let set = json!({"faults": [{"fault": "unavailable", "cadence": {"every": 2}}], "seed": 3});
    let response = served.http.put(&behaviour).json(&set).send().await.unwrap();
    assert_eq!(response.status(), 204);
    let shown: Behaviour = served.http.get(&behaviour).send().await.unwrap().json().await.unwrap();
    let expected = Behaviour { seed: 3, ..Behaviour::default() };
    assert_eq!(shown, expected.with(FaultRule::every(2, Fault::Unavailable)));

    let wrong = served.http.put(&behaviour).json(&json!({"fault": 1})).send().await.unwrap();
    assert_eq!(wrong.status(), 400);
    assert_eq!(served.ask(MODEL, "one").await.status(), 200);
    assert_eq!(served.ask(MODEL, "one").await.status(), 503);

    let shown: Value = served.http.get(&calls).send().await.unwrap().json().await.unwrap();
    assert_eq!((&shown["total"], &shown["peak_in_flight"]), (&json!(2), &json!(1)));
    assert_eq!(shown["outcomes"], json!({"answered": 1, "ServiceUnavailableException": 1}));
    assert_eq!(shown["models"][MODEL]["calls"], 2);
    assert_eq!(shown["calls"][1]["outcome"], "ServiceUnavailableException");
    assert_eq!(shown["calls"][0]["prompt_sha256"].as_str().unwrap().len(), 32);
    let last = served.http.get(format!("{calls}?last=1")).send().await.unwrap();
    let shown: Value = last.json().await.unwrap();
    assert_eq!(shown["calls"].as_array().unwrap().len(), 1);
    assert_eq!(served.http.get(format!("{calls}?last=x")).send().await.unwrap().status(), 400);

    assert_eq!(served.http.delete(&calls).send().await.unwrap().status(), 204);
    assert_eq!(served.totals().calls, 0);
    assert_eq!(served.ask(MODEL, "one").await.status(), 200);
}

#[tokio::test]
async fn other_operations_are_unknown() {
    let served = start(StandInOptions::default());
    let address = format!("{}/model/{MODEL}/converse-stream", served.url());
    let (status, name, _) = error(served.http.post(address).send().await.unwrap()).await;
    assert_eq!((status, name.as_str()), (404, "UnknownOperationException"));
    let address = format!("{}/model/{MODEL}/converse", served.url());
    assert_eq!(served.http.get(address).send().await.unwrap().status(), 404);
    assert_eq!(served.totals().calls, 0);
}

#[tokio::test]
async fn stopping_frees_the_port_and_cuts_calls() {
    let hang = FaultRule::always(Fault::Hang { for_ms: None });
    let served = start_with(Behaviour::default().with(hang));
    let port = served.address().port();
    let call = tokio::spawn(served.call(MODEL, &request("one")).send());
    until("the call is under way", || served.totals().in_flight == 1).await;
    assert!(StandIn::start(StandInOptions { port: Some(port), ..StandInOptions::default() }).is_err());
    served.stand_in.stop().await;
    assert!(call.await.unwrap().is_err());
    let again = StandIn::start(StandInOptions { port: Some(port), ..StandInOptions::default() });
    assert_eq!(again.unwrap().address().port(), port);
}

#[test]
fn no_runtime_is_needed_to_start_and_stop() {
    let stand_in = StandIn::start(StandInOptions::default()).unwrap();
    assert!(stand_in.address().ip().is_loopback());
    assert_eq!(stand_in.url(), format!("http://{}", stand_in.address()));
    drop(stand_in);
}
