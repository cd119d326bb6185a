//! A suite that has jobs alone: programs, a judge and people, each a run of its own, each told once.

use crate::expected::{assert_compared, assert_metrics, assert_records, assert_summary};
use crate::output::{self, Judged};
use crate::{
    EVALUATOR, PARSER, assert_no_violation, calls_of_models, jobs_of, notes, schedule, sweep, turn, until_noted,
};
use end_to_end::questions::{self, QUESTIONS};
use end_to_end::stack::MODEL_IDS;
use end_to_end::world::{self, parse};
use local_stack::stand_in::JobBehaviour;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const SUITE: &str = "kinds";

fn spec() -> Value {
    let scale = json!([{"definition": "off", "number": 0.0}, {"definition": "on", "number": 2.0}]);
    json!({
        "suite": SUITE,
        "application": "EndToEnd",
        "online": false,
        "scorers": ["exact_match"],
        "jobs": [
            {"kind": "automatic", "task": "QuestionAndAnswer", "metrics": ["Accuracy", "Builtin.Robustness", "Toxicity"]},
            {
                "kind": "judge",
                "models": [{"id": MODEL_IDS[1]}],
                "evaluator": "us.example.judge-v1:0",
                "metrics": ["Correctness", "FollowingInstructions"],
                "custom_metrics": [
                    {"name": "BrandVoice", "instructions": "Is {{prediction}} in our voice?", "scale": scale},
                ],
            },
            {
                "kind": "human",
                "flow_definition": "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/raters",
                "instructions": "Read both answers before you rate.",
                "ratings": [
                    {"name": "Helpful", "method": "ThumbsUpDown"},
                    {"name": "Clarity", "method": "IndividualLikertScale"},
                    {"name": "Preferred", "method": "ComparisonChoice"},
                ],
            },
        ],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_job_becomes_one_run() {
    let _turn = turn(JobBehaviour::default()).await;
    let asked_before = calls_of_models();
    let notices = world::subscribe(SUITE).await;
    let dropped = world::listen(SUITE, &format!("datasets/{SUITE}/*.jsonl")).await;
    let written = world::listen(&format!("{SUITE}-output"), &format!("job-output/{SUITE}/*_output.jsonl")).await;
    let (spec, dataset) = (spec().to_string(), questions::dataset());
    let folder = format!("datasets/{SUITE}");
    world::put(&[(format!("{folder}/assay.yaml"), &spec), (format!("{folder}/cases.jsonl"), &dataset)]).await;

    let runs = world::runs(SUITE, 3).await;
    let jobs = jobs_of(SUITE);
    // Automatic jobs have one model each; people are shown both in one.
    assert_eq!(jobs.len(), 2 + 1 + 1);
    let mut answers = Vec::new();
    for (kind, models) in [("automatic", 2), ("judge", 1), ("human", 2)] {
        let of_kind = |files: &BTreeMap<String, String>| parse(&files["spec.json"])["job"]["kind"] == kind;
        let (run, files) = runs.iter().find(|(_, files)| of_kind(files)).unwrap();
        let own = answers_of(run).await;
        // The last question has no reference, which the metrics of automatic jobs need.
        let bad_lines = usize::from(kind == "automatic");
        assert_eq!(own.len(), models * (QUESTIONS.len() - bad_lines), "{kind}");
        assert!(own.iter().all(|answer| answer.scores.len() == 3), "{kind}: a metric was not written");
        let summary = parse(&files["summary.json"]);
        assert_eq!((&summary["run"], &summary["suite"]), (&json!(run), &json!(SUITE)));
        assert_eq!(summary["dataset"]["key"], format!("{folder}/cases.jsonl"));
        assert_eq!(summary["dataset"]["samples"], QUESTIONS.len() - bad_lines, "{kind}");
        assert_eq!(summary["dataset"]["bad_lines"], bad_lines, "{kind}");
        assert_summary(&summary, &own);
        assert_records(files, &own);
        if models == 2 {
            assert_compared(files, &own);
        }
        assert!(files.contains_key("junit.xml"), "{kind}");
        answers.extend(own);
    }
    assert_metrics(&world::metrics(SUITE).await, SUITE, &answers, 3);
    assert_told(&world::notices(&notices).await, &runs);
    let history = world::objects(&format!("suites/{SUITE}/")).await;
    assert_eq!(history[&format!("suites/{SUITE}/history.jsonl")].lines().count(), 3);

    // Everything again: what was dropped, what the jobs wrote in both shapes of events, and the sweep.
    let [event] = &world::received(&[&dropped]).await[..] else { panic!("not one event of the dataset") };
    let again = world::deliver(EVALUATOR, event).await;
    assert_eq!(again["objects"], json!([{"key": format!("{folder}/cases.jsonl"), "result": "jobs started"}]));
    let events = world::received(&[&written]).await;
    assert_eq!(events.len(), jobs.len(), "events of output");
    for event in events.iter().chain([&notified(&events[0])]) {
        let key = events.iter().map(|event| &event["detail"]["object"]["key"]).find(|key| names(event, key)).unwrap();
        let again = world::deliver(PARSER, event).await;
        assert_eq!(again["objects"], json!([{"key": key, "result": "done"}]));
    }
    assert_eq!(sweep().await, json!({"sweep": "done", "runs": 0, "troubles": 0}));
    assert_eq!(world::runs(SUITE, 3).await, runs);
    assert_metrics(&world::metrics(SUITE).await, SUITE, &answers, 3);
    assert_eq!(world::notices(&notices).await, Vec::<Value>::new());
    assert_eq!(jobs_of(SUITE), jobs);
    let settled = until_noted(SUITE, "completed", jobs.len()).await;
    assert!(settled.iter().all(|note| note["settled"] == true), "{settled:?}");

    assert_eq!(calls_of_models(), asked_before, "a model was asked beside the jobs");
    assert_no_violation();
}

/// The answers of all jobs of a run.
async fn answers_of(run: &str) -> Vec<Judged> {
    let mut answers = Vec::new();
    for note in notes(SUITE).await.iter().filter(|note| note["run"] == run) {
        answers.extend(output::of_job(SUITE, note["job"].as_str().unwrap()).await);
    }
    answers
}

/// One notice of each run, without questions and answers.
fn assert_told(notices: &[Value], runs: &world::Runs) {
    let mut told: Vec<&str> = notices.iter().map(|notice| notice["run"].as_str().unwrap()).collect();
    told.sort_unstable();
    assert_eq!(told, runs.keys().map(String::as_str).collect::<Vec<_>>());
    for notice in notices {
        assert_eq!(notice["kind"], "run_finished", "{notice}");
        let run = notice["run"].as_str().unwrap();
        assert_eq!(notice["summary"], format!("s3://{}/runs/{SUITE}/{run}/summary.json", world::bucket()));
        for question in &QUESTIONS {
            assert!(!notice.to_string().contains(question.prompt), "a notice tells no questions");
        }
    }
}

/// The event in the shape of S3's own notifications, which encode keys.
fn notified(event: &Value) -> Value {
    let mut notification = event_file("s3-notification-job-output.json");
    let record = &mut notification["Records"][0]["s3"];
    record["bucket"]["name"] = event["detail"]["bucket"]["name"].clone();
    record["object"]["key"] = json!(event["detail"]["object"]["key"].as_str().unwrap().replace(':', "%3A"));
    notification
}

/// Whether an event of either shape is about the object at `key`.
fn names(event: &Value, key: &Value) -> bool {
    let own = [&event["detail"]["object"]["key"], &event["Records"][0]["s3"]["object"]["key"]];
    own.iter().any(|own| own.as_str().is_some_and(|own| own.replace("%3A", ":") == key.as_str().unwrap()))
}

fn event_file(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events").join(name);
    parse(&std::fs::read_to_string(path).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_sends_what_the_parser_takes_for_a_sweep() {
    let (schedule, input) = schedule().await;
    assert_eq!((&schedule["ScheduleExpression"], &schedule["State"]), (&json!("rate(10 minutes)"), &json!("ENABLED")));
    assert_eq!(input, event_file("scheduler-sweep.json"));
}
