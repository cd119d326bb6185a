//! A round from its event to its end.

use crate::context::Invocation;
use crate::error::RunnerError;
use crate::event::Wanted;
use crate::ledger::{self, ROUND_FORMAT, Round, RoundKeys};
use crate::probes::{self, Listing, Probe, Probes};
use crate::work::work;
use assay_problem::{Problem, Problems, closest};
use assay_store::Place;
use assay_store::keys::PROBES;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How many suites are named to somebody who asked for one that is not there.
const SHOWN_SUITES: usize = 20;

/// Goes over the probes that are wanted, or on with what an earlier delivery has written down of it.
pub(crate) async fn run(invocation: Invocation<'_>, wanted: Wanted) -> Result<Value, RunnerError> {
    let place = &invocation.runner.evaluator.place;
    let path = RoundKeys::new(&wanted.id()).round();
    let begun = ledger::read(place, &path).await?;
    let is_begun = begun.is_some();
    let round = match begun {
        Some(round) => round,
        // Of two deliveries at the same moment, what the first has written stands.
        None => ledger::create(place, &path, plan(place, wanted).await?).await?,
    };
    let worked = work(invocation, &round).await;
    // Lambda tries again within minutes, which is good once; a round that takes longer is the watch's, and no failed event.
    if is_begun { or_left_to_the_watch(worked) } else { worked }
}

/// A round that is not done but well is nothing that has failed: the watch goes on with it.
pub(crate) fn or_left_to_the_watch(worked: Result<Value, RunnerError>) -> Result<Value, RunnerError> {
    match worked {
        Err(RunnerError::Incomplete { round, done, probes }) => {
            tracing::info!(round, done, probes, "left to the next watch");
            Ok(json!({"round": round, "result": "incomplete", "done": done, "probes": probes}))
        }
        worked => worked,
    }
}

/// What a round goes over, and what was found on the way.
async fn plan(place: &Place, wanted: Wanted) -> Result<Round, RunnerError> {
    let listing = probes::list(place).await?;
    let Probes { probes: all, all_named } = probes::probes(place, &listing).await?;
    let id = wanted.id();
    let sign_of_life = wanted.is_sign_of_life();
    let complete = listing.complete && all_named;
    let (probes, mut findings) = match &wanted.suites {
        None => {
            let is_asked_in_vain = all.is_empty() && !wanted.by_schedule && listing.problems.is_empty();
            let mut findings = listing.problems;
            if is_asked_in_vain {
                let problem = Problem::error(PROBES, "there is no probe");
                findings.add(problem.remedy("put a dataset there, as probes/<suite>/<name>.jsonl"));
            }
            (all, findings)
        }
        Some(suites) => named(all, &listing, suites),
    };
    if let Some(problem) = wanted.occasion.problem {
        findings.add(problem);
    }
    Ok(Round {
        format: ROUND_FORMAT,
        id,
        time: wanted.occasion.time,
        begun_at: Timestamp::now(),
        sign_of_life,
        suites: wanted.suites,
        complete,
        probes,
        findings,
    })
}

/// The probes of the suites that were named, and what is said of names that are nobody's. What is wrong with others is not
/// told, unless it may be why a suite was not found.
fn named(all: Vec<Probe>, listing: &Listing, suites: &[String]) -> (Vec<Probe>, Problems) {
    let mut findings = Problems::default();
    let known: BTreeSet<&str> = all.iter().map(|probe| probe.suite.as_str()).collect();
    for suite in suites.iter().filter(|suite| !known.contains(suite.as_str())) {
        let shown: Vec<&str> = known.iter().copied().take(SHOWN_SUITES).collect();
        let rest = known.len() - shown.len();
        let remedy = match (closest(suite, known.iter().copied()), shown.is_empty(), rest) {
            (Some(meant), ..) => format!("did you mean `{meant}`? There are: {}", shown.join(", ")),
            (None, true, _) => "there is none at all; put a dataset there, as probes/<suite>/<name>.jsonl".to_owned(),
            (None, false, 0) => format!("there are: {}", shown.join(", ")),
            (None, false, rest) => format!("there are: {} and {rest} more", shown.join(", ")),
        };
        findings.add(Problem::error(PROBES, format!("there is no suite `{suite}`")).remedy(remedy));
    }
    if findings.errors > 0 {
        listing.problems.first.iter().cloned().for_each(|problem| findings.add(problem));
    }
    let probes = all.into_iter().filter(|probe| suites.contains(&probe.suite)).collect();
    (probes, findings)
}
