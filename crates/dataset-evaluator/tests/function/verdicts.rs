//! What a finished run says: worse than the baseline or not, model against model, and failed runs by stack.

use crate::world::{MODEL, World, reading};
use local_stack::stand_in::{Answers, Missing, Recordings, StandIn, StandInOptions};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;

/// The second model of the spec.
const SECOND: &str = "us.example.another-v1:0";
/// Two checks, of which wrong answers fail the first; two measures that know better from worse.
const SPEC: &str = "models: [{id: us.example.first-v1:0}, {id: us.example.another-v1:0}]\nscorers: [exact_match]\n\
    checks: [{icontains: known}, {max_length: 100}]\n";
/// Questions that every dataset here has.
const SHARED: usize = 20;
/// How many of them the first model answers wrong once it got worse.
const WRONG: usize = 8;

fn prompt(line: usize) -> String {
    format!("private question {line}?")
}

fn right(line: usize) -> String {
    format!("known private answer {line}")
}

/// So many questions as a dataset.
fn dataset(lines: usize) -> String {
    let mut text = String::new();
    for line in 1..=lines {
        let sample = json!({"id": format!("case-{line}"), "prompt": prompt(line), "referenceResponse": right(line)});
        let _ = writeln!(text, "{sample}");
    }
    text
}

/// Models that know the answers, but for the first questions, which the first model answers wrong.
fn models(wrong: usize) -> StandIn {
    let mut recordings = Recordings::default();
    for line in 1..=SHARED + 5 {
        let first = if line <= wrong { "a private mistake".to_owned() } else { right(line) };
        recordings.add(MODEL, prompt(line), first);
        recordings.add(SECOND, prompt(line), right(line));
    }
    let answers = Answers::Recorded { recordings: Arc::new(recordings), missing: Missing::Deterministic };
    StandIn::start(StandInOptions { answers, ..StandInOptions::default() }).unwrap()
}

/// Evaluates a dataset of so many questions; answers the notice of its run.
async fn run(world: &World, lines: usize) -> Value {
    let event = world.drop("datasets/s/a.jsonl", &dataset(lines)).await;
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    let mut notices = world.notices().await;
    assert_eq!(notices.len(), 1, "{notices:?}");
    notices.remove(0)
}

fn facts(notice: &Value) -> Vec<&str> {
    notice["facts"].as_array().unwrap().iter().map(|fact| fact.as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_model_that_got_worse_is_counted_and_told_with_its_worst_samples() {
    let mut world = World::new("regression").await;
    world.put("datasets/s/assay.yaml", SPEC).await;
    world.stand_in = models(0);
    let first = run(&world, SHARED).await;
    assert_eq!(first["kind"], "run_finished");
    let baseline = first["run"].as_str().unwrap();
    assert!(!world.metrics().await.keys().any(|(name, _)| name == "Regression"), "nothing to compare with");
    let place = format!("runs/s/{baseline}");
    let set = json!({"format": 1, "suite": "s", "run": baseline, "place": place, "set_at": "2026-01-01T00:00:00Z"});
    world.put("suites/s/baseline.json", &set.to_string()).await;

    world.stand_in = models(WRONG);
    let worse = run(&world, SHARED + 1).await;
    assert_eq!((&worse["kind"], &worse["title"]), (&"regression".into(), &"s: worse than the baseline".into()));
    let told = facts(&worse);
    // 8 of the 20 shared samples lost and none gained: McNemar's exact test gives 2 / 2^8. Holm's correction doubles it, as
    // checks and exact_match say the same.
    let p = format!("(adjusted p {:.2e})", 2.0 * 2.0 / 256.0);
    for (fact, measure) in told.iter().zip(["checks", "exact_match"]) {
        let begins = format!(
            "{MODEL}: {measure} is worse than in the baseline {baseline}: 1.0000 before, 0.6000 now, -0.4000 over 20 samples, \
             95 % interval -"
        );
        assert!(fact.starts_with(&begins) && fact.ends_with(&p), "{fact}");
    }
    assert_eq!(told[2], format!("{MODEL}: of 20 samples compared with the baseline 8 got worse and 0 better"));
    for (fact, line) in told[3..8].iter().zip(1..) {
        assert_eq!(
            *fact,
            format!(
                "{MODEL}: sample case-{line} (line {line}): check 1 fails now; exact_match 1.0000 before, 0.0000 now"
            )
        );
    }
    assert!(told[8].contains("the datasets differ: 20 of 21 samples"), "{told:?}");
    assert!(!worse.to_string().contains("private"), "{worse}");

    // Both models side by side: over all 21 samples 8 differ, so the p-value is the same.
    let pair = told.iter().find(|fact| fact.starts_with(&format!("{SECOND} against {MODEL}: "))).unwrap();
    assert!(
        pair.contains("better in checks by +0.3810") && pair.contains("better in exact_match by +0.3810"),
        "{pair}"
    );
    assert!(pair.contains(&p[1..]) && pair.contains("cost unknown against unknown; median latency "), "{pair}");

    world.stand_in = models(0);
    let well = run(&world, SHARED + 2).await;
    assert_eq!(well["kind"], "run_finished");
    let told = facts(&well);
    assert!(!told.iter().any(|fact| fact.contains("worse")), "{told:?}");
    let pair = told.iter().find(|fact| fact.contains(" against ")).unwrap();
    assert!(pair.contains("no evidence of a difference over 22 samples"), "{pair}");

    let metrics = world.metrics().await;
    let (first, second) = (reading(&metrics, "Regression", MODEL), reading(&metrics, "Regression", SECOND));
    assert_eq!((first.sum, first.count), (1.0, 2.0), "worse once in two runs that were compared");
    assert_eq!((second.sum, second.count), (0.0, 2.0));
    let history = world.objects("suites/s").await["suites/s/history.jsonl"].clone();
    let lines: Vec<Value> = history.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let regressed: Vec<&Value> = lines
        .iter()
        .map(|line| &line["models"].as_array().unwrap().iter().find(|model| model["model"] == MODEL).unwrap()["regressed"])
        .collect();
    assert_eq!(regressed, [&Value::Null, &json!(true), &json!(false)]);
    assert!(lines.iter().all(|line| line["dataset"] == "datasets/s/a.jsonl" && line["models"][0]["usage"].is_object()));
}

#[tokio::test]
async fn the_report_of_a_run_compares_its_models() {
    let mut world = World::new("pairs").await;
    world.put("datasets/s/assay.yaml", SPEC).await;
    world.stand_in = models(WRONG);
    run(&world, SHARED).await;
    let written = world.only_run("s").await;
    let against = &written.summary()["models"][0]["against_first"];
    assert_eq!(*against, json!({"first": MODEL, "better": ["checks", "exact_match"]}), "another comes first by name");
    for name in ["report.html", "summary.md"] {
        let text = &written.objects[name];
        let is_there = text.contains("of both models") || text.contains(&format!("## {SECOND} against {MODEL}"));
        assert!(is_there, "{name} compares nothing");
    }
    let index = &world.objects("suites/s").await["suites/s/index.html"];
    assert!(index.contains("Against the first model") && index.contains("▲ better in checks, exact_match"));
}

#[tokio::test]
async fn failed_runs_are_counted_by_stack() {
    let mut world = World::new("runs-failed").await;
    world.settings.stack = "assay-test".to_owned();
    let event = world.drop("datasets/s/a.jsonl", "no JSON\n").await;
    world.deliver(&event, "r").await;
    let event = world.drop("datasets/t/a.jsonl", "no JSON either\n").await;
    world.deliver(&event, "r").await;
    let metrics = world.metrics().await;
    let failed = reading(&metrics, "RunsFailed", "");
    assert_eq!((failed.sum, failed.count), (2.0, 2.0));
    let stack = ("Stack".to_owned(), "assay-test".to_owned());
    assert_eq!(failed.dimensions.iter().collect::<Vec<_>>(), [(&stack.0, &stack.1)]);
    let event = world.drop("datasets/u/a.jsonl", &dataset(1)).await;
    world.deliver(&event, "r").await;
    assert_eq!(reading(&world.metrics().await, "RunsFailed", "").count, 2.0, "a run that went well counts nothing");
}
