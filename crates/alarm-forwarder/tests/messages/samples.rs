//! The sample events.

use alarm_forwarder::alert::Alert;
use alarm_forwarder::intake::{Record, records};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// Every sample: its name without the ending, and the event.
pub(crate) fn all() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder("samples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "json") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            all.push((name, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap()));
        }
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

/// The sample whose name begins with `number`.
pub(crate) fn event(number: &str) -> Value {
    all().into_iter().find(|(name, _)| name.starts_with(number)).unwrap().1
}

pub(crate) fn read(number: &str) -> Vec<Record> {
    records(&event(number), "request-1")
}

/// The only alert of a sample.
pub(crate) fn alert(number: &str) -> Alert {
    let mut records = read(number);
    assert_eq!((records.len(), records[0].alerts.len()), (1, 1), "{number}");
    records.remove(0).alerts.remove(0)
}
