//! Suites that somebody names: they alone are asked, and a name that is nobody's is told with those that there are.

use crate::rounds::two_suites;
use crate::world::{World, dataset, results};
use serde_json::json;

#[tokio::test]
async fn a_named_suite_alone_is_asked() {
    let world = two_suites("named").await;
    let answer = world.deliver(&json!({"assay": "probes", "suites": ["faq"]}), "r").await;
    assert_eq!(results(&answer).into_keys().collect::<Vec<_>>(), ["faq"]);
    assert!(world.runs("numbers").await.is_empty());
    assert!(world.objects("monitor").await.keys().all(|key| !key.ends_with("heartbeat.json")), "it is no sign of life");
    assert_eq!(world.kinds().await, ["run_finished"]);
}

#[tokio::test]
async fn a_name_that_is_nobody_s_is_told_once_and_keeps_no_other_from_being_asked() {
    let world = two_suites("unknown-name").await;
    world.put("probes/empty/assay.yaml", "repeats: 1\n").await;
    // By its folder's name it is not known, as its spec names it.
    let event = json!({"assay": "probes", "suites": ["number", "questions", "faq"]});
    let answer = world.deliver(&event, "r").await;
    assert_eq!(results(&answer).into_keys().collect::<Vec<_>>(), ["faq"]);
    assert_eq!(answer["findings"], 3);
    assert_eq!(world.deliver(&event, "r").await["result"], "done");
    let notices = world.notices().await;
    let told: Vec<_> = notices.iter().filter(|notice| notice["kind"] == "probe_problem").collect();
    assert_eq!((notices.len(), told.len()), (2, 1));
    let facts = told[0]["facts"].to_string();
    for part in ["no suite `number`", "did you mean `numbers`?", "no suite `questions`", "there are: faq, numbers"] {
        assert!(facts.contains(part), "{part}: {facts}");
    }
    assert!(facts.contains("probes/empty/"), "what may be why it was not found: {facts}");
}

#[tokio::test]
async fn where_there_is_no_probe_somebody_who_asks_is_told() {
    let world = World::new("none-to-ask").await;
    let answer = world.deliver(&json!({"assay": "probes"}), "r").await;
    assert_eq!((&answer["probes"], &answer["findings"]), (&json!([]), &json!(1)));
    let facts = world.facts("probe_problem").await;
    assert!(facts[0].contains("there is no probe") && facts[0].contains("probes/<suite>/<name>.jsonl"), "{facts:?}");
    world.deliver(&json!({"assay": "probes", "suites": ["faq"]}), "s").await;
    let facts = world.facts("probe_problem").await;
    assert!(facts[0].contains("no suite `faq`") && facts[0].contains("none at all"), "{facts:?}");
}

#[tokio::test]
async fn a_dropped_file_below_probes_starts_nothing() {
    let world = World::new("dropped").await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    let event = json!({"source": "aws.s3", "detail-type": "Object Created",
        "detail": {"bucket": {"name": world.bucket}, "object": {"key": "probes/s/a.jsonl"}}});
    let error = world.deliver_for(&event, None, "r").await.unwrap_err();
    assert_eq!(error.class(), "UnknownEvent");
    let evaluator = assay_core::run::dropped::Dropped { key: "probes/s/a.jsonl".to_owned(), ..Default::default() };
    let around = assay_core::run::dropped::Surroundings {
        place: assay_store::Place { store: world.store.clone(), folder: None, name: "bucket".to_owned() },
        model_ids: Vec::new(),
        application: "Assay".to_owned(),
        concurrency: 1,
        prices: assay_model::pricing::Prices::default(),
        models: assay_model::bedrock(&world.config),
        holder: "r".to_owned(),
    };
    assert!(assay_core::run::dropped::prepare(&evaluator, &around).await.unwrap().is_none());
    assert!(world.objects("runs").await.is_empty());
}
