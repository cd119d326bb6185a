//! Runs from a dropped file to what is told of them, with answers that came with the dataset: against the baseline, and model
//! against model.

#![allow(clippy::unwrap_used, clippy::panic)]

use assay_core::collect::{Progress, Stop};
use assay_core::compare::{BASELINE_FORMAT, Baseline};
use assay_core::publish::Finished;
use assay_core::publish::metrics::{MetricName, of_run};
use assay_core::publish::notice::RunNews;
use assay_core::run::dropped::{Dropped, Surroundings, prepare};
use assay_core::run::{Outcome, PreparedRun, execute};
use assay_core::summary::Standing;
use assay_model::bedrock;
use assay_model::pricing::Prices;
use assay_notice::{Notice, NoticeKind};
use assay_store::Place;
use serde_json::json;
use std::fmt::Write;

/// The models as the spec names them: not in the order of their names.
const SPEC: &str = "scorers: [exact_match]\nmodels: [{id: zeta}, {id: alpha}]\n";
/// Lines of every dataset.
const LINES: usize = 20;

/// A dataset in which `zeta` answers every question right, and `alpha` those of the first `wrong` lines wrong.
fn dataset(wrong: usize) -> String {
    let mut text = String::new();
    for line in 1..=LINES {
        let right = format!("secret answer {line}");
        let other = if line <= wrong { "something secret else" } else { &right };
        let answers =
            json!([{"response": right, "modelIdentifier": "zeta"}, {"response": other, "modelIdentifier": "alpha"}]);
        let prompt = format!("secret question {line}?");
        let _ = writeln!(
            text,
            "{}",
            json!({"id": format!("case-{line}"), "prompt": prompt, "referenceResponse": right, "modelResponses": answers})
        );
    }
    text
}

async fn prepared(place: &Place, name: &str, wrong: usize) -> PreparedRun {
    let datasets = place.folder.as_ref().unwrap().join("datasets/faq");
    std::fs::create_dir_all(&datasets).unwrap();
    std::fs::write(datasets.join("assay.yaml"), SPEC).unwrap();
    std::fs::write(datasets.join(format!("{name}.jsonl")), dataset(wrong)).unwrap();
    let around = Surroundings {
        place: place.clone(),
        model_ids: Vec::new(),
        application: "Shop".to_owned(),
        concurrency: 1,
        prices: Prices::default(),
        models: bedrock(&aws_config::SdkConfig::builder().build()),
        holder: "a test".to_owned(),
    };
    let key = format!("datasets/faq/{name}.jsonl");
    let dropped = Dropped { bucket: "local".to_owned(), key, ..Dropped::default() };
    prepare(&dropped, &around).await.unwrap().unwrap()
}

async fn finish(run: &PreparedRun) -> Box<Finished> {
    match execute(run, &Stop::default(), &Progress::default()).await.unwrap() {
        Outcome::Finished(finished) => finished,
        other => panic!("{other:?}"),
    }
}

fn notice(run: &PreparedRun, finished: &Finished) -> Notice {
    let (summary, comparisons) = (&finished.summary, &finished.comparisons);
    Notice::from(RunNews { summary, comparisons, trend: &[], place: &run.execution.place, keys: &run.execution.keys })
}

#[tokio::test]
async fn a_baseline_that_answered_other_questions_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::folder(folder.path()).unwrap();
    let first = prepared(&place, "first", 0).await;
    finish(&first).await;
    let baseline = json!({"format": 1, "suite": "faq", "run": first.execution.run, "place": first.execution.keys.root().to_string(),
        "set_at": "2026-01-01T00:00:00Z"});
    serde_json::from_value::<Baseline>(baseline).unwrap().set(&*place.store).await.unwrap();
    // Of the 20 questions the first three stay.
    let second = prepared(&place, "second", 8).await;
    let file = folder.path().join("datasets/faq/second.jsonl");
    let kept =
        |number: usize, line: &str| if number < 3 { line.to_owned() } else { line.replace("question", "matter") };
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<String> = text.lines().enumerate().map(|(number, line)| kept(number, line) + "\n").collect();
    std::fs::write(&file, lines.concat()).unwrap();
    let finished = finish(&second).await;
    let told = notice(&second, &finished);
    assert_eq!(told.kind, NoticeKind::RunFinished, "three samples tell nothing");
    let facts = told.facts.join("\n");
    for said in ["the datasets differ: 3 of 20 samples", "3 shared samples are too few", "assay baseline set"] {
        assert!(facts.contains(said), "no `{said}` in {facts}");
    }
}

#[tokio::test]
async fn a_model_that_got_worse_is_told_wherever_the_run_is() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::folder(folder.path()).unwrap();
    let first = prepared(&place, "first", 0).await;
    let good = finish(&first).await;
    assert!(good.summary.models.iter().all(|model| model.regressed.is_none()), "there is no baseline");
    assert_eq!(notice(&first, &good).kind, NoticeKind::RunFinished);
    let baseline = Baseline {
        format: BASELINE_FORMAT,
        suite: "faq".to_owned(),
        run: first.execution.run.clone(),
        place: first.execution.keys.root().to_string(),
        set_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        note: None,
    };
    baseline.set(&*place.store).await.unwrap();

    let second = prepared(&place, "second", 8).await;
    let bad = finish(&second).await;
    let regressed: Vec<_> = bad.summary.models.iter().map(|model| (model.model.as_str(), model.regressed)).collect();
    assert_eq!(regressed, [("alpha", Some(true)), ("zeta", Some(false))]);
    let published: Vec<_> = of_run(&bad.summary, &bad.summariser)
        .into_iter()
        .filter(|metric| metric.name == MetricName::Regression)
        .map(|metric| (metric.dimensions[0].1.clone(), metric.values))
        .collect();
    let expected = [("alpha".to_owned(), vec![(1.0, 1.0)]), ("zeta".to_owned(), vec![(0.0, 1.0)])];
    assert_eq!(published, expected);

    let told = notice(&second, &bad);
    assert_eq!(told.kind, NoticeKind::Regression);
    // McNemar's exact test on 8 samples lost and none gained: 2 / 2^8; one measure, so there is nothing to correct.
    let worse = format!(
        "alpha: exact_match is worse than in the baseline {}: 1.0000 before, 0.6000 now, -0.4000",
        first.execution.run
    );
    let p = format!("(adjusted p {:.2e})", 2.0 / 256.0);
    assert!(told.facts[0].starts_with(&worse) && told.facts[0].ends_with(&p), "{:?}", told.facts);
    assert_eq!(told.facts[1], "alpha: of 20 samples compared with the baseline 8 got worse and 0 better");
    for (fact, line) in told.facts[2..7].iter().zip(1..) {
        assert_eq!(fact, &format!("alpha: sample case-{line} (line {line}): exact_match 1.0000 before, 0.0000 now"));
    }
    assert!(
        told.facts[7].contains(&first.execution.run) && told.facts[7].contains("the datasets differ: 20 of 20 samples"),
        "{:?}",
        told.facts
    );
    assert!(!told.facts.concat().contains("secret"), "{:?}", told.facts);
}

#[tokio::test]
async fn models_are_compared_with_the_first_of_the_spec() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::folder(folder.path()).unwrap();
    let run = prepared(&place, "one", 8).await;
    let finished = finish(&run).await;
    let [pair] = finished.comparisons.as_slice() else { panic!("{:?}", finished.comparisons) };
    assert!(pair.is_within_run());
    assert_eq!((pair.before.model.as_str(), pair.after.model.as_str()), ("zeta", "alpha"));
    assert_eq!((pair.regressed, pair.improved, pair.unchanged), (8, 0, 12));
    let listed: Vec<&str> = pair.regressions.iter().map(|sample| sample.before.response.as_str()).collect();
    assert_eq!(listed[0], "secret answer 1", "the texts of both sides are there for the report");
    assert!(pair.regressions.iter().all(|sample| sample.after.response == "something secret else"));
    let standing = Standing { first: "zeta".to_owned(), better: Vec::new(), worse: vec!["exact_match".to_owned()] };
    let stands: Vec<_> = finished.summary.models.iter().map(|model| model.against_first.clone()).collect();
    assert_eq!(stands, [Some(standing), None]);
    assert!(finished.summary.models.iter().all(|model| model.regressed.is_none()), "models of a run are no baseline");

    let told = notice(&run, &finished);
    assert_eq!(told.kind, NoticeKind::RunFinished);
    let fact = told.facts.iter().find(|fact| fact.starts_with("alpha against zeta: ")).unwrap();
    assert!(fact.starts_with("alpha against zeta: worse in exact_match by -0.4000 ("), "{fact}");
    assert!(fact.ends_with(&format!("adjusted p {:.2e})", 2.0 / 256.0)), "nobody was asked, so nothing cost: {fact}");
}

#[tokio::test]
async fn a_probe_without_a_baseline_says_how_to_set_one() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::folder(folder.path()).unwrap();
    let mut run = prepared(&place, "probe", 0).await;
    run.execution.identity.key = "probes/faq/probe.jsonl".to_owned();
    let finished = finish(&run).await;
    let told = notice(&run, &finished);
    let remedy = format!("`assay baseline set {}`", place.name_of(run.execution.keys.root()));
    let says = |fact: &&String| fact.contains("no baseline yet") && fact.ends_with(&remedy);
    assert_eq!(told.facts.iter().filter(says).count(), 1, "{:?}", told.facts);
    // A dataset that somebody drops may be the first and only one.
    let dropped = prepared(&place, "dropped", 0).await;
    let told = notice(&dropped, &*finish(&dropped).await);
    assert!(!told.facts.concat().contains("baseline"), "{:?}", told.facts);
}
