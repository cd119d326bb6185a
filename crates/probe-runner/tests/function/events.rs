//! Events to what they ask for, for every file in `events/` and for what is no event of ours.

use crate::world::World;
use jiff::Timestamp;
use probe_runner::{Asked, asked};
use serde_json::{Value, json};

fn file(name: &str) -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn ask(name: &str) -> Asked {
    asked(&file(name), "r", "2026-11-23T08:00:01Z".parse().unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_event_file_is_understood() {
    let Asked::Probes(round) = ask("scheduler-probes.json") else { panic!() };
    assert_eq!((round.id().as_str(), round.suites.as_ref(), round.by_schedule), ("20261123T060000Z", None, true));
    let faq = Some(vec!["support-faq".to_owned()]);
    for (name, begins) in [
        ("probes-now.json", "request-r-"),
        ("eventbridge-probes-requested.json", "event-5f4b8c1e-2d0a-4f3b-9c7d-6a1e0b2c3d51-"),
    ] {
        let Asked::Probes(round) = ask(name) else { panic!("{name}") };
        assert!(round.id().starts_with(begins), "{}", round.id());
        assert_eq!((&round.suites, round.by_schedule), (&faq, false), "{name}");
    }
    assert_eq!(ask("scheduler-watch.json"), Asked::Watch);
    let Asked::Digest(occasion) = ask("scheduler-digest.json") else { panic!() };
    assert_eq!((occasion.id.as_str(), occasion.problem), ("20261123T080000Z", None));
    for other in ["eventbridge-object-created.json", "s3-notification.json", "scheduler-sweep.json"] {
        assert!(asked(&file(other), "r", Timestamp::now()).is_err(), "{other}");
    }
}

#[tokio::test]
async fn what_is_no_event_has_a_class_of_its_own_and_does_nothing() {
    let world = World::new("no-event").await;
    for event in [json!(null), json!({}), json!({"assay": "probes", "suit": ["a"]}), json!("watch")] {
        let error = world.deliver_for(&event, None, "r").await.unwrap_err();
        assert_eq!(error.class(), "UnknownEvent", "{event}");
        let diagnostic = lambda_runtime::Diagnostic::from(error);
        assert_eq!(diagnostic.error_type, "UnknownEvent");
    }
    assert!(world.objects("monitor").await.is_empty());
}
