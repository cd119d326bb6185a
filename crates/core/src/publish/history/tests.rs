#![allow(clippy::unwrap_used)]
use super::*;
use object_store::memory::InMemory;
use serde_json::json;
use std::sync::Arc;

fn summary(run: &str, second: u32) -> Summary {
    let value = json!({
        "format": 1, "assay": "1", "run": run, "suite": "s", "application": "a", "status": "completed",
        "finished_at": format!("2026-01-01T00:00:{second:02}Z"), "answers": {"asked": 3, "recorded": 0},
        "dataset": {"bucket": "b", "key": "k", "samples": 3, "bad_lines": 0},
        "gate": {"passed": false, "reasons": ["m: f1 too low"]},
        "models": [{"model": "m", "samples": 3, "answered": 2, "failed": 1, "pass_rate": 0.5, "scores": {
            "f1": {"n": 2, "unscored": 0, "mean": 0.25, "interval": [0.1, 0.4]},
            "relevance": {"n": 0, "unscored": 2, "mean": null}}}],
    });
    serde_json::from_value(value).unwrap()
}

fn memory() -> Place {
    Place { store: Arc::new(InMemory::new()), folder: None, name: "memory".to_owned() }
}

fn runs(lines: &[HistoryLine]) -> Vec<&str> {
    lines.iter().map(|line| line.run.as_str()).collect()
}

#[tokio::test]
async fn a_run_has_one_line_however_often_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for place in [memory(), Place::folder(folder.path()).unwrap()] {
        assert_eq!(read_history(&place, "s").await.unwrap(), []);
        for (run, second) in [("b", 2), ("a", 1), ("b", 2)] {
            remember(&place, &summary(run, second)).await.unwrap();
        }
        let lines = read_history(&place, "s").await.unwrap();
        assert_eq!(runs(&lines), ["a", "b"], "by time");
        assert_eq!(lines[0].gate_passed, Some(false));
        let model = &lines[0].models[0];
        assert_eq!((model.samples, model.failed, model.pass_rate), (3, 1, Some(0.5)));
        // A scorer without a mean has no number, not zero.
        assert_eq!(model.means.keys().collect::<Vec<_>>(), ["f1"]);
        assert_eq!(model.means["f1"].interval.map(|found| (found.low, found.high)), Some((0.1, 0.4)));
        assert_eq!(read_history(&place, "other").await.unwrap(), []);
    }
}

#[test]
fn a_line_tells_what_judge_and_embeddings_took_and_an_earlier_line_is_read_without() {
    let mut run = serde_json::to_value(summary("a", 1)).unwrap();
    run["models"][0]["scores"]["judge.tone"] = json!({"n": 3, "unscored": 0, "mean": 0.5});
    run["judge"] = json!({"model": "j", "rubrics": {"tone": {"n": 3, "trusted": true}}, "usage": {"input_tokens": 70, "output_tokens": 30},
        "cost": {"usd": 0.25, "input_usd": 0.1, "output_usd": 0.15, "price_source": "x", "price_date": "2026-01-01"}});
    run["similarity"] = json!({"model": "e", "usage": {"input_tokens": 5, "output_tokens": 0}});
    let written = serde_json::to_value(HistoryLine::of(&serde_json::from_value(run.clone()).unwrap())).unwrap();
    let usage = json!({"input_tokens": 70, "output_tokens": 30});
    assert_eq!(written["judge"], json!({"model": "j", "usage": usage, "cost_usd": 0.25}));
    assert_eq!(written["similarity"], json!({"model": "e", "usage": {"input_tokens": 5, "output_tokens": 0}}));
    let means = &written["models"][0]["means"];
    assert_eq!((&means["judge.tone"]["trusted"], means["f1"].get("trusted")), (&json!(true), None));
    // A judge that told no tokens took nothing that is known.
    run["judge"].as_object_mut().unwrap().remove("usage");
    assert_eq!(HistoryLine::of(&serde_json::from_value(run).unwrap()).judge, None);
    let mut earlier = written;
    for part in ["judge", "similarity"] {
        earlier.as_object_mut().unwrap().remove(part);
    }
    let earlier: HistoryLine = serde_json::from_value(earlier).unwrap();
    assert_eq!((earlier.judge, earlier.similarity), (None, None));
}

#[tokio::test]
async fn a_run_that_went_on_has_its_latest_line() {
    let folder = tempfile::tempdir().unwrap();
    for place in [memory(), Place::folder(folder.path()).unwrap()] {
        let incomplete = Summary { status: RunStatus::Incomplete, ..summary("a", 1) };
        let mut completed = summary("a", 3);
        completed.models[0].failed = 0;
        // The last comes late: whoever was to tell of the first end was cut off.
        for told in [&incomplete, &summary("b", 2), &completed, &incomplete] {
            remember(&place, told).await.unwrap();
        }
        let lines = read_history(&place, "s").await.unwrap();
        assert_eq!(runs(&lines), ["b", "a"]);
        assert_eq!((lines[1].status, lines[1].models[0].failed), (RunStatus::Completed, 0));
        let text = assay_store::read(&*place.store, &SuiteKeys::new("s").history()).await.unwrap().unwrap();
        assert_eq!(with(&text, &HistoryLine::of(&completed)), None, "nothing is written anew");
    }
}

#[tokio::test]
async fn of_many_that_write_at_once_none_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    for place in [memory(), Place::folder(folder.path()).unwrap()] {
        let names: Vec<String> = (0..8).map(|number| format!("run-{number}")).collect();
        let summaries: Vec<Summary> = names.iter().map(|name| summary(name, 0)).collect();
        let writes = summaries.iter().map(|summary| remember(&place, summary));
        for written in futures::future::join_all(writes).await {
            written.unwrap();
        }
        assert_eq!(runs(&read_history(&place, "s").await.unwrap()), names);
    }
}

#[tokio::test]
async fn broken_lines_are_passed_over_and_newer_ones_kept() {
    let place = memory();
    let path = SuiteKeys::new("s").history();
    let line = serde_json::to_string(&HistoryLine::of(&summary("a", 1))).unwrap();
    let text = format!("{line}\n{{\"format\": 2, \"run\": 7}}\n{line}\n{{\"format\": 1, \"ru");
    assay_store::overwrite(&*place.store, &path, text.into_bytes()).await.unwrap();
    let lines = remember(&place, &summary("b", 2)).await.unwrap();
    assert_eq!(runs(&lines), ["a", "b"]);
    let text = assay_store::read(&*place.store, &path).await.unwrap().unwrap();
    let text = String::from_utf8(text.to_vec()).unwrap();
    assert_eq!(text.lines().count(), 3);
    assert!(text.contains(r#"{"format": 2, "run": 7}"#), "{text}");
}

#[test]
fn the_oldest_runs_are_dropped() {
    let line = |second: usize| {
        let line = HistoryLine { run: format!("r{second}"), ..HistoryLine::of(&summary("", 0)) };
        HistoryLine { finished_at: Timestamp::from_second(second as i64).unwrap(), ..line }
    };
    let text: String = (0..KEPT_RUNS + 2).map(|run| serde_json::to_string(&line(run)).unwrap() + "\n").collect();
    let lines = parse(&with(text.as_bytes(), &line(KEPT_RUNS + 2)).unwrap());
    assert_eq!((lines.len(), lines[0].1.as_ref().unwrap().run.as_str()), (KEPT_RUNS, "r3"));
}

#[tokio::test]
async fn a_line_has_what_monitoring_asks_for_and_an_old_one_is_read_without() {
    let mut told = summary("a", 1);
    let model = &mut told.models[0];
    model.usage = serde_json::from_value(json!({"input_tokens": 12, "output_tokens": 7})).unwrap();
    model.latency = serde_json::from_value(json!({"n": 2, "mean_ms": 2.0, "p50_ms": 1.5, "p90_ms": 2.5, "p99_ms": 3.0,
        "max_ms": 3.0}))
    .unwrap();
    model.regressed = Some(true);
    model.against_first = Some(Standing { first: "o".to_owned(), better: vec!["f1".to_owned()], worse: Vec::new() });
    let place = memory();
    let old = r#"{"format":1,"run":"0","finished_at":"2025-01-01T00:00:00Z","status":"completed","samples":3,"models":[{"model":"m","samples":3,"failed":0}]}"#;
    assay_store::overwrite(&*place.store, &SuiteKeys::new("s").history(), old).await.unwrap();
    let lines = remember(&place, &told).await.unwrap();
    let (old, new) = (&lines[0], &lines[1]);
    assert_eq!((old.dataset.as_deref(), old.models[0].regressed, old.models[0].usage), (None, None, None));
    assert_eq!((new.dataset.as_deref(), new.models[0].regressed), (Some("k"), Some(true)));
    assert_eq!((new.models[0].latency_p50_ms, new.models[0].latency_p90_ms), (Some(1.5), Some(2.5)));
    assert_eq!(new.models[0].usage.map(|usage| (usage.input_tokens, usage.output_tokens)), Some((12, 7)));
    assert_eq!(new.models[0].against_first, told.models[0].against_first);
    assert!(!new.is_recorded_only());
    // Two of three samples have an answer, so two recorded ones are all.
    assert!(HistoryLine { recorded: 2, ..new.clone() }.is_recorded_only());
}

#[tokio::test]
async fn a_decline_is_told_and_lines_of_a_wrong_clock_are_left_out() {
    let place = memory();
    let mut lines = Vec::new();
    for second in 0..6 {
        let mut told = summary(&format!("run-{second}"), second);
        // The pass rate stays: all six values are equal, so its p-value is 1. Of 720 orders of f1 this is one: 2/720, and
        // twice that for two measures.
        told.models[0].scores.get_mut("f1").unwrap().mean = Some(0.9 - 0.125 * f64::from(second));
        told.models[0].failed = 0;
        lines.push(told);
    }
    for told in &lines[..5] {
        remember(&place, told).await.unwrap();
    }
    let expected = "m: f1 gets worse over the last 6 runs: 0.9000 in the first, 0.2750 in the last, -1.25e-1 a run (adjusted p 5.56e-3)";
    assert_eq!(trend_facts(&place, &lines[5]).await, [expected]);
    remember(&place, &summary("late", 50)).await.unwrap();
    let facts = trend_facts(&place, &lines[5]).await;
    assert_eq!((facts.len(), facts[0].as_str()), (2, expected));
    assert!(facts[1].starts_with("1 runs in the suite's history are dated after this one"), "{facts:?}");
}
