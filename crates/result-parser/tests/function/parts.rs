//! A dataset of more lines than a job takes: several jobs, and one run.

use crate::world::{MODEL, World, automatic, many, reading};
use futures::future::join_all;
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn parts_are_joined_again() {
    let world = World::new("parts").await;
    let outputs = world.finish("faq", &automatic(), &many(2_500)).await;
    assert_eq!(outputs.len(), 3);
    let sizes = join_all(outputs.iter().map(|key| world.lines(key))).await;
    let sizes: BTreeSet<usize> = sizes.iter().map(Vec::len).collect();
    assert!(sizes.iter().all(|size| *size <= 1_000), "{sizes:?}");

    let results: Vec<String> = join_all(outputs.iter().map(|key| world.parse(key))).await;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    results.iter().for_each(|result| *counts.entry(result).or_default() += 1);
    assert_eq!(counts, BTreeMap::from([("collected", 1), ("done", 2)]));
    let run = world.assert_told_once("faq").await;
    let records = run.records();
    let ids: BTreeSet<String> =
        records.iter().map(|record| record["sample"]["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!((records.len(), &ids), (2_500, &(0..2_500).map(|number| format!("s{number}")).collect()));
    for record in &records {
        let (id, prompt) = (record["sample"]["id"].as_str().unwrap(), record["sample"]["prompt"].as_str().unwrap());
        assert_eq!(prompt, format!("question {} of this dataset, asked once", &id[1..]));
        assert_eq!(record["sample"]["line"], id[1..].parse::<u64>().unwrap() + 1);
    }
    let summary = run.summary();
    assert_eq!(summary["dataset"]["samples"], 2_500);
    assert_eq!(summary["models"][0]["scores"]["job.Accuracy"]["n"], 2_500);
    assert!(summary["caveats"].to_string().contains("in 3 parts"), "{}", summary["caveats"]);
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "JobScore", &format!("{MODEL}/Accuracy")).count, 2_500.0);
    assert_eq!(reading(&metrics, "SamplesTotal", MODEL).sum, 2_500.0);
}
