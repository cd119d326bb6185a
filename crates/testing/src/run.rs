//! What a run has written, as it lies in the bucket.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The objects of one run.
#[derive(Debug)]
pub struct Run {
    /// The run's id.
    pub id: String,
    /// The text of each object, by its name below the run's folder.
    pub objects: BTreeMap<String, String>,
}

impl Run {
    /// A JSON object of the run.
    pub fn json(&self, name: &str) -> Value {
        let text = self.objects.get(name).unwrap_or_else(|| panic!("no {name} among {:?}", self.objects.keys()));
        serde_json::from_str(text).unwrap()
    }

    /// The summary of the run.
    pub fn summary(&self) -> Value {
        self.json("summary.json")
    }

    /// How far the run is.
    pub fn stage(&self) -> String {
        self.json("claim.json")["stage"].as_str().unwrap().to_owned()
    }

    /// Every record, in the order of the parts. Where the writer gives up waiting for a part that the store has taken all the
    /// same, it writes the same content as the next part; it counts once.
    pub fn records(&self) -> Vec<Value> {
        let mut seen = BTreeSet::new();
        let parts = self.objects.iter().filter(|(name, text)| name.starts_with("records/") && seen.insert(*text));
        parts.flat_map(|(_, text)| text.lines()).map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The problems that the summary names, as people read them.
    pub fn problems(&self) -> String {
        let summary = self.summary();
        let problems = summary["problems"]["first"].as_array().cloned().unwrap_or_default();
        let text = |problem: &Value| {
            let part = |name: &str| match &problem[name] {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            };
            format!("{}:{}: {}: {}; {}", part("place"), part("line"), part("field"), part("message"), part("remedy"))
        };
        problems.iter().map(text).collect::<Vec<_>>().join("\n")
    }
}
