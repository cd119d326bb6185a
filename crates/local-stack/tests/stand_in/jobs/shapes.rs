//! The structure of records, to compare what the stand-in writes with what the service does.

use std::collections::BTreeSet;

use serde_json::Value;

/// Every path through some values with the type at its end, such as `scores[].result: number`.
pub(super) fn shape(values: &[Value]) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for value in values {
        walk(value, String::new(), &mut paths);
    }
    paths
}

fn walk(value: &Value, path: String, paths: &mut BTreeSet<String>) {
    let kind = match value {
        Value::Object(members) => {
            for (name, member) in members {
                walk(member, format!("{path}.{name}"), paths);
            }
            return;
        }
        Value::Array(items) => {
            for item in items {
                walk(item, format!("{path}[]"), paths);
            }
            "list"
        }
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
    };
    paths.insert(format!("{path}: {kind}"));
}

/// Lines of a sample file, counted from 1.
pub(super) fn sample(file: &str, lines: &[usize]) -> Vec<Value> {
    let path = format!("{}/tests/samples/{file}_output.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let records: Vec<&str> = text.lines().collect();
    lines.iter().map(|line| serde_json::from_str(records[line - 1]).unwrap()).collect()
}
