#![allow(clippy::unwrap_used)]
use super::*;
use crate::sample_data::{HOSTILE, judged, model, record, summary, unanswered};
use assay_core::compare::Comparison;
use assay_core::publish::history::HistoryLine;
use assay_core::record::Record;
use assay_core::summary::Summary;
use serde_json::{Value, json};

fn page(summary: &Summary, records: &[Record], comparisons: &[Comparison], history: &[HistoryLine]) -> String {
    let mut builder = ReportBuilder::new(summary);
    records.iter().for_each(|record| builder.see(record));
    builder.finish(&Context { comparisons, history, place: "runs/faq/r" })
}

fn comparison(text: &str) -> Comparison {
    let side = json!({"run": text, "suite": text, "model": text, "finished_at": "2026-01-01T00:00:00Z"});
    let mut earlier = side.clone();
    earlier["run"] = format!("{text}0").into();
    let changed = json!({"sample": text, "line": 3, "category": text, "measure": "f1", "prompt": text, "reference": text,
        "before": {"value": 0.75, "response": text}, "after": {"value": 0.25, "failed_checks": [text], "response": text}});
    let measure = |name: &str, more: Value| {
        let mut value = json!({"name": name, "n": 40, "before": 0.5, "after": 0.4, "effect": -0.1});
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    };
    let measures = [
        measure("checks", json!({"interval": [-0.2, -0.05], "adjusted_p": 0.0004, "verdict": "worse"})),
        measure("f1", json!({"adjusted_p": 0.31, "smallest_detectable": 0.125, "verdict": "no_evidence"})),
        measure(text, json!({"verdict": "too_few"})),
    ];
    let value = json!({"before": earlier, "after": side, "shared": 40, "only_before": 1, "only_after": 2, "changed": 0,
        "alpha": 0.05, "resamples": 10_000,
        "measures": measures, "regressed": 12, "improved": 1, "unchanged": 27, "regressions": [changed],
        "improvements": [changed], "caveats": [text]});
    serde_json::from_value(value).unwrap()
}

/// A summary, records, a comparison and a history in which every text is hostile.
fn hostile() -> String {
    let mut bad = model(HOSTILE);
    bad["categories"] = json!({HOSTILE: bad["scores"]});
    bad["failures"] = json!({HOSTILE: {"count": 1, "example": HOSTILE}});
    bad["latency"] = json!({"n": 1, "mean_ms": 1.0, "p50_ms": 1.0, "p90_ms": 1.0, "p99_ms": 1.0, "max_ms": 1.0});
    bad["usage"] = json!({"input_tokens": 1, "output_tokens": 1});
    let problem =
        json!({"place": HOSTILE, "field": HOSTILE, "severity": "error", "message": HOSTILE, "remedy": HOSTILE});
    let more = json!({"suite": HOSTILE, "run": HOSTILE, "application": HOSTILE, "assay": HOSTILE, "caveats": [HOSTILE],
        "gate": {"passed": false, "reasons": [HOSTILE]}, "problems": {"errors": 1, "warnings": 0, "first": [problem]}});
    let summary = summary(json!([bad]), more);
    let sample = json!({"category": HOSTILE, "prompt": HOSTILE, "references": [HOSTILE, HOSTILE]});
    let check = json!([{"check": HOSTILE, "passed": false, "reason": HOSTILE}]);
    let records = [
        record(HOSTILE, HOSTILE, json!({"sample": sample, "responses": [{"text": HOSTILE}], "checks": check})),
        record(HOSTILE, "lost", json!({"responses": [], "failure": {"class": "rejected", "message": HOSTILE}})),
    ];
    let line = HistoryLine::of(&summary);
    let history = [HistoryLine { run: "before".to_owned(), ..line.clone() }, line];
    page(&summary, &records, &[comparison(HOSTILE)], &history) + &suite_page(HOSTILE, &history)
}

#[test]
fn what_a_job_says_ranks_and_an_answer_without_a_text_has_its_row() {
    let score =
        |mean: f64| json!({"n": 2, "unscored": 0, "mean": mean, "min": 0.0, "p50": mean, "p90": 1.0, "max": 1.0});
    let scores = json!({"f1": score(0.5), "job.ContextRelevance": score(0.5), "job.Robustness": score(12.0)});
    let of = |name: &str| json!({"model": name, "samples": 2, "answered": 2, "failed": 0, "scores": scores});
    let said = |sample: &str, value: f64| {
        let scores = json!({"job.ContextRelevance": {"value": value}, "f1": {"unscored": "no answer"}});
        record("m", sample, json!({"responses": [], "scores": scores}))
    };
    let mut found = comparison("x");
    found.before.run = found.after.run.clone();
    let page = page(&summary(json!([of("m")]), json!({})), &[said("good", 1.0), said("poor", 0.25)], &[found], &[]);
    assert!(page.contains("by <code>job.ContextRelevance</code>"));
    assert!(page.find(">poor<").unwrap() < page.find(">good<").unwrap(), "the worst comes first");
    assert!(page.contains("job.Robustness</span><span class=\"counts\">lower is better"));
    assert!(page.contains("Samples that the other model answers worse") && page.contains("</b> of both models"));
    for word in [">Before<", ">Now<", "in both runs", "got worse"] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn no_text_becomes_markup() {
    let page = hostile();
    // The only scripts and handlers are the page's own; all else came out escaped, and often.
    assert_eq!(page.matches("<script").count(), 1, "the report's own; the suite's page has none");
    assert!(page.matches("&#60;script&#62;window.ran=1").count() > 40, "every text was shown");
    for markup in ["<svg onload", "onload=x>", "\u{1b}", "\0", "\u{202e}"] {
        assert!(!page.contains(markup), "{markup:?}");
    }
    assert!(!page.contains(r#"style=""#), "the policy would refuse it");
    for outside in ["http://", "https://", "url(", "@import"] {
        let own = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!own.contains(outside), "{outside}");
    }
}

#[test]
fn the_verdict_comes_first_with_every_reason() {
    let more =
        json!({"gate": {"passed": false, "reasons": ["m: f1 0.250 is below 0.6"]}, "caveats": ["3 were recorded"]});
    let page = page(&summary(json!([model("m")]), more), &[], &[], &[]);
    let places = [
        "Gate failed",
        "m: f1 0.250 is below 0.6",
        "3 were recorded",
        "id=\"models-h\"",
        "id=\"failures-h\"",
        "id=\"samples-h\"",
    ];
    let places = places.map(|text| page.find(text).unwrap_or_else(|| panic!("{text} is missing")));
    assert!(places.is_sorted(), "{places:?}");
    let mut worse = model("m");
    worse["regressed"] = json!(true);
    let none = super::verdict::VerdictView::of(&summary(json!([worse]), json!({})));
    assert_eq!((none.class, none.word), ("none", "No gate"));
    assert!(none.reasons[1].starts_with("m got worse than the suite's baseline"), "{:?}", none.reasons);
}

#[test]
fn every_mean_has_its_interval_its_n_and_its_unscored() {
    let page = page(&summary(json!([model("m")]), json!({})), &[], &[], &[]);
    let row = page.lines().find(|line| line.contains(r#"<span dir="auto">f1</span>"#)).unwrap();
    for text in ["higher is better", "0.250", "0.125 to 0.375", "n 2, 1 unscored"] {
        assert!(row.contains(text), "{text} in {row}");
    }
    assert!(page.contains("50.0 %") && page.contains("10.0 % to 90.0 %"));
}

#[test]
fn a_comparison_tells_regressions_first_and_never_claims_too_much() {
    let page = page(&summary(json!([model("m")]), json!({})), &[], &[comparison("text")], &[]);
    let places = ["Samples that got worse", "Samples that got better", "Smallest detectable difference"];
    let places = places.map(|text| page.find(text).unwrap());
    assert!(places.is_sorted());
    let row = |name: &str| {
        let start = format!(r#"<tr><th scope="row"><span dir="auto">{name}</span>"#);
        let section = &page[page.find("Adjusted p").unwrap()..];
        section[section.find(&start).unwrap()..].split("</tr>").next().unwrap().to_owned()
    };
    for text in ["−0.100", "−0.200 to −0.050", "&#60; 0.001", "▼ worse"] {
        assert!(row("checks").contains(text), "{text} in {}", row("checks"));
    }
    for text in ["0.310", "0.125", "no evidence of a difference"] {
        assert!(row("f1").contains(text), "{text} in {}", row("f1"));
    }
    assert!(row("text").contains("too few samples to tell"));
    assert!(page.contains("11 more are worse"), "12 regressed, 1 is shown");
}

#[test]
fn failures_come_first_and_in_full() {
    let long = "x".repeat(5000);
    let records = [
        judged("m", "good", 1, 0.9, true),
        judged("m", "poor", 2, 0.1, true),
        record(
            "m",
            "bad",
            json!({"sample": {"line": 3, "prompt": long}, "scores": {"f1": {"value": 0.9}},
            "checks": [{"check": "contains: a", "passed": false, "reason": "not there"}]}),
        ),
        unanswered("lost", "m"),
    ];
    let page = page(&summary(json!([model("m")]), json!({})), &records, &[], &[]);
    assert_eq!(page.matches(&long).count(), 1, "once in full");
    assert!(page.contains(&format!("{}…", "x".repeat(140))), "and shortened in the table");
    let table = &page[page.find("id=\"rows\"").unwrap()..];
    let places = [">lost<", ">bad<", ">poor<", ">good<"].map(|text| table.find(text).unwrap());
    assert!(places.is_sorted(), "{places:?}");
    assert!(table.contains("href=\"#f1\">lost") && page.contains("id=\"f1\""));
}

#[test]
fn the_index_of_a_suite_links_to_its_runs() {
    let line = HistoryLine::of(&summary(json!([model("m")]), json!({})));
    let older = HistoryLine {
        run: "20250101T000000Z-0".to_owned(),
        finished_at: "2025-01-01T00:00:00Z".parse().unwrap(),
        ..line.clone()
    };
    let page = suite_page("faq", &[older, line]);
    let places = ["runs/faq/20260101T000000Z-00000000/report.html", "runs/faq/20250101T000000Z-0/report.html"];
    let places = places.map(|text| page.find(text).unwrap());
    assert!(places.is_sorted(), "the newest first");
    assert!(
        page.contains("0.250 (0.125 to 0.375), n 2")
            && page.contains("from 0.250 on 2025-01-01 to 0.250 on 2026-01-01")
    );
    assert!(suite_page("faq", &[]).contains("A trend needs two runs."));
}

#[test]
fn ten_thousand_samples_take_less_than_five_megabytes() {
    let mut bad = model("us.anthropic.claude-haiku-4-5-20251001-v1:0");
    bad["samples"] = json!(10_000);
    let summary = summary(json!([bad]), json!({}));
    let text = "<An answer & its 'many' \"quotes\">, of some length. ".repeat(40);
    let mut builder = ReportBuilder::new(&summary);
    for number in 0..10_000 {
        let sample =
            json!({"line": number, "prompt": text, "references": [text], "category": format!("c{}", number % 40)});
        let check = json!([{"check": "contains: a", "passed": number % 3 > 0, "reason": text}]);
        let scores = json!({"f1": {"value": f64::from(number) / 10_000.0}});
        let more = json!({"sample": sample, "responses": [{"text": text}], "checks": check, "scores": scores});
        builder.see(&record("us.anthropic.claude-haiku-4-5-20251001-v1:0", &format!("sample-{number}"), more));
    }
    let page = builder.finish(&Context::default());
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
    assert!(page.len() > 2_500_000, "{} bytes: there was room for more", page.len());
    let shown = page.matches("<tr data-line").count();
    assert!(page.contains(&format!("{} more have no room here", 10_000 - shown)));
    let cards = page.matches("<details class=\"card\"").count();
    assert!(page.contains(&format!("{} more failed", 3334 - cards)), "every third has failed");
    assert!(page.contains("10000 answers.") || page.contains("10,000 answers."), "the histogram counts all");
}

/// The history of a model whose f1 falls in six runs, the oldest first; its pass rate stays.
fn falling() -> Vec<HistoryLine> {
    let line = |run: usize| {
        let mut of_run = model("m");
        of_run["scores"]["f1"]["mean"] = json!(0.9 - 0.1 * run as f64);
        let more = json!({"run": format!("run-{run}"), "finished_at": format!("2025-12-{:02}T00:00:00Z", run + 1)});
        HistoryLine::of(&summary(json!([of_run]), more))
    };
    (0..6).map(line).collect()
}

#[test]
fn drift_is_shown_where_enough_runs_are() {
    let history = falling();
    let mut last = model("m");
    last["scores"]["f1"]["mean"] = json!(0.3);
    let run = summary(json!([last]), json!({}));
    // Seven runs with this one: of 5040 orders one falls throughout, two-sided 2/5040, doubled for two measures.
    for page in
        [page(&run, &[], &[], &history), suite_page("faq", &[history.clone(), vec![HistoryLine::of(&run)]].concat())]
    {
        let table = &page[page.find("id=\"drift-h\"").unwrap()..];
        let rows: Vec<&str> = table.split("<tr>").collect();
        let row = rows.iter().find(|row| row.contains(r#"<span dir="auto">f1</span>"#)).unwrap();
        for text in ["<td>7</td>", "<td>0.900</td>", "<td>0.300</td>", "<td>−0.100</td>", "&#60; 0.001", "▼ gets worse"]
        {
            assert!(row.contains(text), "{text} in {row}");
        }
        let row = rows.iter().find(|row| row.contains(r#"<span dir="auto">checks</span>"#)).unwrap();
        assert!(row.contains("no evidence of a trend") && row.contains("<td>1.000</td>"), "{row}");
    }
    assert!(!page(&run, &[], &[], &history[3..]).contains("id=\"drift-h\""), "four runs are too few");
    // A run that is dated later is left out and counted.
    let mut late = history[5].clone();
    (late.run, late.finished_at) = ("late".to_owned(), "2026-06-01T00:00:00Z".parse().unwrap());
    let shown = page(&run, &[], &[], &[history, vec![late]].concat());
    assert!(shown.contains("1 runs are dated after this one and left out") && shown.contains("<td>7</td>"));
}

#[test]
fn the_suite_says_how_models_stood() {
    let mut models = [model("first"), model("second"), model("third")];
    models[0]["regressed"] = json!(true);
    models[1]["regressed"] = json!(false);
    models[1]["against_first"] = json!({"first": "first", "better": ["f1"], "worse": ["checks"]});
    models[2]["against_first"] = json!({"first": "first"});
    let shown = suite_page("faq", &[HistoryLine::of(&summary(json!(models), json!({})))]);
    let cells = ["▼ worse", "not worse", "▼ worse in checks; ▲ better in f1", "no evidence of a difference"];
    for cell in cells {
        assert!(shown.contains(&format!(">{cell}</td>")), "{cell}");
    }
    let plain = suite_page("faq", &[HistoryLine::of(&summary(json!([model("m")]), json!({})))]);
    assert!(!plain.contains("Against the baseline") && !plain.contains("Against the first model"));
}
