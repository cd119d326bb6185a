//! What is news of the life of models, each told once. Pure; the state is kept by whoever asks.

use super::LifeState;
use super::life::{ModelLife, SOON_DAYS, VERY_SOON_DAYS, date};
use assay_problem::clip;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the state's format.
pub const LIFECYCLE_FORMAT: u32 = 1;
/// The longest line about one model, in characters.
const LONGEST_FACT: usize = 500;

/// How near its end a model is; greater is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nothing is to be done.
    Fine,
    /// It is Legacy.
    Legacy,
    /// It ends in less than [`SOON_DAYS`] days.
    Soon,
    /// It ends in less than [`VERY_SOON_DAYS`] days.
    VerySoon,
    /// It has ended.
    Ended,
    /// The service does not know it.
    Missing,
}

impl Stage {
    /// The stage of a life; none where nothing is known of it.
    pub fn of(life: &ModelLife) -> Option<Self> {
        if !life.is_known() {
            return None;
        }
        Some(match (&life.state, life.days_left) {
            (LifeState::Missing { .. }, _) => Self::Missing,
            (_, Some(days)) if days <= 0.0 => Self::Ended,
            (_, Some(days)) if days < VERY_SOON_DAYS => Self::VerySoon,
            (_, Some(days)) if days < SOON_DAYS => Self::Soon,
            (LifeState::Legacy, _) => Self::Legacy,
            _ => Self::Fine,
        })
    }
}

/// What was last known of each model, and so told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifecycleState {
    /// [`LIFECYCLE_FORMAT`].
    pub format: u32,
    /// The stage that was told last, by model as it is configured.
    pub models: BTreeMap<String, Stage>,
}

impl Default for LifecycleState {
    fn default() -> Self {
        Self { format: LIFECYCLE_FORMAT, models: BTreeMap::new() }
    }
}

/// Something that people have to be told of one model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LifecycleNews {
    /// The model as it is configured.
    pub model: String,
    /// Where it is now.
    pub stage: Stage,
    /// Where it was; none where nothing was known of it.
    pub before: Option<Stage>,
    /// A line for people; no longer than 500 characters.
    pub fact: String,
}

impl LifecycleState {
    /// What is news when the models' lives are these, and the state to keep once it is told. A model that could not be
    /// looked at keeps what was known of it; one that is not configured any more is forgotten. A model that is fine when it
    /// is first seen is no news.
    pub fn news(&self, lives: &[ModelLife]) -> (Self, Vec<LifecycleNews>) {
        let mut after = Self::default();
        let mut news = Vec::new();
        for life in lives {
            let before = self.models.get(&life.model).copied();
            let Some(stage) = Stage::of(life).or(before) else { continue };
            if after.models.insert(life.model.clone(), stage).is_none() && stage != before.unwrap_or(Stage::Fine) {
                let fact = clip(format!("{} {}", life.model, words(life, stage, before)), LONGEST_FACT);
                news.push(LifecycleNews { model: life.model.clone(), stage, before, fact });
            }
        }
        (after, news)
    }
}

fn words(life: &ModelLife, stage: Stage, before: Option<Stage>) -> String {
    let behind = life.foundation_model.as_ref().filter(|id| **id != life.model).map(|id| format!(" (model {id})"));
    let behind = behind.unwrap_or_default();
    let end = |at: Option<Timestamp>| at.map(date).unwrap_or_default();
    let days = life.days_left.unwrap_or_default();
    match (stage, before) {
        (Stage::Missing, _) => format!("is {}", life.words()),
        (Stage::Ended, _) => format!("ended on {}{behind}: calls fail; name another model", end(life.end_of_life)),
        (Stage::Soon | Stage::VerySoon, _) if before.is_none_or(|before| before < stage) => {
            format!("ends on {}{behind}, in {days:.0} days: name another model until then", end(life.end_of_life))
        }
        (Stage::Legacy, before) if before.is_none_or(|before| before < stage) => {
            let announced = match life.end_of_life {
                Some(at) => format!("it ends on {}", end(Some(at))),
                None => "its end is not announced yet".to_owned(),
            };
            format!("has become Legacy{behind}; {announced}")
        }
        (_, Some(Stage::Missing)) => format!("is known to the service again{behind}: {}", life.words()),
        _ => format!("has more time than before{behind}: {}", life.words()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn life(state: LifeState, days: Option<i64>) -> ModelLife {
        let now: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
        let end = days.map(|days| now + jiff::SignedDuration::from_hours(24 * days));
        ModelLife::new("us.amazon.nova-lite-v1:0", state).ending(end, now)
    }

    fn missing() -> ModelLife {
        life(LifeState::Missing { said: "no such model".to_owned() }, None)
    }

    #[test]
    fn each_step_towards_the_end_is_told_once() {
        let steps = [
            (life(LifeState::Active, None), None),
            (life(LifeState::Active, Some(400)), None),
            (life(LifeState::Legacy, Some(180)), Some("has become Legacy; it ends on 2027-05-23")),
            (life(LifeState::Legacy, Some(60)), None),
            (life(LifeState::Legacy, Some(59)), Some("ends on 2027-01-22, in 59 days: name another model until then")),
            (life(LifeState::Legacy, Some(14)), None),
            (life(LifeState::Legacy, Some(13)), Some("ends on 2026-12-07, in 13 days: name another model until then")),
            (life(LifeState::Denied { said: String::new() }, None), None),
            (life(LifeState::Unavailable { said: String::new() }, None), None),
            (life(LifeState::Legacy, Some(-1)), Some("ended on 2026-11-23: calls fail; name another model")),
            (missing(), Some("is not known to the service: no such model")),
            (life(LifeState::Active, None), Some("is known to the service again: active")),
            (life(LifeState::Active, Some(20)), Some("ends on 2026-12-14, in 20 days: name another model until then")),
            (
                life(LifeState::Active, Some(90)),
                Some("has more time than before: active, ends on 2027-02-22, in 90 days"),
            ),
        ];
        let mut state = LifecycleState::default();
        for (life, told) in steps {
            let (after, news) = state.news(std::slice::from_ref(&life));
            let facts: Vec<&str> = news.iter().map(|news| news.fact.as_str()).collect();
            let expected: Vec<String> = told.iter().map(|told| format!("us.amazon.nova-lite-v1:0 {told}")).collect();
            assert_eq!(facts, expected, "{life:?}");
            let (again, nothing) = after.news(&[life]);
            assert!(nothing.is_empty() && again == after, "told twice: {nothing:?}");
            state = after;
        }
    }

    #[test]
    fn what_is_not_configured_any_more_is_forgotten_and_what_was_never_seen_is_not_remembered() {
        let (state, news) = LifecycleState::default().news(&[missing()]);
        assert_eq!((news.len(), state.models.len()), (1, 1));
        assert_eq!(state.news(&[]), (LifecycleState::default(), Vec::new()));
        let denied = life(LifeState::Denied { said: String::new() }, None);
        assert_eq!(LifecycleState::default().news(&[denied]), (LifecycleState::default(), Vec::new()));
    }

    #[test]
    fn the_state_is_read_as_it_was_written_and_names_the_model_behind_a_profile() {
        let mut legacy = life(LifeState::Legacy, None);
        legacy.foundation_model = Some("amazon.nova-lite-v1:0".to_owned());
        let (state, news) = LifecycleState::default().news(&[legacy]);
        let end = "has become Legacy (model amazon.nova-lite-v1:0); its end is not announced yet";
        assert!(news[0].fact.ends_with(end), "{news:?}");
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(text, r#"{"format":1,"models":{"us.amazon.nova-lite-v1:0":"legacy"}}"#);
        assert_eq!(serde_json::from_str::<LifecycleState>(&text).unwrap(), state);
    }
}
