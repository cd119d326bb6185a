//! What lies below `probes/` and cannot be asked: a finding, and harmless to every other suite.

use crate::rounds::two_suites;
use crate::world::{World, dataset, hours_ago, results, scheduled};
use assay_testing::front::{self, Fate};
use probe_runner::handle;
use serde_json::json;

#[tokio::test]
async fn nothing_below_probes_is_nothing_to_tell() {
    let world = World::new("nothing").await;
    let at = hours_ago(1);
    let answer = world.round(&at).await;
    assert_eq!(
        (&answer["result"], &answer["probes"], &answer["findings"]),
        (&json!("finished"), &json!([]), &json!(0))
    );
    assert_eq!(world.round(&at).await["result"], "done");
    assert!(world.notices().await.is_empty());
}

#[tokio::test]
async fn a_key_that_cannot_be_addressed_harms_its_own_suite_alone() {
    let world = two_suites("unaddressable").await;
    world.put("probes/odd/a.jsonl", &dataset()).await;
    world.put_anywhere("probes/odd//b.jsonl", &dataset()).await;
    let at = hours_ago(1);
    let answer = world.round(&at).await;
    assert_eq!(results(&answer).into_keys().collect::<Vec<_>>(), ["faq", "numbers"]);
    let facts = world.facts("probe_problem").await;
    assert_eq!(facts.len(), 1);
    assert!(facts[0].starts_with("probes/odd/:") && facts[0].contains("rename the object"), "{facts:?}");
    let id = answer["round"].as_str().unwrap();
    assert_eq!(world.json(&format!("monitor/rounds/{id}/round.json")).await["complete"], false);
    assert_eq!(world.round(&at).await["result"], "done");
    assert!(world.notices().await.is_empty(), "it is told once");
}

#[tokio::test]
async fn a_part_without_a_name_directly_below_probes_harms_nobody() {
    let world = two_suites("nameless").await;
    world.put_anywhere("probes//a.jsonl", &dataset()).await;
    let answer = world.round(&hours_ago(1)).await;
    assert_eq!(results(&answer).into_keys().collect::<Vec<_>>(), ["faq", "numbers"]);
    let facts = world.facts("probe_problem").await;
    assert!(facts[0].starts_with("probes/:") && facts[0].contains("rename the object"), "{facts:?}");
}

#[tokio::test]
async fn a_folder_without_a_dataset_is_told() {
    let world = two_suites("no-dataset").await;
    world.put("probes/empty/assay.yaml", "repeats: 1\n").await;
    world.put("probes/other/cases.json", "{}").await;
    let answer = world.round(&hours_ago(1)).await;
    assert_eq!((answer["probes"].as_array().unwrap().len(), &answer["findings"]), (2, &json!(2)));
    let facts = world.facts("probe_problem").await;
    for (fact, folder) in facts.iter().zip(["probes/empty/", "probes/other/"]) {
        assert!(fact.starts_with(folder) && fact.contains("put a .jsonl file into it"), "{fact}");
    }
}

#[tokio::test]
async fn a_listing_that_is_denied_is_no_empty_one() {
    let world = two_suites("denied-listing").await;
    let event = scheduled(&hours_ago(1));
    let url =
        front::start(|method, path, _| match method.as_str() == "GET" && path.ends_with("/probes-denied-listing") {
            true => Fate::Refuse(403, "application/xml", b"<Error><Code>AccessDenied</Code></Error>".to_vec()),
            false => Fate::Pass,
        });
    let runner = world.runner_at(&url.await).await;
    let error = Box::pin(handle(event.clone(), &runner, None, "r")).await.unwrap_err();
    assert_eq!(error.class(), "Denied");
    assert!(error.chain().contains("probes/") && error.chain().contains("s3:ListBucket"), "{}", error.chain());
    assert!(world.objects("monitor").await.is_empty(), "a round of nothing would stand for ever");
    assert_eq!(world.deliver(&event, "r").await["result"], "finished");
}
