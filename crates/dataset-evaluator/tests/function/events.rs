//! Events to dropped objects, for every file in `events/` and for what is no event of ours.

use crate::world::{World, dataset};
use assay_core::run::dropped::Dropped;
use assay_function::dropped_objects;
use assay_lambda::FunctionError;
use assay_testing::event;
use serde_json::{Value, json};

const E_TAG: &str = "9b2cf535f27731c974343645a3985328";
const VERSION: &str = "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY";

fn dropped(key: &str, version: Option<&str>, e_tag: &str) -> Dropped {
    Dropped {
        bucket: "assay-bucket".to_owned(),
        key: key.to_owned(),
        version: version.map(str::to_owned),
        e_tag: Some(e_tag.to_owned()),
        written: Some("2026-11-23T06:00:01Z".parse().unwrap()),
    }
}

fn objects(file: &str) -> Vec<Dropped> {
    dropped_objects(&event::file(file)).unwrap()
}

#[test]
fn eventbridge_tells_the_key_as_it_is() {
    let expected = dropped("datasets/support-faq/week 47+48.jsonl", Some(VERSION), E_TAG);
    assert_eq!(objects("eventbridge-object-created.json"), [expected]);
}

#[test]
fn a_notification_tells_the_key_encoded() {
    let expected = dropped("datasets/support-faq/week 47+48.jsonl", Some(VERSION), E_TAG);
    assert_eq!(objects("s3-notification.json"), [expected]);
}

#[test]
fn of_several_records_deletions_drop_nothing() {
    let expected = [
        dropped("datasets/support-faq/café.jsonl", None, E_TAG),
        dropped("datasets/support-faq/100%.jsonl", None, "0cc175b9c0f1b6a831c399e269772661"),
    ];
    assert_eq!(objects("s3-notification-several-records.json"), expected);
}

#[test]
fn what_a_job_has_written_is_told_like_any_object() {
    let [bridged, notified] =
        ["eventbridge-job-output.json", "s3-notification-job-output.json"].map(|file| objects(file).remove(0).key);
    assert_eq!(bridged, notified);
    assert!(bridged.contains("/models/amazon.nova-lite-v1:0/"), "{bridged}");
}

#[test]
fn every_event_file_is_understood() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        files += 1;
        if ["scheduler-", "probes", "alarm"].iter().any(|other| name.contains(other)) {
            assert!(
                dropped_objects(&event::file(&name)).is_err(),
                "{name} names no object, and other functions take it"
            );
            continue;
        }
        let objects = objects(&name);
        assert_eq!(objects.is_empty(), name == "s3-test-event.json", "{name}: {objects:?}");
    }
    assert!(files >= 8, "{files} files");
}

#[test]
fn other_events_have_a_class_of_their_own() {
    let bridged = event::file("eventbridge-object-created.json");
    let notified = event::file("s3-notification.json");
    let changed = |event: &Value, pointer: &str, value: Value| {
        let mut event = event.clone();
        *event.pointer_mut(pointer).unwrap() = value;
        event
    };
    let events = [
        json!({}),
        json!(null),
        json!([1]),
        json!("s3:TestEvent"),
        json!({"Records": 7}),
        changed(&bridged, "/detail-type", json!("Object Deleted")),
        changed(&bridged, "/source", json!("my.own")),
        changed(&bridged, "/detail/object", json!({})),
        changed(&bridged, "/detail", json!("text")),
        changed(&notified, "/Records/0/s3/object/key", json!(null)),
        changed(&notified, "/Records/0/s3/object/key", json!("datasets/%FF.jsonl")),
        changed(&notified, "/Records/0/s3/bucket/name", json!(null)),
    ];
    for event in events {
        let error = FunctionError::from(dropped_objects(&event).unwrap_err());
        assert_eq!(error.class(), "UnknownEvent", "{event}");
        assert!(!error.chain().is_empty());
    }
}

#[tokio::test]
async fn what_asks_for_no_run_is_refused_or_passed_over() {
    let world = World::new("refused").await;
    let unknown = world.deliver_for(&json!({"hello": "world"}), None, "r").await.unwrap_err();
    assert_eq!(unknown.class(), "UnknownEvent");
    let nothing = world.deliver_for(&event::file("s3-test-event.json"), None, "r").await.unwrap();
    assert_eq!(nothing, json!({"objects": []}));
    let other_bucket = event::bridged("somebody-elses", "datasets/s/a.jsonl", "e");
    assert_eq!(world.deliver(&other_bucket, "r").await, "refused");
    for file in ["eventbridge-output-key.json", "eventbridge-job-output.json"] {
        let mut output = event::file(file);
        output["detail"]["bucket"]["name"] = json!(world.bucket);
        assert_eq!(world.deliver(&output, "r").await, "refused", "{file}");
    }
    for key in ["datasets/s/a.json", "probes/s/a.jsonl", "datasets/s/assay.yaml"] {
        let event = world.drop(key, &dataset()).await;
        assert_eq!(world.deliver(&event, "r").await, "refused", "{key}");
    }
    assert!(world.objects("runs").await.is_empty());
    assert!(world.stand_in.calls().is_empty());
    assert!(world.notices().await.is_empty());
}
