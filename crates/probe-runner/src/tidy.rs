//! What is done after a round over all suites: the alarms of suites that are gone go too, and the dashboard of scores is drawn
//! anew.

use crate::alarms::{self, Suite};
use crate::ledger::{Outcome, Round};
use crate::{Runner, scores};
use assay_core::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};

/// Tidies up after `round`, whose probes came to `done`. Gives back what could not be done: it keeps the round from nothing.
pub async fn tidy(runner: &Runner, round: &Round, done: &BTreeMap<usize, Outcome>) -> Vec<Problem> {
    let mut findings = Vec::new();
    if round.suites.is_some() {
        return findings;
    }
    let known = done.values().filter(|outcome| !outcome.application.is_empty());
    let suites: BTreeMap<&str, &str> =
        known.map(|outcome| (outcome.suite.as_str(), outcome.application.as_str())).collect();
    // Of what could not be listed or read nobody knows whether it is gone.
    if round.complete {
        let asked = round.probes.iter().map(|probe| probe.suite.as_str());
        let named = done.values().map(|outcome| outcome.suite.as_str());
        let present: BTreeSet<&str> = asked.chain(named).collect();
        if let Err(error) = alarms::remove_others(runner, &present).await {
            let said = format!("those of suites that are gone could not be removed: {}", error.chain());
            findings.push(Problem::warning("alarms", said));
        }
    }
    let suites: Vec<Suite<'_>> = suites.into_iter().map(|(suite, application)| Suite { suite, application }).collect();
    if let Err(error) = scores::draw(runner, &suites, round.time).await {
        let said = format!("the scores could not be drawn anew: {}", error.chain());
        findings.push(Problem::warning("dashboard", said));
    }
    for finding in &findings {
        tracing::error!(round = round.id, %finding, "the round could not be tidied up after");
    }
    findings
}
