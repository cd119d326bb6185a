//! Evaluation jobs that Bedrock manages, in the deployed stack: from a dropped suite over what the jobs write to runs,
//! metrics and notices, each once.
//!
//! The stand-in works as the service: it reads what the function put into the bucket and writes results there, whose events
//! reach the deployed parser. What is expected is worked out from these results in `output`.

#![allow(clippy::unwrap_used, clippy::panic)]

mod beside;
mod expected;
mod kinds;
mod output;
mod quota;
mod trouble;

use std::time::{Duration, Instant};

use end_to_end::stack::deployed;
use end_to_end::world::{self, parse};
use local_stack::stand_in::{Behaviour, EvaluationJob, JobBehaviour};
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};

const EVALUATOR: &str = "DatasetEvaluator";
const PARSER: &str = "ResultParser";
/// Longer than anything takes, even on a slow machine.
const HANGS: Duration = Duration::from_secs(600);

/// What becomes of jobs is settled for all of them, and a sweep looks at all of them, so one test at a time.
async fn turn(jobs: JobBehaviour) -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::const_new(());
    let turn = TURN.lock().await;
    tell(jobs);
    turn
}

/// Tells the service how jobs go from now on.
fn tell(jobs: JobBehaviour) {
    deployed().stand_in().set_behaviour(Behaviour { jobs, ..Behaviour::default() });
}

/// Keeps the jobs of a suite in progress.
fn holding(suite: &str) -> JobBehaviour {
    JobBehaviour { hold: vec![format!("{suite}-")], ..JobBehaviour::default() }
}

/// The jobs that the service has of a suite, in the order of their creation.
fn jobs_of(suite: &str) -> Vec<EvaluationJob> {
    let jobs = deployed().stand_in().jobs();
    jobs.into_iter().filter(|job| job.name.starts_with(&format!("{suite}-"))).collect()
}

/// The notes of a suite's jobs, in the order of their names.
async fn notes(suite: &str) -> Vec<Value> {
    world::objects(&format!("jobs/{suite}-")).await.values().map(|text| parse(text)).collect()
}

/// Waits until there are so many notes of a suite in a state.
async fn until_noted(suite: &str, state: &str, count: usize) -> Vec<Value> {
    let limit = Instant::now() + HANGS;
    loop {
        let notes = notes(suite).await;
        if notes.iter().filter(|note| note["state"] == state).count() == count {
            return notes;
        }
        let states: Vec<&Value> = notes.iter().map(|note| &note["state"]).collect();
        assert!(Instant::now() < limit, "not {count} jobs of {suite} are {state}: {states:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Invokes the parser as the deployed schedule does, and waits until it has looked at everything.
async fn sweep() -> Value {
    let answer = world::deliver(PARSER, &schedule().await.1).await;
    assert_eq!(answer["sweep"], "done", "{answer}");
    answer
}

/// The one schedule of the parser, and what it sends.
async fn schedule() -> (Value, Value) {
    let printed = world::python(include_str!("schedules.py"), &[world::function(PARSER)]).await;
    let Value::Array(mut found) = parse(&printed) else { panic!("not a list: {printed}") };
    assert_eq!(found.len(), 1, "{found:?}");
    let schedule = found.remove(0);
    let input = parse(schedule["Target"]["Input"].as_str().unwrap());
    (schedule, input)
}

/// Asserts that the service was asked nothing that its models refuse.
fn assert_no_violation() {
    let violations = deployed().stand_in().violations();
    assert!(violations.is_empty(), "requests that the service model refuses: {violations:?}");
}

/// How often a model was asked here, and not by a job.
fn calls_of_models() -> usize {
    let of_jobs = ["CreateEvaluationJob", "GetEvaluationJob", "ListEvaluationJobs"];
    deployed().stand_in().calls().iter().filter(|call| !of_jobs.contains(&call.operation)).count()
}
