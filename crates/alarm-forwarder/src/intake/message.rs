//! One message, out of what brought it, and an alert with what the message says of itself.

use super::{origin, tags};
use crate::alert::{Alert, Identity, Origin, Place, Tone};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// What is known of a message from around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Message {
    /// The id under which it came: the topic's, else the queue's, else made of the invocation's.
    pub(super) id: String,
    /// The topic or queue that it came by.
    pub(super) source_arn: Option<String>,
    /// Its subject.
    pub(super) subject: Option<String>,
    /// When it was sent.
    pub(super) sent: Option<Timestamp>,
    /// Its attributes that are text.
    pub(super) attributes: Vec<(String, String)>,
}

impl Message {
    /// An alert about nothing but its title, with the identity of the message.
    pub(super) fn alert(&self, origin: Origin, title: String) -> Alert {
        Alert {
            identity: Identity { subject: self.id.clone(), ..Identity::default() },
            origin,
            state: None,
            previous: None,
            tone: Tone::Neutral,
            severity: None,
            team: None,
            title,
            description: None,
            gist: None,
            reason: None,
            measurement: None,
            composite: None,
            contributor: None,
            muted: None,
            place: Place::default(),
            since: self.sent,
            links: Vec::new(),
            tags: Default::default(),
            fields: Vec::new(),
            facts: Vec::new(),
            body: None,
        }
    }

    /// An alert with what the message says of severity, team and place, where the alert itself does not.
    pub(super) fn finished(&self, mut alert: Alert) -> Alert {
        tags::from_attributes(&mut alert, &self.attributes);
        // What has no tone of its own has that of its severity.
        if alert.state.is_none() && alert.tone == Tone::Neutral {
            alert.tone = alert.severity.as_deref().map_or(Tone::Neutral, tone_of);
        }
        if let Some(arn) = &self.source_arn {
            alert.place = origin::completed(alert.place, origin::place_of(arn));
        }
        alert
    }
}

/// How a severity looks, in the words of [`notice`].
fn tone_of(severity: &str) -> Tone {
    match severity {
        "critical" | "high" => Tone::Bad,
        "medium" => Tone::Warning,
        _ => Tone::Neutral,
    }
}

/// An id made of a text, for what comes under different ids and is the same.
pub(super) fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
