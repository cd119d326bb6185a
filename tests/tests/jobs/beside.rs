//! A suite that is run here and has a job beside, dropped under a key that the service's pattern of URIs refuses.

use crate::expected::{assert_records, assert_summary};
use crate::{assert_no_violation, calls_of_models, jobs_of, output, sweep, turn};
use end_to_end::questions::{self, QUESTIONS};
use end_to_end::stack::MODEL_IDS;
use end_to_end::world::{self, parse};
use local_stack::stand_in::JobBehaviour;
use serde_json::{Value, json};

const SUITE: &str = "beside";

#[tokio::test(flavor = "multi_thread")]
async fn a_suite_is_run_here_and_by_a_job_from_its_safe_copy() {
    let _turn = turn(JobBehaviour::default()).await;
    let asked_before = calls_of_models();
    let notices = world::subscribe(SUITE).await;
    let job = json!({"kind": "automatic", "task": "QuestionAndAnswer", "metrics": ["Accuracy"], "models": [{"id": MODEL_IDS[1]}]});
    let spec =
        json!({"suite": SUITE, "application": "EndToEnd", "scorers": ["exact_match"], "jobs": [job]}).to_string();
    let (folder, dataset) = (format!("datasets/{SUITE}"), questions::dataset());
    let key = format!("{folder}/dt=2026-11-01/cases one.jsonl");
    world::put(&[(format!("{folder}/assay.yaml"), &spec), (key.clone(), &dataset)]).await;

    let runs = world::runs(SUITE, 2).await;
    let is_of_job = |files: &&std::collections::BTreeMap<String, String>| parse(&files["spec.json"])["job"].is_object();
    let [job] = &jobs_of(SUITE)[..] else { panic!("{:?}", jobs_of(SUITE)) };
    let (run, files) = runs.iter().find(|(_, files)| is_of_job(files)).unwrap();
    let own = runs.values().find(|files| !is_of_job(files)).unwrap();

    let given = &job.request["evaluationConfig"]["automated"]["datasetMetricConfigs"][0]["dataset"];
    let copy = format!("job-input/{SUITE}/{run}/part-01.jsonl");
    assert_eq!(given["name"], "cases-one");
    assert_eq!(given["datasetLocation"]["s3Uri"], format!("s3://{}/{copy}", world::bucket()));
    let copies = world::objects(&copy).await;
    let asked: Vec<Value> = copies[&copy].lines().map(parse).collect();
    let expected: Vec<Value> = QUESTIONS
        .iter()
        .filter_map(|question| Some(json!({"prompt": question.prompt, "referenceResponse": question.reference?})))
        .collect();
    assert_eq!(asked, expected);

    let answers = output::of_job(SUITE, &job.name).await;
    assert_eq!(answers.len(), expected.len());
    let summary = parse(&files["summary.json"]);
    assert_eq!(summary["dataset"]["key"], *key);
    assert_summary(&summary, &answers);
    assert_records(files, &answers);

    let summary = parse(&own["summary.json"]);
    assert_eq!(summary["dataset"]["key"], *key);
    assert_eq!(summary["answers"], json!({"asked": 2 * QUESTIONS.len(), "recorded": 0}));
    assert_eq!(calls_of_models() - asked_before, 2 * QUESTIONS.len());

    let told = world::notices(&notices).await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|notice| notice["kind"] == "run_finished"), "{told:?}");
    sweep().await;
    assert_eq!(world::runs(SUITE, 2).await, runs);
    assert_eq!(world::notices(&notices).await, Vec::<Value>::new());
    assert_no_violation();
}
