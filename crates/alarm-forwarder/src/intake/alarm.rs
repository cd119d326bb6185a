//! CloudWatch alarms: from a topic, from the event bus, and as the direct action of an alarm.

use super::message::Message;
use super::{json, link, measurement, muted, origin, tags};
use crate::alert::{Alert, Child, Composite, Contributor, Identity, Origin, Place, State, Tone};
use jiff::Timestamp;
use serde_json::Value;

/// Whether `value` is what CloudWatch sends to a topic. Anything else may have its keys: their kinds count, too.
pub(super) fn is_topic_alarm(value: &Value) -> bool {
    let is_text = |key: &str| value.get(key).is_some_and(Value::is_string) && json::text(value, key).is_some();
    is_text("AlarmName") && is_text("NewStateValue")
}

/// An alarm that came by a topic.
pub(super) fn from_topic(message: &Message, value: &Value) -> Alert {
    let region = json::text(value, "Region").filter(|region| origin::is_region(region));
    let account = json::text(value, "AWSAccountId");
    Change {
        message,
        name: json::text(value, "AlarmName").unwrap_or_default(),
        arn: json::text(value, "AlarmArn"),
        state: json::text(value, "NewStateValue").map(|name| State::read(&name)),
        previous: json::text(value, "OldStateValue").map(|name| State::read(&name)),
        reason: json::text(value, "NewStateReason"),
        changed: json::text(value, "StateChangeTime"),
        description: json::text(value, "AlarmDescription"),
        place: Place { partition: None, region, account },
        configuration: json::pick(value, "Trigger"),
        state_data: None,
        rule: json::text(value, "AlarmRule"),
        children: json::list(value, "TriggeringChildren"),
        whole: value,
    }
    .alert()
}

/// An alarm that came by the event bus.
pub(super) fn from_event(message: &Message, event: &Value, detail: &Value) -> Alert {
    let resources = json::list(event, "resources").iter().filter_map(json::as_text);
    let arn = resources.into_iter().find(|arn| arn.contains(":alarm:"));
    let place = origin::place_of_event(event);
    // Where nothing says when the state changed, the event's own time is the same each time it comes.
    from_data(message, detail, arn, place, json::text(event, "time"))
}

/// An alarm whose action is this function.
pub(super) fn from_action(message: &Message, value: &Value) -> Alert {
    let place = Place {
        partition: None,
        region: json::text(value, "region").filter(|region| origin::is_region(region)),
        account: json::text(value, "accountId"),
    };
    let data = json::pick(value, "alarmData").unwrap_or(value);
    from_data(message, data, json::text(value, "alarmArn"), place, json::text(value, "time"))
}

/// What events and direct actions have in common.
fn from_data(message: &Message, data: &Value, arn: Option<String>, place: Place, time: Option<String>) -> Alert {
    let of_state = |key: &str| json::path(data, &["state", key]).and_then(json::as_text);
    // A text that holds JSON; whoever passes an event on may have unpacked it.
    let state_data = match json::path(data, &["state", "reasonData"]) {
        Some(Value::String(text)) => json::parse(text),
        other => other.cloned(),
    };
    let configuration = json::pick(data, "configuration");
    let of_configuration = |key: &str| configuration.and_then(|found| json::text(found, key));
    let children = state_data.as_ref().map(|found| json::list(found, "triggeringAlarms")).unwrap_or_default();
    let name = json::text(data, "alarmName").or_else(|| arn.as_deref().map(|arn| origin::alarm_name(arn).to_owned()));
    Change {
        message,
        name: name.unwrap_or_else(|| "an alarm without a name".to_owned()),
        arn,
        state: of_state("value").map(|name| State::read(&name)),
        previous: json::path(data, &["previousState", "value"]).and_then(json::as_text).map(|name| State::read(&name)),
        reason: of_state("reason"),
        changed: of_state("timestamp").or(time),
        description: of_configuration("description"),
        place,
        configuration,
        state_data: state_data.as_ref(),
        rule: of_configuration("alarmRule"),
        children,
        whole: data,
    }
    .alert()
}

/// What all ways say of a change of an alarm's state.
struct Change<'a> {
    message: &'a Message,
    name: String,
    arn: Option<String>,
    state: Option<State>,
    previous: Option<State>,
    reason: Option<String>,
    changed: Option<String>,
    description: Option<String>,
    place: Place,
    configuration: Option<&'a Value>,
    state_data: Option<&'a Value>,
    rule: Option<String>,
    children: &'a [Value],
    whole: &'a Value,
}

impl Change<'_> {
    fn alert(self) -> Alert {
        // Documented samples have stray spaces in ARNs.
        let arn = self.arn.as_ref().map(|arn| arn.replace(' ', "")).filter(|arn| arn.starts_with("arn:"));
        let place = origin::completed(arn.as_deref().map(origin::place_of).unwrap_or_default(), self.place.clone());
        let place = match &self.message.source_arn {
            Some(topic) => origin::completed(place, origin::place_of(topic)),
            None => place,
        };
        let since = self.changed.as_deref().and_then(json::as_time);
        let contributor = contributor(self.whole);
        let identity = self.identity(arn, &place, since, contributor.as_ref());
        let composite = (self.rule.is_some() || !self.children.is_empty())
            .then(|| Composite { rule: self.rule, children: self.children.iter().filter_map(child).collect() });
        let measurement = match (&composite, self.configuration) {
            (None, Some(configuration)) => measurement::read(configuration, self.reason.as_deref(), self.state_data),
            _ => None,
        };
        let muted = muted::read(self.whole);
        let tone = match (&muted, &self.state) {
            (Some(_), _) => Tone::Neutral,
            (None, Some(State::Alarm)) => Tone::Bad,
            (None, Some(State::Ok)) => Tone::Good,
            (None, _) => Tone::Warning,
        };
        let kind = match (&composite, &contributor) {
            (_, Some(_)) => Origin::AlarmContributor,
            (Some(_), None) => Origin::CompositeAlarm,
            (None, None) => Origin::MetricAlarm,
        };
        let mut alert = Alert {
            identity,
            state: self.state,
            previous: self.previous,
            tone,
            reason: self.reason,
            measurement,
            composite,
            contributor,
            muted,
            since: since.or(self.message.sent),
            links: self.description.as_deref().map(link::pages).unwrap_or_default(),
            description: self.description,
            ..self.message.alert(kind, self.name)
        };
        tags::read(&mut alert, self.whole);
        alert.links.sort_by_key(|link| link.kind != crate::alert::LinkKind::Runbook);
        if let Some(page) = origin::alarm_page(&place, &alert.title) {
            alert.links.insert(0, page);
        }
        alert.place = place;
        alert
    }

    /// What every delivery of the same change has in common.
    fn identity(
        &self,
        arn: Option<String>,
        place: &Place,
        since: Option<Timestamp>,
        contributor: Option<&Contributor>,
    ) -> Identity {
        let known = |part: &Option<String>| part.clone().unwrap_or_default();
        Identity {
            subject: arn.unwrap_or_else(|| format!("{}:{}:{}", known(&place.account), known(&place.region), self.name)),
            state: self.state.as_ref().map(|state| state.name().to_owned()).unwrap_or_default(),
            changed: match (since, &self.changed) {
                (Some(since), _) => since.to_string(),
                (None, Some(changed)) => changed.clone(),
                (None, None) => self.message.id.clone(),
            },
            contributor: contributor.map(|found| found.id.clone()).unwrap_or_default(),
        }
    }
}

/// The time series that a change is about.
fn contributor(whole: &Value) -> Option<Contributor> {
    let found = json::pick(whole, "alarmContributor").filter(|found| found.is_object());
    let id = found.and_then(|found| json::text(found, "id").or_else(|| json::text(found, "contributorId")));
    let id = id.or_else(|| json::text(whole, "alarmContributorId"))?;
    let attributes = found
        .and_then(|found| json::pick(found, "attributes").or_else(|| json::pick(found, "contributorAttributes")))
        .or_else(|| json::pick(whole, "alarmContributorAttributes"));
    Some(Contributor { id, attributes: attributes.map(json::pairs).unwrap_or_default() })
}

/// An alarm of a composite alarm: an object, or just its ARN.
fn child(value: &Value) -> Option<Child> {
    let arn = json::text(value, "arn").or_else(|| json::as_text(value))?;
    let state = json::pick(value, "state");
    Some(Child {
        name: origin::alarm_name(&arn).to_owned(),
        state: state.and_then(|state| json::text(state, "value")).map(|name| State::read(&name)),
        since: state.and_then(|state| json::time(state, "timestamp")),
    })
}
