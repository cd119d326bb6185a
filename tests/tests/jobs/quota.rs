//! More jobs than the service has places: the rest waits in notes, and sweeps start them one after the other.

use crate::expected::assert_summary;
use crate::{assert_no_violation, holding, jobs_of, notes, output, sweep, tell, turn, until_noted};
use end_to_end::questions::{self, QUESTIONS};
use end_to_end::stack::MODEL_IDS;
use end_to_end::world::{self, parse};
use local_stack::stand_in::{JobBehaviour, JobStatus};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const SUITE: &str = "quota";

#[tokio::test(flavor = "multi_thread")]
async fn jobs_without_a_place_are_started_by_sweeps() {
    let one_place = || JobBehaviour { max_concurrent_automated: 1, ..JobBehaviour::default() };
    let held = || JobBehaviour { hold: holding(SUITE).hold, ..one_place() };
    let _turn = turn(held()).await;
    let notices = world::subscribe(SUITE).await;
    let job = |name: &str| json!({"name": name, "kind": "automatic", "task": "Generation", "metrics": ["Toxicity"], "models": [{"id": MODEL_IDS[1]}]});
    let spec = json!({
        "suite": SUITE, "application": "EndToEnd", "online": false, "scorers": ["exact_match"],
        "jobs": [job("first"), job("second"), job("third")],
    });
    let (folder, spec, dataset) = (format!("datasets/{SUITE}"), spec.to_string(), questions::dataset());
    world::put(&[(format!("{folder}/assay.yaml"), &spec), (format!("{folder}/cases.jsonl"), &dataset)]).await;

    let noted = until_noted(SUITE, "waiting", 2).await;
    assert_eq!(noted.len(), 3);
    for note in noted.iter().filter(|note| note["state"] == "waiting") {
        let said = note["messages"].to_string();
        assert!(said.contains("limit of 1 concurrent automated"), "what the service said is not noted: {said}");
        assert!(note["arn"].is_null() && note["request"].is_object(), "{note}");
    }
    for ended in 0..3 {
        let under_way = jobs_of(SUITE);
        let completed = under_way.iter().filter(|job| job.status == JobStatus::Completed).count();
        assert_eq!((under_way.len(), completed), (ended + 1, ended), "one at a time: {under_way:?}");
        // While the place is taken a sweep starts nothing.
        sweep().await;
        assert_eq!(jobs_of(SUITE), under_way);
        tell(one_place());
        until_noted(SUITE, "completed", ended + 1).await;
        tell(held());
        sweep().await;
    }

    let runs = world::runs(SUITE, 3).await;
    let mut names = BTreeSet::new();
    for (run, files) in &runs {
        names.insert(parse(&files["spec.json"])["job"]["name"].as_str().unwrap().to_owned());
        let notes = notes(SUITE).await;
        let job = notes.iter().find(|note| note["run"] == run.as_str()).unwrap()["job"].as_str().unwrap();
        let answers = output::of_job(SUITE, job).await;
        assert_eq!(answers.len(), QUESTIONS.len());
        assert_summary(&parse(&files["summary.json"]), &answers);
    }
    assert_eq!(names, BTreeSet::from(["first", "second", "third"].map(str::to_owned)));
    let told = world::notices(&notices).await;
    let told: Vec<&Value> = told.iter().map(|notice| &notice["kind"]).collect();
    assert_eq!(told, ["run_finished"; 3]);
    assert_no_violation();
}
