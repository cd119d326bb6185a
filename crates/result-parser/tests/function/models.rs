//! Two models are two jobs and one run.

use crate::expected::{assert_score, model, scores};
use crate::suites::dataset;
use crate::told::reading;
use crate::world::{MODEL, OTHER, World};
use local_stack::stand_in::{JobBehaviour, JobFailure};
use serde_json::json;

fn spec() -> String {
    format!(
        "scorers: [f1]\nonline: false\njobs: [{{kind: automatic, task: QuestionAndAnswer, metrics: [Accuracy], models: [{{id: '{MODEL}'}}, {{id: '{OTHER}'}}]}}]\n"
    )
}

/// A world whose two jobs are under way. Gives back their names, the one that asks [`MODEL`] first.
async fn started(name: &str) -> (World, [String; 2]) {
    let world = World::with(name, JobBehaviour { hold: vec![String::new()], ..JobBehaviour::default() }).await;
    world.start("faq", &spec(), &dataset()).await;
    let jobs = world.stand_in.jobs();
    assert_eq!(jobs.len(), 2);
    let names = [0, 1].map(|place: usize| jobs[place].name.clone());
    assert_eq!(jobs[0].request["inferenceConfig"]["models"][0]["bedrockModel"]["modelIdentifier"], MODEL);
    (world, names)
}

#[tokio::test]
async fn they_are_compared_once_both_are_there() {
    let (world, [_, other]) = started("two-models").await;
    world.set(JobBehaviour { hold: vec![other.clone()], ..JobBehaviour::default() });
    world.until("nothing is written", || async { !world.outputs().await.is_empty() }).await;
    let first = world.outputs().await.remove(0);
    world.until("not done", || async { world.stand_in.jobs()[0].status.is_final() }).await;
    assert_eq!(world.parse(&first).await, "open");
    let run = world.only_run("faq").await;
    assert!(!run.objects.contains_key("summary.json") && run.stage() == "collecting");
    assert_eq!(run.records().len(), 2, "what is there is read");
    assert!(world.kinds().await.is_empty() && world.metrics().await.is_empty());

    world.set(JobBehaviour::default());
    world.ended().await;
    let outputs = world.outputs().await;
    let second = outputs.iter().find(|key| **key != first).unwrap();
    assert_eq!(world.parse(second).await, "collected");
    assert_eq!(world.parse(&first).await, "done");
    let run = world.assert_told_once("faq").await;
    assert_eq!(run.records().len(), 4);
    let summary = run.summary();
    assert_eq!(summary["dataset"]["samples"], 2);
    for (name, key) in [(MODEL, &first), (OTHER, second)] {
        let expected = scores(&world.lines(key).await);
        assert_score(model(&summary, name), "job.Accuracy", &expected["Accuracy"].0, 0);
        assert_eq!(reading(&world.metrics().await, "SamplesTotal", name).sum, 2.0);
    }
    for name in ["summary.md", "report.html"] {
        let text = &run.objects[name];
        assert!(text.contains("job.Accuracy") && text.contains(OTHER), "{name}");
    }
    let markdown = &run.objects["summary.md"];
    assert!(markdown.contains(&format!("{OTHER} ")) && markdown.to_lowercase().contains("against"), "{markdown}");
}

#[tokio::test]
async fn one_that_failed_keeps_nothing_from_the_other() {
    let (world, [_, other]) = started("one-failed").await;
    let messages = vec!["The model said no to the job.".to_owned()];
    let fail = vec![JobFailure { name_contains: other.clone(), messages }];
    world.set(JobBehaviour { fail, ..JobBehaviour::default() });
    world.ended().await;
    let outputs = world.outputs().await;
    assert_eq!(outputs.len(), 1);
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.only_run("faq").await;
    let summary = run.summary();
    assert_eq!((&summary["status"], run.stage().as_str()), (&json!("completed"), "done"));
    let failed = model(&summary, OTHER);
    assert_eq!((&failed["samples"], &failed["answered"], &failed["failed"]), (&json!(2), &json!(0), &json!(2)));
    assert_eq!(model(&summary, MODEL)["answered"], 2);
    let problems = run.problems();
    let told = format!("the job {other} failed: The model said no to the job.");
    assert!(problems.contains(&told) && problems.contains(&format!("jobs/{other}.json")), "{problems}");
    let caveats = summary["caveats"].to_string();
    assert!(caveats.contains("2 samples have no answer"), "{caveats}");
    assert_eq!(world.kinds().await, ["run_finished"]);

    // The job itself is told too, by the sweep, and once.
    assert_eq!(world.sweep().await, (0, 1));
    assert_eq!(world.sweep().await, (0, 0));
    let notices = world.notices().await;
    assert_eq!((notices.len(), &notices[0]["kind"]), (1, &json!("job_failed")));
    assert!(notices[0].to_string().contains("The model said no to the job."), "{}", notices[0]);
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "SamplesFailed", OTHER).sum, 2.0);
    let counted = |name: &str| reading(&metrics, name, "faq").count;
    assert_eq!((counted("JobFailed"), counted("RunCompleted")), (1.0, 1.0));
    assert!(world.notes().await.values().all(|note| note["settled"] == true));
}

#[tokio::test]
async fn where_all_failed_each_is_told_and_the_run_has_failed() {
    let (world, names) = started("all-failed").await;
    let fail =
        names.iter().map(|name| JobFailure { name_contains: name.clone(), messages: vec![format!("no {name}")] });
    world.set(JobBehaviour { fail: fail.collect(), ..JobBehaviour::default() });
    world.ended().await;
    world.sweep().await;
    world.sweep().await;
    assert_eq!(world.sweep().await, (0, 0));
    let run = world.only_run("faq").await;
    assert_eq!((run.summary()["status"].as_str().unwrap(), run.stage().as_str()), ("failed", "done"));
    for name in &names {
        assert!(run.problems().contains(&format!("no {name}")), "{}", run.problems());
    }
    // Each job was told with its reason; the run would say the same once more.
    assert_eq!(world.kinds().await, ["job_failed", "job_failed"]);
    let metrics = world.metrics().await;
    assert_eq!((reading(&metrics, "JobFailed", "faq").sum, reading(&metrics, "RunFailed", "faq").sum), (2.0, 1.0));
}

#[tokio::test]
async fn a_model_whose_job_failed_fails_the_gate_also_where_its_samples_are_not_known() {
    let spec = format!(
        "online: false\ngate: {{min: {{job.Accuracy: 0.0}}}}\njobs: [{{kind: automatic, task: QuestionAndAnswer, datasets: [Builtin.BoolQ], metrics: [Accuracy], models: [{{id: '{MODEL}'}}, {{id: '{OTHER}'}}]}}]\n"
    );
    let fail = vec![JobFailure { name_contains: "-01".to_owned(), messages: vec!["no".to_owned()] }];
    let world = World::with("built-in-failed", JobBehaviour { fail, ..JobBehaviour::default() }).await;
    world.finish("faq", &spec, &dataset()).await;
    world.sweep().await;
    world.sweep().await;
    let summary = world.only_run("faq").await.summary();
    assert_eq!((&summary["status"], &summary["gate"]["passed"]), (&json!("completed"), &json!(false)));
    let reasons = summary["gate"]["reasons"].to_string();
    assert!(reasons.contains(&format!("{OTHER}: there is no job.Accuracy")), "{reasons}");
}
