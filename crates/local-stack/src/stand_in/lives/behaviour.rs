//! How models live, as data.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The life of one model. The default is an active model without an announced end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelLife {
    /// What `modelLifecycle.status` says; absent: there is no `modelLifecycle`.
    pub status: LifeStatus,
    /// When it began.
    pub start_of_life: Option<Timestamp>,
    /// Since when it is Legacy, or from when on it will be.
    pub legacy: Option<Timestamp>,
    /// Since when it costs more to use it.
    pub extended_access: Option<Timestamp>,
    /// When it ends.
    pub end_of_life: Option<Timestamp>,
    /// The service does not know it.
    pub missing: bool,
    /// Nobody may look at it.
    pub denied: bool,
}

/// What is said of a model's state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LifeStatus {
    /// In use.
    #[default]
    Active,
    /// On its way out.
    Legacy,
    /// The answer has no `modelLifecycle`.
    Absent,
    /// A state that this version of the service's model does not have.
    #[serde(untagged)]
    Other(String),
}

impl LifeStatus {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Active => Some("ACTIVE"),
            Self::Legacy => Some("LEGACY"),
            Self::Absent => None,
            Self::Other(text) => Some(text),
        }
    }
}

impl ModelLife {
    /// A model that is Legacy and ends at `end_of_life`.
    #[must_use]
    pub fn legacy_until(end_of_life: Timestamp) -> Self {
        Self { status: LifeStatus::Legacy, end_of_life: Some(end_of_life), ..Self::default() }
    }

    /// A model that the service does not know.
    #[must_use]
    pub fn missing() -> Self {
        Self { missing: true, ..Self::default() }
    }

    /// A model that nobody may look at.
    #[must_use]
    pub fn denied() -> Self {
        Self { denied: true, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn lives_read_as_people_write_them() {
        for (written, status) in [
            (r#"{}"#, LifeStatus::Active),
            (r#"{"status": "LEGACY"}"#, LifeStatus::Legacy),
            (r#"{"status": "ABSENT"}"#, LifeStatus::Absent),
            (r#"{"status": "RETIRED"}"#, LifeStatus::Other("RETIRED".to_owned())),
        ] {
            let life: ModelLife = serde_json::from_str(written).unwrap();
            assert_eq!(life, ModelLife { status, ..ModelLife::default() });
            let again = serde_json::to_string(&life).unwrap();
            assert_eq!(serde_json::from_str::<ModelLife>(&again).unwrap(), life);
        }
        let end = "2027-01-08T00:00:00Z";
        let life: ModelLife =
            serde_json::from_str(&format!(r#"{{"status": "LEGACY", "end_of_life": "{end}"}}"#)).unwrap();
        assert_eq!(life, ModelLife::legacy_until(end.parse().unwrap()));
        assert!(serde_json::from_str::<ModelLife>(r#"{"end": "2027"}"#).is_err());
    }
}
