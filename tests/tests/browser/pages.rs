//! The pages to look at: two runs of a suite, made as every run is, from answers that came with the dataset.

use assay_core::collect::{Progress, Stop};
use assay_core::run::dropped::{Dropped, Surroundings, prepare};
use assay_core::run::{Outcome, execute};
use assay_model::bedrock;
use assay_model::pricing::Prices;
use assay_store::Place;
use serde_json::json;
use std::fmt::Write;
use tempfile::TempDir;

/// An answer of a model that would run in a page that trusts it.
pub(crate) const SCRIPT: &str = "<script>window.ran = 1</script><img src=x onerror=\"window.ran = 2\">";

/// The pages, and what they are made of.
pub(crate) struct Pages {
    /// Where the report of the newest run is.
    pub report: String,
    /// Where the page of the suite is.
    pub index: String,
    samples: Vec<Expected>,
    _folder: TempDir,
}

/// A sample and a model, as this test knows them.
pub(crate) struct Expected {
    pub model: &'static str,
    pub category: &'static str,
    pub failed: bool,
    pub answer: String,
}

impl Pages {
    /// Makes the pages.
    pub(crate) fn make() -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut samples = Vec::new();
        let mut lines = String::new();
        for number in 0..60usize {
            let category = ["returns", "shipping", "warranty <b>"][number % 3];
            let answers = ["model-a", "model-b"].map(|model| {
                // Every seventh answer lacks the word that is checked for, and of the second model every fifth too.
                let failed = number % 7 == 0 || (model == "model-b" && number % 5 == 0);
                let answer = match number {
                    11 => SCRIPT.to_owned() + "known",
                    _ => format!("answer number {number} of {} words", if failed { "other" } else { "known" }),
                };
                let failed = !answer.contains("known");
                samples.push(Expected { model, category, failed, answer: answer.clone() });
                json!({"response": answer, "modelIdentifier": model})
            });
            let line = json!({"id": format!("case-{number}"), "prompt": format!("Question {number}?"), "category": category,
                "referenceResponse": format!("answer number {number} of known words"),
                "assert": [{"contains": "known"}], "modelResponses": answers});
            let _ = writeln!(lines, "{line}");
        }
        let suite = folder.path().join("suites/faq");
        std::fs::create_dir_all(&suite).expect("a folder of the suite");
        std::fs::write(suite.join("history.jsonl"), weeks()).expect("a history");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let runs: Vec<String> = ["first", "second"]
            .into_iter()
            .map(|name| {
                let datasets = folder.path().join("datasets/faq");
                std::fs::create_dir_all(&datasets).expect("a folder of datasets");
                std::fs::write(datasets.join("assay.yaml"), "gate: {pass_rate: 0.9}\n").expect("a spec");
                std::fs::write(datasets.join(format!("{name}.jsonl")), &lines).expect("a dataset");
                runtime.block_on(run(folder.path(), &format!("datasets/faq/{name}.jsonl")))
            })
            .collect();
        let url = |path: &str| format!("file://{}/{path}", folder.path().display());
        Self {
            report: url(&format!("{}/report.html", runs[1])),
            index: url("suites/faq/index.html"),
            samples,
            _folder: folder,
        }
    }

    /// How many samples are so.
    pub(crate) fn count(&self, is: impl Fn(&Expected) -> bool) -> usize {
        self.samples.iter().filter(|sample| is(sample)).count()
    }
}

/// Six weeks of a model whose `f1` falls, as the history of the suite has them.
fn weeks() -> String {
    let mut lines = String::new();
    for week in 0..6 {
        let mean = json!({"n": 60, "mean": 0.9 - 0.05 * f64::from(week), "interval": [0.5, 0.95]});
        let model =
            json!({"model": "model-a", "samples": 60, "failed": 0, "means": {"f1": mean}, "regressed": week > 4});
        let line = json!({"format": 1, "run": format!("week-{week}"), "finished_at": format!("2026-01-{:02}T04:00:00Z", 1 + 5 * week),
            "status": "completed", "dataset": "probes/faq/weekly.jsonl", "samples": 60, "models": [model]});
        let _ = writeln!(lines, "{line}");
    }
    lines
}

/// Evaluates the dataset `key` below `folder`; answers the key of the run.
async fn run(folder: &std::path::Path, key: &str) -> String {
    let place = Place::folder(folder).expect("a place");
    let around = Surroundings {
        place: place.clone(),
        model_ids: Vec::new(),
        application: "Shop".to_owned(),
        concurrency: 1,
        prices: Prices::default(),
        models: bedrock(&aws_config::SdkConfig::builder().build()),
        holder: "a test".to_owned(),
    };
    let dropped = Dropped { bucket: "local".to_owned(), key: key.to_owned(), ..Dropped::default() };
    let run = prepare(&dropped, &around).await.expect("a spec").expect("a dataset");
    let outcome = execute(&run, &Stop::default(), &Progress::default()).await.expect("a run");
    let Outcome::Finished(finished) = outcome else { panic!("the run did not finish") };
    let comparisons = &finished.comparisons;
    assay_report::publish(&place, &run.execution.keys, &finished.summary, comparisons).await.expect("reports");
    run.execution.keys.root().to_string()
}
