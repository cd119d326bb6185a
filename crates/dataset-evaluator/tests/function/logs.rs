//! What the function logs: runs and classes, and nothing of questions, answers or secrets.

use crate::world::{MODEL, World};
use assay_testing::clock::{Invocation, until};
use assay_testing::services::SECRET;
use local_stack::captured_log::CapturedLog;
use local_stack::stand_in::{Behaviour, Call, Fault, FaultRule, Outcome};
use std::time::Duration;

#[tokio::test]
async fn nothing_of_questions_answers_or_secrets_is_logged() {
    let world = World::slow("logs", Duration::ZERO).await;
    let log = CapturedLog::default();
    // More than the deployed function shows of others, and everything of ours.
    let subscriber = log.subscriber("info,assay_core=trace,dataset_evaluator=trace");
    // The test's runtime has this one thread, so everything it does is seen.
    let listening = tracing::subscriber::set_default(subscriber);
    let line = |number: usize| {
        let prompt = format!("confidential question {number}");
        serde_json::json!({"prompt": prompt, "referenceResponse": "confidential reference"}).to_string() + "\n"
    };
    let text: String = (0..20).map(line).collect();
    let faults = || {
        Behaviour::default()
            .with(FaultRule::every(5, Fault::ServerError).times(2))
            .with(FaultRule::always(Fault::Validation).for_prompt("question 7"))
            .with(FaultRule::always(Fault::Denied).for_model("example.denied"))
    };
    world.stand_in.set_behaviour(faults().with(FaultRule::always(Fault::Hold).for_prompt("question 19")));
    world.put("datasets/s/assay.yaml", &format!("models: [{{id: '{MODEL}'}}, {{id: example.denied}}]\n")).await;
    let event = world.drop("datasets/s/a.jsonl", &(text + "{\"prompt\": \"confidential broken line")).await;
    let invocation = Invocation::begin();
    let ending = async {
        let is_held = |call: &Call| call.prompt.ends_with("question 19") && call.outcome == Outcome::InFlight;
        until("the last answer is held", async || world.stand_in.calls().iter().any(is_held)).await;
        invocation.stop_asking().await;
        invocation.stop_waiting().await;
    };
    let (cut_off, ()) = tokio::join!(world.deliver_for(&event, Some(invocation.ends), "one"), ending);
    drop(invocation);
    assert_eq!(cut_off.unwrap_err().class(), "Incomplete");
    world.until_left().await;
    world.stand_in.set_behaviour(faults());
    world.deliver(&event, "two").await;
    let gone = assay_testing::event::bridged("somebody-elses", "datasets/s/b.jsonl", "e");
    world.deliver(&gone, "three").await;
    drop(listening);

    let logged = log.text();
    for word in ["evaluating", "evaluated", "another bucket", "example.denied", "Incomplete"] {
        assert!(logged.contains(word), "nothing was captured of `{word}`:\n{logged}");
    }
    // The stand-in's answers repeat the question.
    for secret in ["confidential", SECRET, "answers 0"] {
        assert!(!logged.contains(secret), "`{secret}` was logged:\n{logged}");
    }
}
