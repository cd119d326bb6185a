//! What has to be done so that the alarms which are there become those that should be.

use super::definition::{Alarm, Source, Watched};
use super::name::suite_prefix;
use assay_core::publish::metrics::dimension_value;
use serde::Serialize;

/// An alarm that is there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Existing {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// What it is; none where it is something that is never made here.
    pub alarm: Option<Alarm>,
    /// Whether it tells anybody. A person may have switched it off.
    pub actions_enabled: bool,
    /// Whom it tells when it is well again.
    pub ok_actions: Vec<String>,
    /// Whom it tells when it has no data.
    pub insufficient_data_actions: Vec<String>,
    /// Its state.
    pub state: State,
    /// Why it has this state, in the service's words.
    pub reason: String,
}

/// The state of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Within the threshold.
    Ok,
    /// Beyond it.
    Alarm,
    /// Not known yet.
    InsufficientData,
}

impl State {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// An alarm that becomes another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// What is there.
    pub before: Existing,
    /// What shall be.
    pub after: Alarm,
}

impl Moved {
    /// Whether the two differ in what is watched, how, or whom they tell. Other words alone are no news.
    pub fn watches_otherwise(&self) -> bool {
        self.before.alarm.as_ref().is_none_or(|before| watches_otherwise(before, &self.after))
    }
}

/// What has to be done.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Changes {
    /// Alarms that are not there.
    pub added: Vec<Alarm>,
    /// Alarms whose threshold shall be nearer to what is usual.
    pub tightened: Vec<Moved>,
    /// Alarms whose threshold shall be farther from what is usual. Somebody has to be told.
    pub loosened: Vec<Moved>,
    /// Alarms that differ in anything but the threshold: what is watched, whom it tells, how it is described.
    pub changed: Vec<Moved>,
    /// Alarms that nobody wants any more.
    pub removed: Vec<Existing>,
    /// Alarms that are as they should be.
    pub unchanged: Vec<Existing>,
}

impl Changes {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.moved().next().is_none()
    }

    /// Whether people have to be told: of alarms that came, went, were loosened or watch something else. One that was
    /// tightened, or has new words, is no loss of watchfulness.
    pub fn are_to_be_told(&self) -> bool {
        !(self.added.is_empty() && self.removed.is_empty() && self.loosened.is_empty())
            || self.changed.iter().any(Moved::watches_otherwise)
    }

    /// Alarms that become another.
    pub fn moved(&self) -> impl Iterator<Item = &Moved> {
        self.loosened.iter().chain(&self.tightened).chain(&self.changed)
    }
}

/// Whose alarms may be removed: those of one suite. A person may have alarms of names that begin alike, on something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiteAlarms {
    prefix: String,
    namespace: String,
    suite: String,
}

impl SuiteAlarms {
    /// The alarms of `suite` in `stack`, on metrics of `namespace`.
    pub fn of(stack: &str, namespace: &str, suite: &str) -> Self {
        Self { prefix: suite_prefix(stack, suite), namespace: namespace.to_owned(), suite: dimension_value(suite) }
    }

    /// Whether the alarm is one of them: its name begins as theirs do, and it watches one metric of the namespace with the
    /// dimension `Suite` of the suite.
    fn has(&self, existing: &Existing) -> bool {
        let Some(Watched::Metric(metric)) = existing.alarm.as_ref().map(|alarm| &alarm.watched) else { return false };
        let is_of_suite = metric.dimensions.iter().any(|found| found.name == "Suite" && found.value == self.suite);
        existing.name.starts_with(&self.prefix) && metric.namespace == self.namespace && is_of_suite
    }
}

/// What has to be done so that those of `existing` that are of one of `ours` become `wanted`. Others are never touched, but for
/// one whose very name is wanted. Names that are wanted twice count once, the first.
pub fn reconcile(wanted: &[Alarm], existing: &[Existing], ours: &[SuiteAlarms]) -> Changes {
    let mut changes = Changes::default();
    let mut names = std::collections::BTreeSet::new();
    for alarm in wanted.iter().filter(|alarm| names.insert(alarm.alarm_name.as_str())) {
        let Some(before) = existing.iter().find(|existing| existing.name == alarm.alarm_name).cloned() else {
            changes.added.push(alarm.clone());
            continue;
        };
        let after = Alarm { ok_actions: ok_actions(&before, alarm), ..alarm.clone() };
        match before.alarm.as_ref() {
            Some(same) if normal(same) == normal(&after) => changes.unchanged.push(before),
            Some(other) if !watches_otherwise(other, &after) && other.threshold != after.threshold => {
                let is_lower = after.threshold < other.threshold;
                let is_loosened = is_lower == after.comparison_operator.is_lower_bound();
                let list = if is_loosened { &mut changes.loosened } else { &mut changes.tightened };
                list.push(Moved { before, after });
            }
            _ => changes.changed.push(Moved { before, after }),
        }
    }
    let is_ours = |existing: &Existing| ours.iter().any(|ours| ours.has(existing));
    let gone = existing.iter().filter(|existing| !names.contains(existing.name.as_str()) && is_ours(existing));
    changes.removed = gone.cloned().collect();
    changes
}

/// Whom `alarm` shall tell that it is well again, now that it is there: whom it tells already, since people may have changed
/// that. Where those are whom it tells of everything else, they go on being the same.
fn ok_actions(before: &Existing, alarm: &Alarm) -> Vec<String> {
    let same_as_alarm = before.alarm.as_ref().is_some_and(|it| it.alarm_actions == before.ok_actions);
    if same_as_alarm && !before.ok_actions.is_empty() { alarm.alarm_actions.clone() } else { before.ok_actions.clone() }
}

/// Whether the two differ in what is watched, how, or whom they tell; threshold and words apart.
fn watches_otherwise(before: &Alarm, after: &Alarm) -> bool {
    let alarm_description = after.alarm_description.clone();
    normal(&Alarm { threshold: after.threshold, alarm_description, ..before.clone() }) != normal(after)
}

/// The alarm with everything in one order whose order means nothing: the service promises none. Its tags are not described
/// and are left to people once it is there.
fn normal(alarm: &Alarm) -> Alarm {
    let mut alarm = Alarm { severity: None, ..alarm.clone() };
    alarm.alarm_actions.sort();
    alarm.ok_actions.sort();
    match &mut alarm.watched {
        Watched::Metric(metric) => metric.dimensions.sort(),
        Watched::Formula { metrics } => {
            metrics.sort_by(|one, other| one.id.cmp(&other.id));
            for query in metrics {
                if let Source::MetricStat(stat) = &mut query.source {
                    stat.metric.dimensions.sort();
                }
            }
        }
    }
    alarm
}
