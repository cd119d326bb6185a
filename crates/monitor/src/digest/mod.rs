//! The weekly digest: what happened in a week, in numbers, beside the week before.
//!
//! Pure: what it is made of is gathered by whoever tells it. A part that cannot be known says why, and keeps nobody from the
//! others. It holds names and numbers; questions and answers are not looked at.

mod calls;
mod markdown;
mod part;
mod section;
mod spending;
mod suites;
mod week;

pub use calls::{Calls, Failed, Listed, LoggedCost, Slow, Taken};
pub use markdown::markdown;
pub use part::Part;
pub use section::{Section, sections};
pub use spending::{Spending, SpendingByModel, Spent, add_suite};
pub use suites::{Change, Measured, SuiteWeek};
pub use week::Week;

use crate::lifecycle::ModelLife;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the digest's format. A reader refuses a higher one.
pub const DIGEST_FORMAT: u32 = 1;

/// What happened in a week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// [`DIGEST_FORMAT`].
    pub format: u32,
    /// The stack.
    pub stack: String,
    /// The seven days.
    pub week: Week,
    /// Each suite that had a run.
    pub suites: Vec<SuiteWeek>,
    /// What has been getting worse over the last runs of a suite, a line each.
    pub drifts: Vec<String>,
    /// What evaluating took, by model, this week and the week before.
    pub spending: SpendingByModel,
    /// Alarms of the stack that are raised, by name.
    pub alarms: Part<Vec<String>>,
    /// Calls of each configured model that were throttled, whoever made them: this week and the week before.
    pub throttles: Part<BTreeMap<String, (f64, f64)>>,
    /// What the invocation log says of all calls.
    pub calls: Calls,
    /// The life of each configured model.
    pub models: Vec<ModelLife>,
}

impl Digest {
    /// One line.
    pub fn title(&self) -> String {
        let count = |of: fn(&SuiteWeek) -> u64| self.suites.iter().map(of).sum::<u64>();
        let runs = count(SuiteWeek::runs);
        let parts = [
            (count(|suite| suite.failed), "failed"),
            (count(|suite| suite.gates_failed), "failed the gate"),
            (count(|suite| suite.regressions), "worse than the baseline"),
        ];
        let parts = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}"));
        let plural = if runs == 1 { "" } else { "s" };
        format!("weekly digest of {}: {runs} run{plural}{}", self.stack, parts.collect::<String>())
    }

    /// A line for each thing worth knowing, with what it is about.
    pub fn facts(&self) -> Vec<String> {
        let sections = sections(self).into_iter();
        sections
            .flat_map(|section| section.lines.into_iter().map(move |line| format!("{}: {line}", section.title)))
            .collect()
    }
}

#[cfg(test)]
mod tests;
