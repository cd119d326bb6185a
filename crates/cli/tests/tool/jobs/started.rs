//! `assay job start`: each job once, as it was asked for.

use super::suite::{JUDGE, automatic, cases, human, judge, question, rag, recorded, write, write_with};
use super::world::{ROLE, World, document};
use crate::tool::{MODEL, OTHER, until};
use local_stack::stand_in::JobBehaviour;
use serde_json::json;

#[test]
fn a_suite_starts_a_job_for_each_model_and_the_same_command_starts_none_twice() {
    let world = World::new("started");
    let jobs = [automatic("programs", &["Accuracy", "Robustness"]), judge("judged"), human("people"), rag("base")];
    write(&world.tool, 3, &jobs);
    let first = world.start(&[]).exits(0).says("`assay job collect --in s3://tool-started`");
    // Two models each, but people see both in one job, and the knowledge base has a model of its own.
    assert_eq!(world.created(), (6, 6));
    assert!(world.stand_in.violations().is_empty(), "{:?}", world.stand_in.violations());
    let names: Vec<String> = world.jobs().into_keys().collect();
    assert!(names.iter().all(|name| first.out.contains(name)), "{}", first.out);
    let again = world.start(&[]).exits(0).says("the job `programs` was started before; --again starts it anew");
    assert_eq!(world.created(), (6, 6));
    assert!(names.iter().all(|name| again.out.contains(name)), "{}", again.out);
    for job in world.stand_in.jobs() {
        assert_eq!(job.request["roleArn"], ROLE);
        assert_eq!(job.request["outputDataConfig"]["s3Uri"], "s3://tool-started/job-output/parcels/");
    }
    // What a job reads is a copy in the bucket, with the keys that the service knows.
    let shown = world.job("show", &[&names[0], "--format", "json"]).exits(0);
    let uri = document(&shown)["request"]["datasets"][0]["uri"].as_str().unwrap().to_owned();
    let input = world.lines(uri.strip_prefix("s3://tool-started/").unwrap());
    assert!(input.len() == 3 && input[0].to_string().contains(&question(1)), "{input:?}");

    crate::tool::next_second();
    world.start(&["--again", "--job", "judged"]).exits(0);
    assert_eq!(world.created(), (8, 8));
    assert_eq!(world.runs("parcels").len(), 5);
    world.tool.write("suite/cases.jsonl", cases(4));
    world.start(&["--job", "programs"]).exits(0);
    assert_eq!(world.created(), (10, 10), "another dataset is another job");
}

#[test]
fn only_the_named_jobs_are_started_and_json_is_one_document() {
    let world = World::new("named");
    write(&world.tool, 2, &[automatic("programs", &["Accuracy"]), judge("judged")]);
    world.start(&["--job", "nobody"]).exits(2).says("--job `nobody` is not among the spec's jobs: programs, judged");
    assert_eq!(world.created(), (0, 0));
    let found = document(&world.start(&["--job", "judged", "--format", "json"]).exits(0));
    assert_eq!((found["jobs"].as_array().unwrap().len(), &found["refused"]), (2, &json!([])));
    let models = [0, 1].map(|at| found["jobs"][at]["request"]["models"][0]["id"].clone());
    assert_eq!(models, [MODEL, OTHER].map(serde_json::Value::from));
    assert_eq!(found["jobs"][0]["request"]["evaluator"], JUDGE);
    assert_eq!((world.created(), &found["jobs"][0]["state"]), ((2, 2), &json!("in_progress")));
}

#[test]
fn recorded_answers_go_into_the_job_and_a_suite_may_lie_in_the_bucket() {
    let world = World::new("recorded");
    let spec = json!({"suite": "ours", "dataset": "cases.jsonl", "scorers": [], "online": false,
        "jobs": [{"kind": "judge", "metrics": ["Helpfulness"], "evaluator": JUDGE, "recorded": true, "role": ROLE}]});
    world.put("suites-of-ours/assay.yaml", spec.to_string());
    world.put("suites-of-ours/cases.jsonl", recorded(3));
    let suite = format!("{}/suites-of-ours", world.place());
    // The spec names the role.
    world.job("start", &[&suite]).exits(0);
    world.until_ended();
    world.job("collect", &[]).exits(0).prints("ours:1").prints("job.Helpfulness");
    let run = &world.runs("ours")[0];
    let summary = world.json(&format!("{run}/summary.json"));
    assert_eq!(summary["answers"], json!({"asked": 0, "recorded": 3}));
    assert_eq!(summary["dataset"]["bucket"], "tool-recorded");
    assert_eq!(summary["dataset"]["key"], "suites-of-ours/cases.jsonl");
}

#[test]
fn what_an_interrupt_cut_off_goes_on_and_nothing_starts_twice() {
    let world = World::new("interrupted");
    write(&world.tool, 2, &[automatic("programs", &["Accuracy"]), judge("judged"), judge("again")]);
    let place = world.place();
    for _ in 0..3 {
        let before = world.created().0;
        let running = world.tool.start(&["job", "start", "suite", "--in", &place, "--role", ROLE]);
        until("a job more is asked for", || world.created().0 > before || world.created().1 == 6);
        running.signal("INT");
        running.wait();
    }
    world.start(&[]).exits(0);
    assert_eq!(world.jobs().len(), 6);
    world.until_ended();
    let running = world.tool.start(&["job", "collect", "--in", &place]);
    until("a run is claimed", || world.keys("runs").iter().any(|key| key.ends_with("claim.json")));
    running.signal("INT");
    running.wait();
    // A claim that was cut off ends after half a minute.
    until("all are collected", || {
        world.job("collect", &[]);
        world.keys("runs").iter().filter(|key| key.ends_with("metrics.jsonl")).count() == 3
    });
    let open = document(&world.job("list", &["--open", "--format", "json"]).exits(0));
    assert_eq!(open, json!([]));
}

#[test]
fn used_up_quota_makes_jobs_wait_until_they_are_collected() {
    let world = World::with("quota", JobBehaviour { max_concurrent_automated: 1, ..JobBehaviour::default() });
    write(&world.tool, 2, &[automatic("programs", &["Accuracy"])]);
    world.set(JobBehaviour { max_concurrent_automated: 0, ..JobBehaviour::default() });
    let waiting = world.start(&[]).exits(0).prints("waiting").prints("quota used up: ServiceQuotaExceededException");
    assert_eq!((world.created().1, waiting.out.matches("waiting").count()), (0, 2));
    world.job("collect", &[]).exits(0).says("nothing to collect").says("waiting to be started: 2");
    world.set(JobBehaviour {
        max_concurrent_automated: 1,
        hold: vec!["parcels".to_owned()],
        ..JobBehaviour::default()
    });
    world.job("collect", &[]).exits(0).says("jobs in progress: 1, waiting to be started: 1");
    assert_eq!(world.created().1, 1);
    let name = world.jobs().into_keys().next().unwrap();
    world.job("collect", &[&name]).exits(4).says("waits: quota used up").says("0 of the 2 jobs of its run have ended");
    world.set(JobBehaviour::default());
    world.job("collect", &[&name]).exits(4);
    world.until_ended();
    assert_eq!(world.created().1, 2);
    world.job("collect", &[&name]).exits(0).prints(MODEL).prints(OTHER);
}

#[test]
fn long_datasets_are_divided_among_jobs() {
    let world = World::new("long");
    write_with(&world.tool, &cases(1001), &[automatic("programs", &["Accuracy"])], json!({"models": [{"id": MODEL}]}));
    world.start(&[]).exits(0).prints("1000");
    world.until_ended();
    let collected = world.job("collect", &["--format", "json"]).exits(0);
    let found = document(&collected);
    assert_eq!((&found[0]["dataset"]["samples"], &found[0]["models"][0]["answered"]), (&json!(1001), &json!(1001)));
    assert!(found[0]["caveats"].to_string().contains("evaluated in 2 parts"), "{}", found[0]["caveats"]);
}
