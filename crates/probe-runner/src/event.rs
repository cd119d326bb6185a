//! Events to what they ask for: the schedules', EventBridge's, and those of people.

use crate::occasion::Occasion;
use assay_problem::{Classified, ErrorClass, ErrorKind, clip, closest};
use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// What an event asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A round of probes.
    Probes(Wanted),
    /// The hourly look at everything that should be well.
    Watch,
    /// The weekly digest.
    Digest(Occasion),
}

/// What a round is asked to go over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// When, and under which name.
    pub occasion: Occasion,
    /// The suites that were named; none means all.
    pub suites: Option<Vec<String>>,
    /// Whether the schedule asks. Only its rounds over all suites count as the probes' sign of life.
    pub by_schedule: bool,
}

impl Wanted {
    /// The round's name: two rounds of one moment over different suites are different rounds.
    pub fn id(&self) -> String {
        let Some(suites) = &self.suites else { return self.occasion.id.clone() };
        let mut hash = Sha256::new();
        for suite in suites {
            hash.update((suite.len() as u64).to_le_bytes());
            hash.update(suite);
        }
        let digest: String = hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{digest}", self.occasion.id)
    }

    /// Whether the whole of `probes/` is gone over because the schedule asks.
    pub fn is_sign_of_life(&self) -> bool {
        self.by_schedule && self.suites.is_none()
    }
}

/// An event that is none of those the function is made for.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// None of the known shapes.
    #[error(
        "neither {{\"assay\": \"probes\"}}, {{\"assay\": \"watch\"}} or {{\"assay\": \"digest\"}} nor EventBridge's `Probes \
         Requested` of the source `assay`; see events/ for the shapes"
    )]
    Unknown,
    /// A known shape with something in it that is wrong.
    #[error("the event cannot be read: {0}")]
    Broken(String),
}

impl Classified for EventError {
    fn classify(&self) -> ErrorClass {
        ErrorKind::User.named("UnknownEvent")
    }
}

/// What `event` asks for, at the moment `now`.
///
/// # Errors
/// When it is of no known shape. A field that is not known is refused: a round over all suites in place of the one that was
/// meant costs money.
pub fn asked(event: &Value, request_id: &str, now: Timestamp) -> Result<Asked, EventError> {
    let fields = event.as_object().ok_or(EventError::Unknown)?;
    if fields.contains_key("detail-type") {
        return requested(fields, request_id, now).map(Asked::Probes);
    }
    let occasion = |fields: &Map<String, Value>| match fields.get("at") {
        None => Occasion::of_request(request_id, now),
        Some(Value::String(at)) => Occasion::at(at, request_id, now),
        Some(other) => Occasion::at(&clip(other.to_string(), 100), request_id, now),
    };
    match fields.get("assay").and_then(Value::as_str) {
        Some("probes") => {
            known(fields, &["assay", "at", "suites"])?;
            let (occasion, by_schedule) = (occasion(fields), fields.contains_key("at"));
            Ok(Asked::Probes(Wanted { occasion, suites: suites(fields)?, by_schedule }))
        }
        Some("watch") => known(fields, &["assay", "at"]).map(|()| Asked::Watch),
        Some("digest") => known(fields, &["assay", "at"]).map(|()| Asked::Digest(occasion(fields))),
        _ => Err(EventError::Unknown),
    }
}

/// EventBridge's event. What it brings beside the detail is EventBridge's own.
fn requested(fields: &Map<String, Value>, request_id: &str, now: Timestamp) -> Result<Wanted, EventError> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    if text("source") != Some("assay") || text("detail-type") != Some("Probes Requested") {
        return Err(EventError::Unknown);
    }
    let detail = match fields.get("detail") {
        Some(Value::Object(detail)) => detail,
        _ => return Err(EventError::Broken("`detail` is no object".to_owned())),
    };
    known(detail, &["suites"])?;
    let occasion = match text("id") {
        Some(id) if !id.is_empty() => Occasion::of_event(id, now),
        _ => Occasion::of_request(request_id, now),
    };
    Ok(Wanted { occasion, suites: suites(detail)?, by_schedule: false })
}

fn known(fields: &Map<String, Value>, names: &[&str]) -> Result<(), EventError> {
    let Some(unknown) = fields.keys().find(|name| !names.contains(&name.as_str())) else { return Ok(()) };
    let meant = closest(unknown, names.iter().copied()).map(|name| format!("; did you mean `{name}`?"));
    let (unknown, meant) = (clip(unknown.clone(), 100), meant.unwrap_or_default());
    Err(EventError::Broken(format!("`{unknown}` is not known beside {}{meant}", names.join(", "))))
}

/// The suites that are named, each once and in order; none where all are meant.
fn suites(fields: &Map<String, Value>) -> Result<Option<Vec<String>>, EventError> {
    let wrong = || {
        let said = "`suites` has to be a list of names such as [\"faq\"]; leave it out for all suites";
        EventError::Broken(said.to_owned())
    };
    let Some(value) = fields.get("suites") else { return Ok(None) };
    let named = value.as_array().filter(|named| !named.is_empty()).ok_or_else(wrong)?;
    let name = |value: &Value| value.as_str().filter(|name| !name.trim().is_empty()).map(str::to_owned);
    let mut named = named.iter().map(name).collect::<Option<Vec<String>>>().ok_or_else(wrong)?;
    named.sort();
    named.dedup();
    Ok(Some(named))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn now() -> Timestamp {
        "2026-11-23T06:05:00Z".parse().unwrap()
    }

    fn wanted(event: &Value) -> Wanted {
        match asked(event, "r1", now()) {
            Ok(Asked::Probes(wanted)) => wanted,
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn only_an_event_with_a_time_is_the_schedule_s() {
        assert!(wanted(&json!({"assay": "probes", "at": "2026-11-23T06:00:00Z"})).is_sign_of_life());
        assert!(wanted(&json!({"assay": "probes", "at": "<aws.scheduler.scheduled-time>"})).is_sign_of_life());
        assert!(!wanted(&json!({"assay": "probes"})).is_sign_of_life());
        assert!(!wanted(&json!({"assay": "probes", "at": "2026-11-23T06:00:00Z", "suites": ["a"]})).is_sign_of_life());
    }

    #[test]
    fn suites_are_named_once_and_make_a_round_of_their_own() {
        let named = wanted(&json!({"assay": "probes", "suites": ["b", "a", "b"]}));
        assert_eq!(named.suites, Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(named.id(), wanted(&json!({"assay": "probes", "suites": ["a", "b"]})).id());
        let all = wanted(&json!({"assay": "probes"})).id();
        assert_eq!(all, "request-r1");
        assert!(named.id().starts_with("request-r1-") && named.id().len() == all.len() + 9, "{}", named.id());
        assert_ne!(named.id(), wanted(&json!({"assay": "probes", "suites": ["ab"]})).id());
    }

    #[test]
    fn an_event_of_eventbridge_is_known_by_its_id() {
        let event = |id: &str, detail: Value| json!({"id": id, "source": "assay", "detail-type": "Probes Requested", "detail": detail, "region": "x"});
        let named = wanted(&event("e1", json!({"suites": ["faq"]})));
        assert!(named.id().starts_with("event-e1-") && !named.by_schedule, "{}", named.id());
        assert_eq!(wanted(&event("e1", json!({}))).id(), "event-e1");
        assert_eq!(wanted(&event("", json!({}))).id(), "request-r1");
    }

    #[test]
    fn what_is_not_understood_says_what_is() {
        for (event, said) in [
            (json!(null), "see events/"),
            (json!([]), "see events/"),
            (json!({}), "see events/"),
            (json!({"assay": 1}), "see events/"),
            (json!({"assay": "sweep"}), "{\"assay\": \"probes\"}"),
            (json!({"detail-type": "Object Created", "source": "aws.s3", "detail": {}}), "`Probes Requested`"),
            (json!({"detail-type": "Probes Requested", "source": "other", "detail": {}}), "source `assay`"),
            (json!({"detail-type": "Probes Requested", "source": "assay"}), "`detail` is no object"),
            (json!({"detail-type": "Probes Requested", "source": "assay", "detail": {"suite": "a"}}), "`suites`?"),
            (json!({"assay": "probes", "suite": ["a"]}), "did you mean `suites`?"),
            (json!({"assay": "probes", "suites": "a"}), "[\"faq\"]"),
            (json!({"assay": "probes", "suites": []}), "leave it out for all suites"),
            (json!({"assay": "probes", "suites": ["a", 1]}), "a list of names"),
            (json!({"assay": "probes", "suites": [" "]}), "a list of names"),
            (json!({"assay": "watch", "suites": ["a"]}), "not known beside assay, at"),
        ] {
            let error = asked(&event, "r", now()).unwrap_err().to_string();
            assert!(error.contains(said), "{event}: {error}");
        }
    }
}
