//! Memory does not grow with a job's output.
//!
//! A program of its own, since the most memory that a process ever held is counted for the whole process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code, missing_docs)]

#[path = "../function/requests.rs"]
mod requests;
#[path = "../function/service.rs"]
mod service;
#[path = "../function/suites.rs"]
mod suites;
#[path = "../function/told.rs"]
mod told;
#[path = "../function/world.rs"]
mod world;

use assay_testing::clock;
use object_store::path::Path;
use object_store::{ObjectStoreExt as _, WriteMultipart};
use serde_json::json;
use std::fs;
use std::time::Duration;
use world::World;

const MODEL: &str = world::MODEL;

/// One line of output, of about 20,000 bytes.
fn line(number: usize) -> String {
    let answer = format!("answer {number} {}", "word ".repeat(3_900));
    let scores = [json!({"metricName": "Builtin.Accuracy", "result": (number % 11) as f64 / 10.0})];
    let input = json!({"prompt": format!("question {number}"), "referenceResponse": "word"});
    let answers = [json!({"modelIdentifier": MODEL, "response": answer})];
    json!({"automatedEvaluationResult": {"scores": scores}, "inputRecord": input, "modelResponses": answers})
        .to_string()
}

/// Writes so many lines as a stream, in place of what somebody else's job has written.
async fn upload(world: &World, lines: usize) -> (String, usize) {
    let name = format!("theirs-{lines}");
    world.create(&requests::automatic(&name, &world.bucket, "job-output/large")).await;
    world.ended().await;
    let key = world.outputs().await.into_iter().find(|key| key.contains(&name)).unwrap();
    let upload = world.store.put_multipart(&Path::parse(&key).unwrap()).await.unwrap();
    let mut writer = WriteMultipart::new_with_chunk_size(upload, 8 * 1024 * 1024);
    let mut bytes = 0;
    for number in 0..lines {
        let text = line(number) + "\n";
        bytes += text.len();
        writer.wait_for_capacity(2).await.unwrap();
        writer.write(text.as_bytes());
    }
    writer.finish().await.unwrap();
    (key, bytes)
}

/// The most memory that this process held since it was last reset, in bytes.
fn peak() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// Lets the system count anew.
fn reset_peak() {
    fs::write("/proc/self/clear_refs", "5").unwrap();
}

#[tokio::test]
#[cfg_attr(not(target_os = "linux"), ignore = "needs /proc")]
async fn a_hundred_megabytes_of_output_are_read_as_a_stream() {
    let world = World::new("memory").await;
    world.put("other/prompts.jsonl", requests::PROMPTS).await;
    let mut growth = Vec::new();
    for lines in [250, 5_000] {
        let (key, bytes) = upload(&world, lines).await;
        assert!(bytes > lines * 19_000, "{bytes}");
        // The client of the bucket allows 30 s for an object, which a slow machine does not read in that time.
        let clock = clock::Clock::limited_to(Duration::from_secs(20));
        reset_peak();
        let before = peak();
        assert_eq!(world.parse(&key).await, "collected");
        drop(clock);
        growth.push(peak().saturating_sub(before));
        let runs = world.keys("runs/large").await;
        let newest = runs.iter().filter(|key| key.ends_with("/summary.json"));
        let mut found = false;
        for key in newest {
            let summary: serde_json::Value = serde_json::from_str(&world.read(key).await).unwrap();
            let model = &summary["models"][0];
            if model["samples"] == lines {
                let expected: f64 = (0..lines).map(|number| (number % 11) as f64 / 10.0).sum::<f64>() / lines as f64;
                let mean = model["scores"]["job.Accuracy"]["mean"].as_f64().unwrap();
                assert!((mean - expected).abs() < 1e-9, "{mean} {expected}");
                assert_eq!((&model["answered"], &model["failed"]), (&json!(lines), &json!(0)));
                found = true;
            }
        }
        assert!(found, "no summary of {lines} samples");
    }
    println!("growth of peak memory: {growth:?} bytes at 250 and 5,000 lines of 20,000 bytes");
    assert!(growth[1] < 64 * 1024 * 1024, "{growth:?}");
}
