//! What JSON says in short, where nobody wrote a sentence: its first values.

use super::json;
use serde_json::Value;

/// How many values are told, and the longest of them, in characters.
const MOST: usize = 4;
const LONGEST_VALUE: usize = 80;
/// Parts of names whose values tell what happened: these come before others.
const TELLING: [&str; 13] = [
    "alarm", "alert", "cause", "code", "error", "fail", "message", "outcome", "reason", "result", "severity", "state",
    "status",
];

/// `job: nightly-export, status: FAILED`: the first values of an object, in the alphabet's order of their names, as an
/// object keeps no other. Where there are more than are told, those whose names speak of a state, an error, a reason and
/// the like are chosen first, and ARNs last. What the title says is left out. None where `value` is no object or has no
/// such values.
pub(super) fn gist(value: &Value, title: Option<&str>) -> Option<String> {
    let texts = value.as_object()?.iter().filter_map(|(name, value)| Some((name.trim(), json::as_text(value)?)));
    let mut chosen: Vec<(&str, String)> =
        texts.filter(|(name, text)| !name.is_empty() && Some(text.as_str()) != title).collect();
    chosen.sort_by_key(|(name, text)| (!is_telling(name), text.starts_with("arn:")));
    chosen.truncate(MOST);
    chosen.sort();
    let clip = assay_problem::clip;
    let said: Vec<String> = chosen
        .into_iter()
        .map(|(name, text)| format!("{}: {}", clip(name.to_owned(), LONGEST_VALUE), clip(text, LONGEST_VALUE)))
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TELLING.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_tells_most_is_chosen_and_told_in_order() {
        let task = json!({"availabilityZone": "us-east-1a", "containers": [], "cpu": "256", "desiredStatus": "STOPPED",
            "group": "service:web", "lastStatus": "STOPPED", "stopCode": "EssentialContainerExited",
            "stoppedReason": "Essential container in task exited", "version": 3, "overrides": {"a": 1}});
        let said = "desiredStatus: STOPPED, lastStatus: STOPPED, stopCode: EssentialContainerExited, \
                    stoppedReason: Essential container in task exited";
        assert_eq!(gist(&task, None).as_deref(), Some(said));
        let export = json!({"status": "FAILED", "rows": 0, "job": "nightly-export", "done": false});
        assert_eq!(gist(&export, None).as_deref(), Some("done: false, job: nightly-export, rows: 0, status: FAILED"));
    }

    #[test]
    fn what_has_no_values_says_nothing() {
        for value in [json!({}), json!([1, 2]), json!({"a": {"b": 1}, "c": null, "d": " "}), json!("x")] {
            assert_eq!(gist(&value, None), None, "{value}");
        }
    }
}
