//! What the function logs: runs and classes, and nothing of questions, answers or secrets.

use crate::world::{MODEL, SECRET, World};
use local_stack::captured_log::CapturedLog;
use local_stack::stand_in::{Behaviour, Fault, FaultRule};
use std::time::Duration;

#[tokio::test]
async fn nothing_of_questions_answers_or_secrets_is_logged() {
    let world = World::slow("logs", Duration::from_millis(20)).await;
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
    let behaviour = Behaviour::default()
        .with(FaultRule::every(5, Fault::ServerError).times(2))
        .with(FaultRule::always(Fault::Validation).for_prompt("question 7"))
        .with(FaultRule::always(Fault::Denied).for_model("example.denied"));
    world.stand_in.set_behaviour(behaviour);
    world.put("datasets/s/assay.yaml", &format!("models: [{{id: '{MODEL}'}}, {{id: example.denied}}]\n")).await;
    let event = world.drop("datasets/s/a.jsonl", &(text + "{\"prompt\": \"confidential broken line")).await;
    let cut_off = world.deliver_for(&event, Some(Duration::from_millis(400)), "one").await;
    world.deliver(&event, "two").await;
    let gone = crate::event::bridged("somebody-elses", "datasets/s/b.jsonl", "e");
    world.deliver(&gone, "three").await;
    drop(listening);

    let logged = log.text();
    for word in ["evaluating", "evaluated", "another bucket", "example.denied"] {
        assert!(logged.contains(word), "nothing was captured of `{word}`:\n{logged}");
    }
    assert!(cut_off.is_ok() || logged.contains("Incomplete"), "{logged}");
    // The stand-in's answers repeat the question.
    for secret in ["confidential", SECRET, "answers 0"] {
        assert!(!logged.contains(secret), "`{secret}` was logged:\n{logged}");
    }
}
