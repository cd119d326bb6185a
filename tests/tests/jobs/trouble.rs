//! Jobs that fail, of which no event tells: the sweep notices them, and tells of each once.

use crate::expected::assert_records;
use crate::{assert_no_violation, holding, jobs_of, notes, output, sweep, tell, turn, until_noted};
use end_to_end::questions::{self, QUESTIONS};
use end_to_end::stack::MODEL_IDS;
use end_to_end::world::{self, assert_close, parse};
use local_stack::stand_in::{JobBehaviour, JobFailure, JobStatus};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const MESSAGES: [&str; 2] = ["The role may not read the dataset.", "Try again once it may."];

/// Drops a suite with one automatic job for each of both models, and fails those whose names end in one of `failing`.
/// Answers their names.
async fn drop_and_fail(suite: &str, failing: &[&str]) -> Vec<String> {
    let job = json!({"kind": "automatic", "task": "QuestionAndAnswer", "metrics": ["Accuracy"]});
    let spec = json!({
        "suite": suite, "application": "EndToEnd", "online": false, "scorers": ["exact_match"], "jobs": [job],
    });
    let (folder, spec, dataset) = (format!("datasets/{suite}"), spec.to_string(), questions::dataset());
    world::put(&[(format!("{folder}/assay.yaml"), &spec), (format!("{folder}/cases.jsonl"), &dataset)]).await;
    until_noted(suite, "in_progress", MODEL_IDS.len()).await;
    let names: Vec<String> = jobs_of(suite).into_iter().map(|job| job.name).collect();
    let fails = |name: &String| failing.iter().any(|end| name.ends_with(end));
    let failing: Vec<String> = names.into_iter().filter(fails).collect();
    let messages = || MESSAGES.map(str::to_owned).to_vec();
    let failures = failing.iter().map(|name| JobFailure { name_contains: name.clone(), messages: messages() });
    tell(JobBehaviour { fail: failures.collect(), ..JobBehaviour::default() });
    let limit = Instant::now() + crate::HANGS;
    while jobs_of(suite).iter().any(|job| job.status == JobStatus::InProgress) {
        assert!(Instant::now() < limit, "the jobs do not end: {:?}", jobs_of(suite));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    failing
}

/// One notice of each job that failed, with what the service said of it.
fn assert_failures_told(notices: &[Value], suite: &str, failed: &[String], runs: &world::Runs) {
    let of_jobs: Vec<&Value> = notices.iter().filter(|notice| notice["kind"] == "job_failed").collect();
    assert_eq!(of_jobs.len(), failed.len(), "{notices:?}");
    for job in failed {
        let title = format!("{suite}: the job {job} failed");
        let notice = of_jobs.iter().find(|notice| notice["title"] == title.as_str()).unwrap();
        assert_eq!(notice["facts"], json!(MESSAGES));
        assert!(runs.contains_key(notice["run"].as_str().unwrap()), "{notice}");
        assert_eq!(notice["summary"], format!("s3://{}/jobs/{job}.json", world::bucket()));
    }
}

async fn assert_counted(suite: &str, expected: &[(&str, f64)]) {
    let metrics = world::metrics(suite).await;
    let run = json!({"Application": "EndToEnd", "Suite": suite});
    let of_run: Vec<&Value> = metrics.iter().filter(|metric| metric["dimensions"] == run).collect();
    assert_eq!(of_run.len(), expected.len(), "{of_run:?}");
    for (name, sum) in expected {
        let metric = of_run.iter().find(|metric| metric["name"] == *name).unwrap();
        assert_close(&metric["sum"][0], *sum, name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_all_of_whose_jobs_failed_is_told_by_the_sweep() {
    let suite = "failing";
    let _turn = turn(holding(suite)).await;
    let notices = world::subscribe(suite).await;
    let failed = drop_and_fail(suite, &["-00", "-01"]).await;
    assert_eq!(failed.len(), 2);
    let open = notes(suite).await;
    assert!(open.iter().all(|note| note["state"] == "in_progress"), "nobody has looked yet: {open:?}");

    let swept = sweep().await;
    assert_eq!((&swept["runs"], &swept["troubles"]), (&json!(1), &json!(2)));
    let runs = world::runs(suite, 1).await;
    let summary = parse(&runs.values().next().unwrap()["summary.json"]);
    assert_eq!(summary["status"], "failed");
    let problems = summary["problems"].to_string();
    for job in &failed {
        assert!(problems.contains(job) && problems.contains(MESSAGES[0]), "{problems}");
    }
    let told = world::notices(&notices).await;
    assert_failures_told(&told, suite, &failed, &runs);
    assert_eq!(
        told.len(),
        failed.len(),
        "the run failed for nothing else, so it is not told beside its jobs: {told:?}"
    );

    assert_eq!(sweep().await, json!({"sweep": "done", "runs": 0, "troubles": 0}));
    assert_eq!(world::notices(&notices).await, Vec::<Value>::new());
    assert_eq!(world::runs(suite, 1).await, runs);
    assert_counted(suite, &[("JobFailed", 2.0), ("RunFailed", 1.0)]).await;
    assert_no_violation();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_failed_beside_another_is_told_too() {
    let suite = "half";
    let _turn = turn(holding(suite)).await;
    let notices = world::subscribe(suite).await;
    let failed = drop_and_fail(suite, &["-01"]).await;
    assert_eq!(failed.len(), 1);

    // The other one's output has an event, which brings the run to its end.
    let runs = world::runs(suite, 1).await;
    let files = runs.values().next().unwrap();
    let other = jobs_of(suite).into_iter().find(|job| !failed.contains(&job.name)).unwrap();
    let answers = output::of_job(suite, &other.name).await;
    assert_eq!(answers.len(), QUESTIONS.len() - 1);
    assert_records(files, &answers);
    let summary = parse(&files["summary.json"]);
    assert_eq!(summary["status"], "completed");
    assert!(summary["problems"].to_string().contains(&failed[0]), "{summary}");

    sweep().await;
    sweep().await;
    let told = world::notices(&notices).await;
    assert_failures_told(&told, suite, &failed, &runs);
    assert_eq!(told.iter().filter(|notice| notice["kind"] == "run_finished").count(), 1, "{told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
    assert_counted(suite, &[("JobFailed", 1.0), ("RunCompleted", 1.0)]).await;
    let settled = notes(suite).await;
    assert!(settled.iter().all(|note| note["settled"] == true), "{settled:?}");
    assert_no_violation();
}
