//! Output that is not as it should be: counted, kept and told; and keys that are no output.

use crate::suites::{automatic, dataset, many};
use crate::told::reading;
use crate::world::{MODEL, World};
use assay_testing::event;
use local_stack::stand_in::{JobBehaviour, OutputVariant};
use serde_json::{Value, json};

async fn only_note(world: &World) -> Value {
    world.notes().await.values().next().unwrap().clone()
}

#[tokio::test]
async fn a_line_that_breaks_off_is_kept_and_its_sample_has_failed() {
    let output = vec![OutputVariant::TruncatedLastLine];
    let world = World::with("truncated", JobBehaviour { output, ..JobBehaviour::default() }).await;
    let outputs = world.finish("faq", &automatic(), &many(5)).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.assert_told_once("faq").await;
    let broken = world.read(&outputs[0]).await.lines().nth(4).unwrap().to_owned();
    let kept: Vec<Value> =
        run.objects["unread/part-00000.jsonl"].lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!((&kept[0]["file"], &kept[0]["line"], &kept[0]["text"]), (&json!(outputs[0]), &json!(5), &json!(broken)));
    let problems = run.problems();
    assert!(problems.contains("1 lines of output could not be read"), "{problems}");
    assert!(problems.contains(&format!("{}:5:", outputs[0])) && problems.contains("`unread`"), "{problems}");
    let read = &only_note(&world).await["read"];
    assert_eq!((&read["answers"], &read["unread"]), (&json!(4), &json!(1)));
    let summary = run.summary();
    let model = &summary["models"][0];
    assert_eq!((&model["samples"], &model["answered"], &model["failed"]), (&json!(5), &json!(4), &json!(1)));
    let failed: Vec<Value> = run.records().into_iter().filter(|record| record.get("failure").is_some()).collect();
    assert_eq!((failed.len(), &failed[0]["sample"]["id"]), (1, &json!("s4")));
    let said = failed[0]["failure"]["message"].as_str().unwrap();
    assert!(said.contains("no line about this question"), "{said}");
    assert_eq!(reading(&world.metrics().await, "SamplesFailed", MODEL).sum, 1.0);
}

#[tokio::test]
async fn a_file_without_a_line_is_a_failed_run_that_says_so() {
    let world =
        World::with("empty", JobBehaviour { output: vec![OutputVariant::EmptyFile], ..JobBehaviour::default() }).await;
    let outputs = world.finish("faq", &automatic(), &dataset()).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.only_run("faq").await;
    assert_eq!((run.summary()["status"].as_str().unwrap(), run.stage().as_str()), ("failed", "done"));
    assert!(run.problems().contains("has no answer"), "{}", run.problems());
    assert_eq!(run.summary()["models"][0]["failed"], 2);
    assert_eq!(world.kinds().await, ["run_failed"]);
    let metrics = world.metrics().await;
    assert_eq!((reading(&metrics, "RunFailed", "faq").sum, reading(&metrics, "SamplesFailed", MODEL).sum), (1.0, 2.0));
}

/// Rewrites the only output of a finished job.
async fn rewritten(name: &str, rewrite: impl Fn(usize, &mut Value)) -> (World, String) {
    let world = World::new(name).await;
    let key = world.finish("faq", &automatic(), &dataset()).await.remove(0);
    let mut lines = world.lines(&key).await;
    lines.iter_mut().enumerate().for_each(|(place, line)| rewrite(place, line));
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    world.put(&key, text.join("\n")).await;
    (world, key)
}

#[tokio::test]
async fn keys_that_nobody_knows_are_passed_over() {
    let (world, key) = rewritten("unknown-keys", |_, line| {
        line["invocationId"] = json!({"deep": [1, {"text": "x"}]});
        line["modelResponses"][0]["latencyMs"] = json!(12);
        line["automatedEvaluationResult"]["scores"][0]["confidence"] = json!("high");
    })
    .await;
    assert_eq!(world.parse(&key).await, "collected");
    let run = world.assert_told_once("faq").await;
    assert_eq!((run.summary()["models"][0]["answered"].clone(), run.problems()), (json!(2), String::new()));
}

#[tokio::test]
async fn lines_of_every_other_form_are_counted_one_by_one() {
    let world = World::new("other-forms").await;
    let key = world.finish("faq", &automatic(), &dataset()).await.remove(0);
    let text = world.read(&key).await;
    let mut bytes = b"\n[]\n{}\n  \n{\"automatedEvaluationResult\": 5}\n".to_vec();
    bytes.extend(b"{\"prompt\": \"\xff\"}\n");
    bytes.extend(text.into_bytes());
    let path = object_store::path::Path::parse(&key).unwrap();
    object_store::ObjectStoreExt::put(&*world.store, &path, bytes.into()).await.unwrap();
    assert_eq!(world.parse(&key).await, "collected");
    let run = world.assert_told_once("faq").await;
    let read = only_note(&world).await["read"].clone();
    assert_eq!((&read["answers"], &read["unread"]), (&json!(2), &json!(4)));
    assert_eq!(run.objects["unread/part-00000.jsonl"].lines().count(), 4);
    let reasons = &run.objects["unread/part-00000.jsonl"];
    assert!(reasons.contains("not UTF-8 from byte 13") && reasons.contains("\"line\":6"), "{reasons}");
}

#[tokio::test]
async fn an_answer_to_another_question_is_kept_as_a_stranger() {
    let (world, key) = rewritten("stranger", |place, line| {
        if place == 1 {
            line["inputRecord"]["prompt"] = json!("Who asked this?");
        }
    })
    .await;
    assert_eq!(world.parse(&key).await, "collected");
    let run = world.assert_told_once("faq").await;
    let read = only_note(&world).await["read"].clone();
    assert_eq!((&read["answers"], &read["strangers"]), (&json!(2), &json!(1)));
    let records = run.records();
    assert_eq!(records.len(), 3, "the stranger, and the sample that nothing was said about");
    assert!(run.summary()["caveats"].to_string().contains("were not given"), "{}", run.summary()["caveats"]);
}

#[tokio::test]
async fn what_is_no_output_is_refused() {
    let world = World::new("no-output").await;
    for key in [
        "job-output/faq/j/abcdefghij12/amazon-bedrock-evaluations-permission-check",
        "job-output/faq/x_output.jsonl",
        "datasets/faq/j/abcdefghij12/datasets/d/x_output.jsonl",
        "job-output/faq/j/abcdefghij12/datasets/d/x.jsonl",
        "runs/faq/r/records/part-00000.jsonl",
    ] {
        assert_eq!(world.parse(key).await, "refused", "{key}");
    }
    let output = "job-output/faq/j/abcdefghij12/datasets/d/x_output.jsonl";
    let elsewhere = event::bridged("somebody-elses", output, "e");
    assert_eq!(world.deliver(&elsewhere).await.unwrap()["objects"][0]["result"], "refused");
    let unknown = world.deliver(&json!({"some": "thing"})).await.unwrap_err();
    assert_eq!(unknown.class(), "UnknownEvent");
    assert_eq!(world.deliver(&event::file("s3-test-event.json")).await.unwrap(), json!({"objects": []}));
    assert!(world.notes().await.is_empty() && world.keys("runs").await.is_empty());
}

#[tokio::test]
async fn one_object_of_several_that_cannot_be_read_keeps_nothing_from_the_others() {
    let world = World::new("several").await;
    let key = world.finish("faq", &automatic(), &dataset()).await.remove(0);
    // Of a job that nobody knows, and not in the bucket any more.
    let gone = "job-output/faq/gone/abcdefghij12/datasets/d/x_output.jsonl";
    let event = event::notified(&[(&world.bucket, gone, "e"), (&world.bucket, &key, "e")]);
    let error = world.deliver(&event).await.unwrap_err();
    assert!(error.chain().contains(gone), "{}", error.chain());
    world.assert_told_once("faq").await;
}
