//! One model's life, put together from what the service says. Pure.

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

/// Below so many days until its end, a model needs somebody to plan its replacement.
pub const SOON_DAYS: f64 = 60.0;
/// Below so many days, it is urgent.
pub const VERY_SOON_DAYS: f64 = 14.0;

/// What is known of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum LifeState {
    /// The service has it in use.
    Active,
    /// The service has it on its way out: new customers do not get it, and an end is announced or will be.
    Legacy,
    /// The service gives a state that this version does not know, or none.
    Unclear {
        /// What it says.
        said: String,
    },
    /// The service does not know it: the id is wrong, or the model is gone, or this Region never had it.
    Missing {
        /// What the service said.
        said: String,
    },
    /// Nothing has a life that the service announces: a provisioned, imported or custom model, a prompt router.
    WithoutLife {
        /// What it is.
        what: String,
    },
    /// Nobody may look at it. That tells nothing of the model.
    Denied {
        /// What the service said, and what to allow.
        said: String,
    },
    /// It could not be looked at this time. That tells nothing of the model.
    Unavailable {
        /// What failed.
        said: String,
    },
}

/// The life of one model that is in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelLife {
    /// The model as it is configured: id, inference profile id or ARN.
    pub model: String,
    /// The foundation model whose life is told: of several behind a profile, the one with the nearest end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foundation_model: Option<String>,
    /// What is known of it.
    #[serde(flatten)]
    pub state: LifeState,
    /// Since when it is Legacy, or from when on it will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legacy_since: Option<Timestamp>,
    /// Since when, or from when on, using it costs more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_access_since: Option<Timestamp>,
    /// When it ends: requests fail from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_of_life: Option<Timestamp>,
    /// Days until then, below 0 afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_left: Option<f64>,
}

impl ModelLife {
    /// A model of which nothing is known but its state.
    pub fn new(model: &str, state: LifeState) -> Self {
        Self {
            model: model.to_owned(),
            foundation_model: None,
            state,
            legacy_since: None,
            extended_access_since: None,
            end_of_life: None,
            days_left: None,
        }
    }

    /// The same with what is said of its end, at the time `now`.
    pub fn ending(self, end_of_life: Option<Timestamp>, now: Timestamp) -> Self {
        let days_left =
            end_of_life.and_then(|end| end.since(now).ok()?.total(Unit::Hour).ok()).map(|hours| hours / 24.0);
        Self { end_of_life, days_left, ..self }
    }

    /// Whether the service told anything of the model: where it did not, nothing is known, and nothing is news.
    pub fn is_known(&self) -> bool {
        !matches!(self.state, LifeState::Denied { .. } | LifeState::Unavailable { .. })
    }

    /// Whether the model has ended.
    pub fn has_ended(&self) -> bool {
        self.days_left.is_some_and(|days| days <= 0.0)
    }

    /// Whether somebody has to do something: the model is missing, has ended, or ends in less than [`SOON_DAYS`] days.
    pub fn needs_somebody(&self) -> bool {
        matches!(self.state, LifeState::Missing { .. }) || self.days_left.is_some_and(|days| days < SOON_DAYS)
    }

    /// Of the lives of all foundation models behind one profile, the one that counts: what could not be looked at only
    /// where nothing is known of any; a missing model before all that are there; then the nearest end, then Legacy.
    pub(super) fn nearest(lives: Vec<Self>) -> Option<Self> {
        lives.into_iter().min_by(|left, right| left.rank().total_cmp(&right.rank()))
    }

    /// Smaller is worse. Days are at most some millions.
    fn rank(&self) -> f64 {
        const FAR: f64 = 1e12;
        match (&self.state, self.days_left) {
            (LifeState::Missing { .. }, _) => -FAR,
            (LifeState::Denied { .. } | LifeState::Unavailable { .. }, _) => 3.0 * FAR,
            (_, Some(days)) => days,
            (LifeState::Legacy, None) => FAR,
            _ => 2.0 * FAR,
        }
    }

    /// What is known, in a few words; without the model's name.
    pub fn words(&self) -> String {
        let state = match &self.state {
            LifeState::Active => "active".to_owned(),
            LifeState::Legacy => "Legacy".to_owned(),
            LifeState::Unclear { said } => format!("in a state that is not known here: {said}"),
            LifeState::Missing { said } => format!("not known to the service: {said}"),
            LifeState::WithoutLife { what } => format!("{what}, whose end the service does not announce"),
            LifeState::Denied { said } | LifeState::Unavailable { said } => format!("could not be looked at: {said}"),
        };
        let end = match (self.end_of_life, self.days_left) {
            (Some(end), Some(days)) if days <= 0.0 => format!(", ended on {}", date(end)),
            (Some(end), Some(days)) => format!(", ends on {}, in {days:.0} days", date(end)),
            _ => String::new(),
        };
        state + &end
    }
}

/// The day in UTC.
pub(super) fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn life(state: LifeState, end: Option<&str>) -> ModelLife {
        ModelLife::new("m", state).ending(end.map(at), at("2026-11-24T12:00:00Z"))
    }

    #[test]
    fn days_are_counted_to_the_hour_and_go_below_nothing() {
        // Six hours are a quarter of a day; November has 30 days, so 2026-12-24 is 30 days away.
        for (end, days, ended) in [
            ("2026-11-24T18:00:00Z", 0.25, false),
            ("2026-12-24T12:00:00Z", 30.0, false),
            ("2026-11-24T12:00:00Z", 0.0, true),
            ("2026-11-14T12:00:00Z", -10.0, true),
        ] {
            let life = life(LifeState::Legacy, Some(end));
            assert_eq!((life.days_left, life.has_ended(), life.needs_somebody()), (Some(days), ended, true), "{end}");
        }
        let far = life(LifeState::Active, Some("2027-11-24T12:00:00Z"));
        assert_eq!((far.days_left, far.needs_somebody()), (Some(365.0), false));
        let exactly = life(LifeState::Legacy, Some("2027-01-23T12:00:00Z"));
        assert_eq!((exactly.days_left, exactly.needs_somebody()), (Some(60.0), false), "only below 60 days");
    }

    #[test]
    fn the_nearest_end_behind_a_profile_counts_and_what_is_unknown_counts_last() {
        let denied = life(LifeState::Denied { said: String::new() }, None);
        let missing = life(LifeState::Missing { said: String::new() }, None);
        let near = life(LifeState::Active, Some("2026-12-24T12:00:00Z"));
        let far = life(LifeState::Active, Some("2027-12-24T12:00:00Z"));
        let legacy = life(LifeState::Legacy, None);
        let active = life(LifeState::Active, None);
        let worst = [missing, near, far, legacy, active, denied];
        // Each one counts before all that come after it, in whatever order they come.
        for first in 0..worst.len() {
            let mut rest = worst[first..].to_vec();
            rest.reverse();
            assert_eq!(ModelLife::nearest(rest), Some(worst[first].clone()));
        }
        assert_eq!(ModelLife::nearest(Vec::new()), None);
    }

    #[test]
    fn a_life_is_written_and_read() {
        let missing = life(LifeState::Missing { said: "no".to_owned() }, None);
        let text = serde_json::to_string(&missing).unwrap();
        assert_eq!(text, r#"{"model":"m","state":"missing","said":"no"}"#);
        assert_eq!(serde_json::from_str::<ModelLife>(&text).unwrap(), missing);
        let legacy = life(LifeState::Legacy, Some("2026-12-24T12:00:00Z"));
        assert_eq!(serde_json::from_str::<ModelLife>(&serde_json::to_string(&legacy).unwrap()).unwrap(), legacy);
        assert_eq!(legacy.words(), "Legacy, ends on 2026-12-24, in 30 days");
    }
}
