//! Every sample to the message that Slack gets. `ASSAY_WRITE_PAYLOADS=1` writes the files anew; read the difference.

use super::limits::violations;
use super::samples::{all, folder};
use alarm_forwarder::intake::records;
use alarm_forwarder::render::{message, plain};
use serde_json::{Value, json};

#[test]
fn every_sample_becomes_its_payload() {
    let is_writing = std::env::var_os("ASSAY_WRITE_PAYLOADS").is_some();
    let mut wrong = Vec::new();
    for (name, event) in all() {
        let made: Vec<Value> = records(&event, "request-1")
            .iter()
            .flat_map(|record| &record.alerts)
            .map(|alert| json!({"message": message(alert), "plain": plain(alert)}))
            .collect();
        for payload in &made {
            assert_eq!(violations(&payload["message"]), Vec::<String>::new(), "{name}");
            assert_eq!(violations(&payload["plain"]), Vec::<String>::new(), "{name}");
        }
        let path = folder("payloads").join(format!("{name}.json"));
        if is_writing {
            std::fs::write(&path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
        }
        let kept: Value = serde_json::from_slice(&std::fs::read(&path).unwrap_or_default()).unwrap_or_default();
        if kept != Value::Array(made) {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "other payloads than in tests/payloads: {wrong:?}");
}
