//! A dropped file, from the event to everything that it leaves behind.

use crate::world::{MODEL, World, dataset};
use assay_testing::event;
use serde_json::json;

/// The means over the two questions, by hand. Relevance: 1 of the 4 expected words was said, and 1 of 1. F1: 1 word in
/// common of 1 and 3 (an article is none), and 1 of 1 and 1. Lengths: 5 and 4.
const MEANS: [(&str, f64); 4] = [("relevance", 0.625), ("f1", 0.75), ("exact_match", 0.5), ("response_length", 4.5)];

#[tokio::test]
async fn a_dropped_file_becomes_a_run() {
    let world = World::new("dropped").await;
    let event = world.drop("datasets/faq/cases.jsonl", &dataset()).await;
    assert_eq!(world.deliver(&event, "request-1").await, "evaluated");

    let run = world.only_run("faq").await;
    // Responses of one second are one part. On a slow machine the second response is a part of its own.
    let (parts, names): (Vec<&str>, Vec<&str>) =
        run.objects.keys().map(String::as_str).partition(|name| name.starts_with("records/part-0000"));
    let expected = ["claim.json", "junit.xml", "report.html", "spec.json", "summary.json", "summary.md"];
    assert_eq!(names, expected);
    assert!(!parts.is_empty());
    assert_eq!(run.stage(), "done");
    let spec = run.json("spec.json");
    assert_eq!((&spec["run"], &spec["suite"]), (&json!(run.id), &json!("faq")));
    assert_eq!(spec["dataset"]["key"], "datasets/faq/cases.jsonl");
    assert_eq!(spec["dataset"]["state"], event["detail"]["object"]["etag"]);
    assert_eq!(spec["spec"]["models"][0]["id"], MODEL);

    let summary = run.summary();
    assert_eq!(summary["status"], "completed");
    assert_eq!(summary["answers"], json!({"asked": 2, "recorded": 0}));
    let model = &summary["models"][0];
    assert_eq!((&model["samples"], &model["answered"], &model["failed"]), (&json!(2), &json!(2), &json!(0)));
    for (scorer, mean) in MEANS {
        assert_eq!(model["scores"][scorer]["mean"], json!(mean), "{scorer}");
        assert_eq!(model["scores"][scorer]["n"], 2, "{scorer}");
    }
    // The stand-in bills a quarter of the characters, rounded up: 30 and 13 were asked, 5 and 4 answered.
    assert_eq!((&model["usage"]["input_tokens"], &model["usage"]["output_tokens"]), (&json!(12), &json!(3)));
    let records = run.records();
    assert_eq!(records.len(), 2);
    assert!(records.iter().any(|record| record["responses"][0]["text"] == "Paris"));
    assert!(run.objects["summary.md"].contains("faq"), "{}", run.objects["summary.md"]);
    assert!(run.objects["report.html"].contains("<h1 dir=\"auto\">faq</h1>"));
    assert!(run.objects["junit.xml"].contains("tests=\"2\""), "{}", run.objects["junit.xml"]);
    let suite = world.objects("suites/faq").await;
    assert_eq!(suite.keys().collect::<Vec<_>>(), ["suites/faq/history.jsonl", "suites/faq/index.html"]);
    let history = &suite["suites/faq/history.jsonl"];
    assert!(history.lines().count() == 1 && history.contains(&run.id), "{history}");
    assert!(suite["suites/faq/index.html"].contains(&format!("runs/faq/{}/report.html", run.id)));

    assert!(world.stand_in.violations().is_empty(), "{:?}", world.stand_in.violations());
    let metadata = world.stand_in.calls()[0].metadata.clone();
    assert_eq!((metadata["suite"].as_str(), metadata["run"].as_str()), ("faq", run.id.as_str()));
}

#[tokio::test]
async fn both_kinds_of_events_mean_the_same_run() {
    let world = World::new("shapes").await;
    let key = "datasets/faq/cases.jsonl";
    let bridged = world.drop(key, &dataset()).await;
    let e_tag = bridged["detail"]["object"]["etag"].as_str().unwrap();
    let notified = event::notified(&[(&world.bucket, key, e_tag)]);
    assert_eq!(world.deliver(&notified, "one").await, "evaluated");
    assert_eq!(world.deliver(&bridged, "two").await, "done");
    assert_eq!(world.only_run("faq").await.summary()["models"][0]["answered"], 2);
    assert_eq!(world.stand_in.calls().len(), 2);
}

#[tokio::test]
async fn keys_keep_their_characters() {
    let world = World::new("keys").await;
    let names = ["a b", "a+b", "100%", "%2F%41", "café 日本 ☕", "'quotes\" & <tags>", "a~b=c;d,e@f:g!(h)[i]{j}#k?l"];
    for (number, name) in names.into_iter().enumerate() {
        let key = format!("datasets/s{number}/{name}.jsonl");
        let bridged = world.drop(&key, &dataset()).await;
        let e_tag = bridged["detail"]["object"]["etag"].as_str().unwrap();
        let notified = event::notified(&[(&world.bucket, &key, e_tag)]);
        let (first, second) = if number % 2 == 0 { (&bridged, &notified) } else { (&notified, &bridged) };
        assert_eq!(world.deliver(first, "one").await, "evaluated", "{key}");
        assert_eq!(world.deliver(second, "two").await, "done", "{key}");
        let summary = world.only_run(&format!("s{number}")).await.summary();
        assert_eq!((&summary["status"], &summary["dataset"]["key"]), (&json!("completed"), &json!(key)));
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_addressed_fails_its_run_and_says_why() {
    let world = World::new("unaddressable").await;
    for (number, key) in ["datasets/a//b.jsonl", "datasets/a/../b.jsonl", "datasets/./b.jsonl"].into_iter().enumerate()
    {
        let event = event::bridged(&world.bucket, key, &format!("e{number}"));
        assert_eq!(world.deliver(&event, "r").await, "evaluated", "{key}");
        let notice = world.notices().await.remove(0);
        assert_eq!(notice["kind"], "run_failed");
        assert!(notice["facts"].to_string().contains("rename the object"), "{notice}");
    }
    let metrics = world.metrics().await;
    let failed = metrics.iter().filter(|((name, _), _)| name == "RunFailed");
    assert_eq!(failed.map(|(_, found)| found.sum).sum::<f64>(), 3.0);
    assert!(world.stand_in.calls().is_empty());
}

#[tokio::test]
async fn each_object_of_an_event_is_evaluated() {
    let world = World::new("several").await;
    let mut objects = Vec::new();
    for suite in ["one", "two"] {
        let key = format!("datasets/{suite}/a.jsonl");
        let event = world.drop(&key, &dataset()).await;
        objects.push((key, event["detail"]["object"]["etag"].as_str().unwrap().to_owned()));
    }
    let event = event::notified(&[
        (&world.bucket, &objects[0].0, &objects[0].1),
        ("somebody-elses", "datasets/three/a.jsonl", "e"),
        (&world.bucket, &objects[1].0, &objects[1].1),
    ]);
    let answer = world.deliver_for(&event, None, "r").await.unwrap();
    let results: Vec<&str> =
        answer["objects"].as_array().unwrap().iter().map(|told| told["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["evaluated", "refused", "evaluated"]);
    for suite in ["one", "two"] {
        assert_eq!(world.only_run(suite).await.stage(), "done");
    }
}
