//! Probes in the deployed stack: run by its schedule, by people and by pipelines, held against baseline and history, and told.
//!
//! The schedule fires every minute here in place of every week. It is let go once, then it is switched off, so that each test
//! has the rounds that it asks for.

#![allow(clippy::unwrap_used, clippy::panic)]

mod answers;
mod deployed;
mod digest;
mod heartbeat;
mod judged;
mod requested;
mod scheduled;

use end_to_end::stack::{self, Further};
use end_to_end::world::{self, parse};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, MutexGuard, OnceCell};

/// The function's logical id.
const RUNNER: &str = "ProbeRunner";
/// The stack's name, which the names of its alarms begin with.
const STACK: &str = "assay";
/// A schedule that does not let a test wait for a week, and thresholds two deviations from the median.
const PARAMETERS: [(&str, &str); 2] = [("ProbeSchedule", "rate(1 minute)"), ("ThresholdDeviations", "2")];
/// The suite that is there when the schedule fires.
const BY_SCHEDULE: &str = "by-schedule";
/// Longer than anything takes, even on a slow machine.
const HANGS: Duration = Duration::from_secs(600);

/// The last run that the schedule started.
struct Fired {
    run: String,
    files: BTreeMap<String, String>,
}

/// One test at a time, since they settle what models answer; and only once the schedule has fired.
async fn turn() -> (MutexGuard<'static, ()>, &'static Fired) {
    static TURN: Mutex<()> = Mutex::const_new(());
    static FIRED: OnceCell<Fired> = OnceCell::const_new();
    let turn = TURN.lock().await;
    (turn, FIRED.get_or_init(fire).await)
}

/// Deploys the stack, puts a probe there, and waits until the schedule has had it run. No schedule fires afterwards.
async fn fire() -> Fired {
    stack::deployed_with(Further { parameters: PARAMETERS.into(), ..Further::default() });
    answers::settle(&[0, 0]);
    put_probe(BY_SCHEDULE, &json!({"scorers": ["exact_match"], "application": "EndToEnd"})).await;
    let limit = Instant::now() + HANGS;
    while world::objects(&format!("runs/{BY_SCHEDULE}/")).await.is_empty() {
        if Instant::now() > limit {
            let log = stack::deployed().logs(RUNNER).await.unwrap();
            panic!("the schedule did not have the probe run: {log}");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let switched_off = world::python(include_str!("switch_off.py"), &[world::function(RUNNER)]).await;
    assert_eq!(parse(&switched_off), json!(3), "probes, watch and digest");
    // On a slow machine the schedule fires more than once: before the probe is there, or before it is switched off.
    let rounds = world::objects("monitor/rounds/").await;
    until_ended(rounds.keys().filter(|key| key.ends_with("/round.json")).count()).await;
    let objects = world::objects(&format!("runs/{BY_SCHEDULE}/")).await;
    let runs: BTreeSet<&str> = objects.keys().filter_map(|key| key.split('/').nth(2)).collect();
    let (run, files) = world::runs(BY_SCHEDULE, runs.len()).await.pop_last().unwrap();
    Fired { run, files }
}

/// Waits until so many rounds have ended; answers their ends by the rounds' names.
async fn until_ended(count: usize) -> BTreeMap<String, Value> {
    let limit = Instant::now() + HANGS;
    loop {
        let objects = world::objects("monitor/rounds/").await;
        let ends = objects.iter().filter_map(|(key, text)| {
            let round = key.strip_prefix("monitor/rounds/")?.strip_suffix("/end.json")?;
            Some((round.to_owned(), parse(text)))
        });
        let ends: BTreeMap<String, Value> = ends.collect();
        if ends.len() >= count {
            return ends;
        }
        if Instant::now() > limit {
            let log = stack::deployed().logs(RUNNER).await.unwrap();
            panic!("not {count} rounds have ended but these: {ends:?}; the log: {log}");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Puts a suite below `probes/`, with the questions of `answers`.
async fn put_probe(suite: &str, spec: &Value) {
    let (spec, dataset) = (spec.to_string(), answers::dataset());
    let folder = format!("probes/{suite}");
    world::put(&[(format!("{folder}/assay.yaml"), &spec), (format!("{folder}/cases.jsonl"), &dataset)]).await;
}

/// What people are told in so many words.
fn facts(notice: &Value) -> Vec<&str> {
    notice["facts"].as_array().unwrap().iter().map(|fact| fact.as_str().unwrap()).collect()
}

/// Asserts that the service was asked nothing that its models refuse.
fn assert_no_violation() {
    let violations = stack::deployed().stand_in().violations();
    assert!(violations.is_empty(), "requests that the service model refuses: {violations:?}");
}
