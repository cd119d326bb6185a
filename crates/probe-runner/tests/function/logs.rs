//! What the function logs: rounds, suites and classes, and nothing of questions, answers or secrets.

use crate::world::{MODEL, World, hours_ago, scheduled};
use assay_testing::services::SECRET;
use local_stack::captured_log::CapturedLog;
use local_stack::stand_in::{Behaviour, Fault, FaultRule};
use serde_json::json;

#[tokio::test]
async fn nothing_of_questions_answers_or_secrets_is_logged() {
    let world = World::new("logs").await;
    let log = CapturedLog::default();
    let subscriber =
        log.subscriber("info,assay_core=trace,assay_function=trace,assay_monitor=trace,probe_runner=trace");
    // Of all tests of this program: a subscriber of one thread misses what another thread was the first to log.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let line = |number: usize| {
        let prompt = format!("confidential question {number}");
        json!({"prompt": prompt, "referenceResponse": "confidential reference"}).to_string() + "\n"
    };
    let text: String = (0..10).map(line).collect();
    let behaviour = Behaviour::default().with(FaultRule::always(Fault::Validation).for_prompt("question 7"));
    world.stand_in.set_behaviour(behaviour);
    world.put("probes/s/assay.yaml", &format!("models: [{{id: '{MODEL}'}}]\n")).await;
    world.put("probes/s/a.jsonl", &(text + "{\"prompt\": \"confidential broken line")).await;
    world.put("probes/empty/assay.yaml", "system: confidential\n").await;
    world.deliver(&scheduled(&hours_ago(1)), "one").await;
    world.watch().await;
    let answer = world.deliver_for(&json!({"assay": "probes", "confidence": "confidential"}), None, "two").await;
    assert!(!answer.unwrap_err().chain().contains("confidential"));

    let logged = log.text();
    for word in ["going over the probes", "a probe cannot be asked", "evaluating", "evaluated", "the round has ended"] {
        assert!(logged.contains(word), "nothing was captured of `{word}`:\n{logged}");
    }
    for secret in ["confidential", SECRET, "answers 0"] {
        assert!(!logged.contains(secret), "`{secret}` was logged:\n{logged}");
    }
    for notice in world.notices().await {
        assert!(!notice.to_string().contains("confidential"), "{notice}");
    }
}
