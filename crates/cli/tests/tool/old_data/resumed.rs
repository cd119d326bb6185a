//! Unfinished and finished runs of version 0.1.0: the same command continues them and repeats no call that was recorded.

use super::{data, digest, list, mean, only_run, restore, runs, state, text, values};
use crate::jobs::world::World;
use crate::tool::{MODEL, OTHER, Tool, close, of_model, stand_in};
use local_stack::stand_in::{Behaviour, StandIn};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;

/// The judge of the killed run.
const JUDGE: &str = "us.amazon.nova-premier-v1:0";
/// What the killed run collects for each sample and model, and how many of each.
const EVIDENCE: [(&str, usize); 4] = [("responses", 2), ("variants", 1), ("toxicity", 2), ("verdicts", 2)];
/// Lines of the dataset.
const SAMPLES: usize = 6;

/// The evidence in the killed run's records: by sample and model, then by kind. The line that was cut short does not count.
fn written(tool: &Tool, run: &str) -> BTreeMap<(String, String), BTreeMap<&'static str, Vec<Value>>> {
    let part = fs::read_to_string(tool.path(run).join("records/part-00000.jsonl")).unwrap();
    assert!(!part.ends_with('\n'), "the last line is cut short");
    let (whole, _) = part.rsplit_once('\n').unwrap();
    let mut written: BTreeMap<_, BTreeMap<&str, Vec<Value>>> = BTreeMap::new();
    for line in whole.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let key = (text(&record, "/sample/id").to_owned(), text(&record, "/model").to_owned());
        let kinds = written.entry(key).or_default();
        for (kind, _) in EVIDENCE {
            let found = kinds.entry(kind).or_default();
            // A whole record contains all pieces before it.
            if record["piece"].is_null() {
                found.clear();
            }
            found.extend_from_slice(list(&record, kind));
        }
    }
    written
}

/// Renames the run to the id that it would have here: the copy of the dataset has another inode, and the inode is part of
/// the state that the id covers. Returns the new name.
fn rename(tool: &Tool, run: &str, state: &str) -> String {
    let (beginning, before) = run.rsplit_once('-').unwrap();
    let after = digest(&tool.path(run).join("spec.json"), state);
    assert_ne!(before, after);
    let renamed = format!("{beginning}-{after}");
    fs::rename(tool.path(run), tool.path(&renamed)).unwrap();
    let file = tool.path(&renamed).join("spec.json");
    let spec = fs::read_to_string(&file).unwrap().replace(before, &after);
    fs::write(file, spec).unwrap();
    renamed
}

fn calls(stand_in: &StandIn, operation: &str, model: Option<&str>) -> usize {
    let all = stand_in.calls();
    all.iter().filter(|call| call.operation == operation && model.is_none_or(|model| &*call.model == model)).count()
}

#[test]
fn a_killed_run_calls_models_only_for_what_is_missing() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    restore(&tool, "killed-run");
    let state = state(&tool.path("suite/cases.jsonl"), "limit None, models [], recorded false");
    let run = rename(&tool, &only_run(&tool, "parcels"), &state);
    let before = written(&tool, &run);
    let part = tool.path(&run).join("records/part-00000.jsonl");
    let old_part = fs::read(&part).unwrap();
    assert!(!tool.path(&run).join("summary.json").exists());

    tool.run(&["run", "suite", "--concurrency", "2"]).exits(0);
    assert_eq!(only_run(&tool, "parcels"), run, "the old run is continued");
    assert_eq!(fs::read(&part).unwrap(), old_part, "the old part is not rewritten");
    assert_eq!(tool.json(&format!("{run}/claim.json"))["stage"], "done");

    // The evidence that exists already, of each kind.
    let recorded = |kind: &str, model: Option<&str>| -> usize {
        let of_model = before.iter().filter(|((_, of), _)| model.is_none_or(|model| of == model));
        of_model.map(|(_, kinds)| kinds[kind].len()).sum()
    };
    let all = |kind: &str| EVIDENCE.iter().find(|(name, _)| *name == kind).unwrap().1 * SAMPLES;
    for model in [MODEL, OTHER] {
        let kept = recorded("responses", Some(model)) + recorded("variants", Some(model));
        let missing = all("responses") + all("variants") - kept;
        assert!(kept > 0 && missing > 0, "{model}: {kept} recorded, {missing} missing");
        assert_eq!(calls(&stand_in, "Converse", Some(model)), missing, "{model}");
    }
    assert_eq!(calls(&stand_in, "InvokeGuardrailChecks", None), 2 * all("toxicity") - recorded("toxicity", None));
    // No pair was compared yet: two orders for each sample.
    let pairs = 2 * SAMPLES;
    assert_eq!(calls(&stand_in, "Converse", Some(JUDGE)), 2 * all("verdicts") - recorded("verdicts", None) + pairs);

    // There is one whole record for each sample and model, and it contains the old evidence, down to the latency.
    let records: Vec<Value> = tool.records(&run).into_iter().filter(|record| record["failure"].is_null()).collect();
    assert_eq!(records.len(), 2 * SAMPLES);
    for record in &records {
        let key = (text(record, "/sample/id").to_owned(), text(record, "/model").to_owned());
        for (kind, count) in EVIDENCE {
            let found = list(record, kind);
            assert_eq!(found.len(), count, "{kind} of {key:?}");
            let kept = before.get(&key).map(|kinds| kinds[kind].as_slice()).unwrap_or_default();
            assert!(kept.iter().all(|piece| found.contains(piece)), "{kind} of {key:?}: {kept:?}");
        }
    }
    assert_counts(&tool.json(&format!("{run}/summary.json")), &records);
}

/// Checks the counts and means of the summary against the records.
fn assert_counts(summary: &Value, records: &[Value]) {
    assert_eq!(summary["status"], "completed");
    for model in [MODEL, OTHER] {
        let found = of_model(summary, model);
        let of_model: Vec<&Value> = records.iter().filter(|record| record["model"] == model).collect();
        assert_eq!((&found["samples"], &found["answered"]), (&json!(SAMPLES), &json!(SAMPLES)));
        let own = |record: &&Value| -> Vec<u64> {
            let variants = list(record, "variants").iter().map(|variant| &variant["response"]);
            let own = list(record, "responses").iter().chain(variants);
            own.map(|response| response["usage"]["output_tokens"].as_u64().unwrap()).collect()
        };
        let tokens: u64 = of_model.iter().flat_map(own).sum();
        assert_eq!(found["usage"]["output_tokens"], tokens, "each response counts once");
        for scorer in ["relevance", "judge.helpfulness", "robustness", "toxicity"] {
            let known = values(&of_model, scorer);
            assert_eq!(found["scores"][scorer]["n"], known.len(), "{scorer}");
            close(&found["scores"][scorer]["mean"], mean(&known));
        }
    }
    let pair = &summary["judge"]["pairs"][0];
    let sum: u64 = ["wins", "losses", "ties"].iter().map(|name| pair[name].as_u64().unwrap()).sum();
    assert_eq!((sum, &pair["failed"]), (SAMPLES as u64, &json!(0)));
}

#[test]
fn a_killed_run_over_a_dataset_in_s3_keeps_its_id() {
    let world = World::new("old-data");
    let dataset = fs::read_to_string(data().join("killed-run-of-bucket/bucket/datasets/letters/cases.jsonl")).unwrap();
    world.put("datasets/letters/cases.jsonl", &*dataset);
    restore(&world.tool, "killed-run-of-bucket");
    let run = only_run(&world.tool, "letters");
    let recorded = world.tool.records(&run).len();
    assert!(recorded > 0 && recorded < dataset.lines().count(), "{recorded}");

    world.tool.run(&["run", "suite", "--concurrency", "2"]).exits(0);
    assert_eq!(only_run(&world.tool, "letters"), run);
    assert_eq!(calls(&world.stand_in, "Converse", Some(MODEL)), dataset.lines().count() - recorded);
    let summary = world.tool.json(&format!("{run}/summary.json"));
    assert_eq!(of_model(&summary, MODEL)["answered"], dataset.lines().count());
    assert!(run.ends_with(text(&summary, "/run")));
}

#[test]
fn a_finished_run_is_reopened_for_its_failed_samples_only() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    restore(&tool, "run-with-judge");
    let state = state(&tool.path("suite/cases.jsonl"), "limit None, models [], recorded false");
    let run = rename(&tool, &only_run(&tool, "support"), &state);
    let before = tool.json(&format!("{run}/summary.json"));
    let failed = of_model(&before, MODEL)["failed"].as_u64().unwrap() as usize;
    assert_eq!((failed, &of_model(&before, OTHER)["failed"]), (1, &json!(1)));
    let old_files = ["records", "pairwise"].map(|folder| tool.path(&run).join(folder).join("part-00000.jsonl"));
    let old_texts = old_files.each_ref().map(|file| fs::read_to_string(file).unwrap());

    tool.run(&["run", "suite", "--retry-failed"]).exits(0);
    assert_eq!(only_run(&tool, "support"), run, "the old run is continued");
    assert_eq!(old_files.each_ref().map(|file| fs::read_to_string(file).unwrap()), old_texts);
    // Two repeats, one variant of each of two kinds, and one baseline sample.
    for model in [MODEL, OTHER] {
        assert_eq!(calls(&stand_in, "Converse", Some(model)), failed * (2 + 2 + 1), "{model}");
    }
    // Two ratings by each of two rubrics for each response; then two orders for each new pair, and the failed comparisons.
    let pairs: Vec<Value> = old_texts[1].lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let failed_pairs = pairs.iter().filter(|pair| pair["preference"].is_null()).count();
    assert_eq!(calls(&stand_in, "Converse", Some(JUDGE)), 2 * failed * 2 * 2 * 2 + 2 * failed + failed_pairs);
    assert_eq!(calls(&stand_in, "InvokeGuardrailChecks", None), 2 * failed * 2);

    let after = tool.json(&format!("{run}/summary.json"));
    for model in [MODEL, OTHER] {
        let (then, now) = (of_model(&before, model), of_model(&after, model));
        assert_eq!(
            (&now["samples"], &now["answered"], &now["failed"]),
            (&then["samples"], &then["samples"], &json!(0))
        );
    }
    let compared = ["wins", "losses", "ties"].iter().map(|name| after["judge"]["pairs"][0][name].as_u64().unwrap());
    assert_eq!(compared.sum::<u64>(), (pairs.len() / 2 + failed) as u64);
    assert_eq!(tool.json(&format!("{run}/claim.json"))["reopened"], true);
}

#[test]
fn a_new_run_has_the_documented_id() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    restore(&tool, "killed-run");
    fs::remove_dir_all(tool.path("runs")).unwrap();
    for (more, typed) in [
        (vec![], "limit None, models [], recorded false"),
        (vec!["--limit", "1", "--model", OTHER], "limit Some(1), models [\"us.amazon.nova-pro-v1:0\"], recorded false"),
    ] {
        let before = if tool.path("runs").exists() { runs(&tool, "parcels") } else { Vec::new() };
        tool.run(&[&["run", "suite"], more.as_slice()].concat()).exits(0);
        let run = runs(&tool, "parcels").into_iter().find(|run| !before.contains(run)).unwrap();
        let spec = tool.path("runs/parcels").join(&run).join("spec.json");
        let expected = digest(&spec, &state(&tool.path("suite/cases.jsonl"), typed));
        assert!(run.ends_with(&format!("Z-{expected}")), "{run}, not {expected}");
    }
}
