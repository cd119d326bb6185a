//! What makes two deliveries the same run.

use super::RunSpec;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// One state of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetIdentity {
    /// The bucket, or `local`.
    pub bucket: String,
    /// The key, or the file's name.
    pub key: String,
    /// What tells this state of the object from others: its ETag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// The id of the run of a dataset with a spec: when the dataset was written, and 8 hexadecimal digits that name the
/// dataset's state and the spec. The same event gives the same id.
pub fn run_id(written: Timestamp, dataset: &DatasetIdentity, spec: &RunSpec) -> String {
    format!("{}-{}", stamp(written), spec_digest(dataset, spec))
}

/// `yyyymmddThhmmssZ`.
pub fn stamp(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The 8 hexadecimal digits of a run's id.
pub fn spec_digest(dataset: &DatasetIdentity, spec: &RunSpec) -> String {
    // What may be spent, what it is said to cost and which jobs are started beside change nothing of what is asked: with
    // a higher budget or another price it is the same run.
    let asked = RunSpec { budget: None, prices: BTreeMap::new(), jobs: Vec::new(), online: true, ..spec.clone() };
    // A struct serialises its fields in one order, so equal specs give equal text.
    let spec = serde_json::to_string(&asked).unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [&dataset.bucket, &dataset.key, dataset.state.as_deref().unwrap_or_default(), &spec] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_id_tells_time_state_and_spec() {
        let dataset = DatasetIdentity { bucket: "b".to_owned(), key: "k".to_owned(), state: Some("e".to_owned()) };
        let written: Timestamp = "2026-11-23T04:05:06.789Z".parse().unwrap();
        let id = run_id(written, &dataset, &RunSpec::default());
        assert!(id.starts_with("20261123T040506Z-") && id.len() == 25, "{id}");
        assert_eq!(id, run_id(written, &dataset, &RunSpec::default()));
        let other = DatasetIdentity { state: Some("f".to_owned()), ..dataset.clone() };
        assert_ne!(id, run_id(written, &other, &RunSpec::default()));
        let spec = RunSpec { repeats: 2, ..RunSpec::default() };
        assert_ne!(id, run_id(written, &dataset, &spec));
        let text = "{\"budget\": {\"usd\": 5}, \"prices\": {\"m\": {\"input\": 1, \"output\": 1, \"source\": \"s\", \"date\": \"2026-11\"}}}";
        assert_eq!(id, run_id(written, &dataset, &serde_json::from_str(text).unwrap()), "money changes no question");
    }
}
