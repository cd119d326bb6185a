//! Probes against the suite's baseline: a model that got worse is told, with the numbers and the samples and no text.

use crate::world::{MODEL, World, hours_ago, reading};
use local_stack::stand_in::{Answers, Recordings};
use serde_json::json;
use std::sync::Arc;

/// Twenty questions whose reference is one word of its own each.
fn dataset() -> String {
    let line = |number: usize| {
        json!({"id": format!("s{number}"), "prompt": format!("confidential question {number}?"),
            "referenceResponse": format!("word{number}")})
        .to_string()
            + "\n"
    };
    (0..20).map(line).collect()
}

/// What the model answers: the reference, or something else to the first `wrong` questions.
fn answers(wrong: usize) -> Answers {
    let mut recordings = Recordings::default();
    for number in 0..20 {
        let answer = if number < wrong { "nothing".to_owned() } else { format!("word{number}") };
        recordings.add(MODEL, format!("confidential question {number}?"), &answer);
    }
    Answers::Recorded { recordings: Arc::new(recordings), missing: local_stack::stand_in::Missing::Deterministic }
}

#[tokio::test]
async fn a_model_that_got_worse_is_counted_and_told_with_its_worst_samples() {
    let world = World::with("regression", answers(0)).await;
    world.put("probes/s/assay.yaml", "scorers: [exact_match]\n").await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    world.round(&hours_ago(3)).await;
    let good = world.only_run("s").await;
    let facts = world.facts("run_finished").await.join("\n");
    assert!(facts.contains("no baseline yet"), "{facts}");
    let baseline = json!({"format": 1, "suite": "s", "run": good.id, "place": format!("runs/s/{}", good.id),
        "set_at": "2026-11-01T00:00:00Z"});
    world.put("suites/s/baseline.json", &baseline.to_string()).await;

    world.round(&hours_ago(2)).await;
    assert_eq!(world.kinds().await, ["run_finished"], "as good as the baseline");

    let world = world.answering(answers(12)).await;
    world.round(&hours_ago(1)).await;
    let notices = world.notices().await;
    assert_eq!((notices.len(), &notices[0]["kind"]), (1, &json!("regression")), "{notices:?}");
    let facts = notices[0]["facts"].to_string();
    // Twelve of twenty answers are wrong: 1 became 8/20.
    for part in ["exact_match", "1.0", "0.4", "s0"] {
        assert!(facts.contains(part), "{part}: {facts}");
    }
    assert!(!notices[0].to_string().contains("confidential") && !notices[0].to_string().contains("nothing"), "{facts}");
    let metrics = world.metrics().await;
    // Compared twice: 0, then 1.
    let regression = reading(&metrics, "Regression", MODEL);
    assert_eq!((regression.count, regression.sum), (2.0, 1.0));
}
