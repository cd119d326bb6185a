//! An alert: everything worth telling of one message, whatever it came as.
//!
//! Texts are as they came: nothing here is escaped or cut. [`crate::render`] does both.

mod measurement;

pub use measurement::{Comparison, Measured, Measurement};

use jiff::Timestamp;
use std::collections::BTreeMap;

/// Everything worth telling of one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// What makes a second delivery of the same thing the same.
    pub identity: Identity,
    /// What kind of message it was.
    pub origin: Origin,
    /// The state that an alarm is in now; none for what is no alarm.
    pub state: Option<State>,
    /// The state that the alarm was in before, where it is known.
    pub previous: Option<State>,
    /// How serious it looks: the colour.
    pub tone: Tone,
    /// How severe somebody says that it is, in lower case: the tag or attribute `severity`; of Assay's own notices by kind.
    /// For routes.
    pub severity: Option<String>,
    /// Whose it is, in lower case: the tag or attribute `team`. For routes.
    pub team: Option<String>,
    /// The name of the alarm as it is; of other messages their subject or title. For routes by pattern, and for people.
    pub title: String,
    /// What somebody wrote about it.
    pub description: Option<String>,
    /// What it says in short, where nobody wrote a sentence. For notifications; all of it stands in the body.
    pub gist: Option<String>,
    /// Why the state changed, in the service's words.
    pub reason: Option<String>,
    /// What crossed what, of alarms on metrics.
    pub measurement: Option<Measurement>,
    /// The rule and the alarms that triggered it, of composite alarms.
    pub composite: Option<Composite>,
    /// The time series that it is about, of an alarm over several.
    pub contributor: Option<Contributor>,
    /// Why nobody was to be told: a mute rule or a suppressor is in effect.
    pub muted: Option<Muted>,
    /// Where in AWS it comes from.
    pub place: Place,
    /// When the state changed, or when the thing happened. An alert with an earlier time never replaces one with a later.
    pub since: Option<Timestamp>,
    /// Pages to open, the console's first.
    pub links: Vec<Link>,
    /// Tags of the alarm, without those that became severity, team or runbook.
    pub tags: BTreeMap<String, String>,
    /// Named values.
    pub fields: Vec<Field>,
    /// A line for each thing worth knowing.
    pub facts: Vec<String>,
    /// Text or JSON that is shown as it came.
    pub body: Option<String>,
}

/// What makes a second delivery of the same thing the same. All parts together are the key of idempotency.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Identity {
    /// The alarm's ARN, or its name where there is none; of other messages the id under which they came.
    pub subject: String,
    /// The state as the service writes it, as `ALARM`; empty for what is no alarm.
    pub state: String,
    /// When the state changed, in one form whatever way it came; empty for what is no alarm.
    pub changed: String,
    /// Which time series of the alarm; empty where it is about the alarm as a whole.
    pub contributor: String,
}

/// What kind of message an alert was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An alarm on a metric, on an expression over metrics, or on a band of expected values.
    MetricAlarm,
    /// An alarm on other alarms.
    CompositeAlarm,
    /// One time series of an alarm over several.
    AlarmContributor,
    /// A notice of Assay.
    Notice,
    /// AWS Budgets.
    Budget,
    /// AWS Health.
    Health,
    /// What became of an e-mail that Amazon SES sent.
    Email,
    /// A custom notification for chat applications.
    ChatNotification,
    /// Any other event of the event bus.
    Event,
    /// Any other JSON.
    Json,
    /// Any other text.
    Text,
}

/// The state of an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum State {
    /// `ALARM`
    Alarm,
    /// `OK`
    Ok,
    /// `INSUFFICIENT_DATA`
    InsufficientData,
    /// A state that this program does not know, as it came.
    Other(String),
}

impl State {
    /// The state that the service calls `name`.
    pub fn read(name: &str) -> Self {
        match name.trim().to_ascii_uppercase().as_str() {
            "ALARM" => Self::Alarm,
            "OK" => Self::Ok,
            "INSUFFICIENT_DATA" => Self::InsufficientData,
            _ => Self::Other(name.trim().to_owned()),
        }
    }

    /// What the service calls it.
    pub fn name(&self) -> &str {
        match self {
            Self::Alarm => "ALARM",
            Self::Ok => "OK",
            Self::InsufficientData => "INSUFFICIENT_DATA",
            Self::Other(name) => name,
        }
    }
}

/// How serious an alert looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something is wrong.
    Bad,
    /// Something may become wrong, or cannot be told.
    Warning,
    /// Something is well, or well again.
    Good,
    /// Good to know.
    Neutral,
}

/// A composite alarm.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Composite {
    /// Its rule.
    pub rule: Option<String>,
    /// The alarms that triggered the change.
    pub children: Vec<Child>,
}

/// An alarm of a composite alarm.
#[derive(Debug, Clone, PartialEq)]
pub struct Child {
    /// Its name.
    pub name: String,
    /// Its state, where it is known.
    pub state: Option<State>,
    /// Since when, where it is known.
    pub since: Option<Timestamp>,
}

/// One time series of an alarm over several.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contributor {
    /// Its id.
    pub id: String,
    /// What it is told by, as `ModelId`.
    pub attributes: Vec<(String, String)>,
}

/// Why nobody was to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Muted {
    /// What is in effect: `the mute rule weekly-retrain`, `the suppressor release-freeze (WaitPeriod)`.
    pub by: String,
    /// Until when, where it is known.
    pub until: Option<Timestamp>,
}

/// Where in AWS something comes from. What is not known is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: Option<String>,
    /// As `eu-central-1`.
    pub region: Option<String>,
    /// The account's number.
    pub account: Option<String>,
}

/// A page to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is.
    pub kind: LinkKind,
    /// Its address: `https` or `http`.
    pub url: String,
}

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// The AWS console.
    Console,
    /// What to do about it.
    Runbook,
    /// The report of a run.
    Report,
    /// Anything else.
    Page,
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it is.
    pub name: String,
    /// The value.
    pub value: String,
}
