//! Holds the documents to the code: names, units and dimensions of metrics, scorers, the schema, the commands.

#![allow(clippy::expect_used)]

use assay_core::publish::metrics::MetricName;
use assay_score::{BUILT_IN_METRICS, Direction, Scorer};
use std::collections::BTreeSet;
use std::path::Path;

fn document(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The cells of every table row of a section.
fn rows(text: &str, heading: &str) -> Vec<Vec<String>> {
    let (_, section) = text.split_once(heading).unwrap_or_else(|| panic!("no section `{heading}`"));
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`').to_owned()).collect())
        .collect()
}

#[test]
fn every_metric_is_documented_with_its_unit_and_dimensions() {
    let documented: BTreeSet<(String, String, String)> = rows(&document("docs/metrics.md"), "## In CloudWatch")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone(), row[2].clone()))
        .collect();
    let coded: BTreeSet<(String, String, String)> = MetricName::all()
        .into_iter()
        .map(|name| (name.name().to_owned(), format!("{:?}", name.unit()), name.dimensions().join(", ")))
        .collect();
    assert_eq!(documented, coded);
}

#[test]
fn every_scorer_is_documented_with_its_direction() {
    let documented: BTreeSet<(String, String)> = rows(&document("docs/metrics.md"), "## Scores")
        .into_iter()
        .map(|row| (row[0].clone(), row[2].clone()))
        .collect();
    let direction = |scorer: &Scorer| match scorer.direction() {
        Direction::HigherIsBetter => "higher",
        Direction::LowerIsBetter => "lower",
        Direction::Neither => "neither",
    };
    let coded: BTreeSet<(String, String)> =
        Scorer::ALL.iter().map(|scorer| (scorer.name().to_owned(), direction(scorer).to_owned())).collect();
    assert_eq!(documented, coded);
}

#[test]
fn every_key_of_a_spec_is_documented() {
    let schema = assay_core::spec::schema_json();
    let properties = schema["properties"].as_object().expect("the schema's keys");
    let coded: BTreeSet<String> = properties.keys().cloned().collect();
    let text = document("docs/formats.md");
    let documented: BTreeSet<String> = rows(&text, "## Spec")
        .into_iter()
        .map(|row| row[0].clone())
        .filter(|key| {
            !["id", "inference", "additional_model_request_fields", "requests_per_minute"].contains(&key.as_str())
        })
        .collect();
    assert_eq!(documented, coded);
}

#[test]
fn every_key_of_a_job_is_documented() {
    let schema = assay_core::spec::schema_json();
    let properties = schema.pointer("/$defs/JobSpec/properties").and_then(|keys| keys.as_object());
    let coded: BTreeSet<String> = properties.expect("the keys of a job").keys().cloned().collect();
    let rows = rows(&document("docs/jobs.md"), "## In a spec");
    let documented: BTreeSet<String> = rows.iter().flat_map(|row| row[0].split("`, `").map(str::to_owned)).collect();
    assert_eq!(documented, coded);
}

#[test]
fn every_metric_of_jobs_is_documented_with_its_direction_and_kinds() {
    let mut documented = BTreeSet::new();
    for row in rows(&document("docs/jobs.md"), "## Metrics").into_iter().filter(|row| row.len() == 3) {
        let direction = row[2].split(';').next().unwrap_or_default().to_owned();
        for name in row[0].split("`, `").filter(|name| !name.contains('<')) {
            documented.insert((name.to_owned(), row[1].clone(), direction.clone()));
        }
    }
    documented.retain(|(name, ..)| assay_score::built_in(name).is_some());
    let coded: BTreeSet<(String, String, String)> = BUILT_IN_METRICS
        .iter()
        .map(|metric| {
            let kinds = [
                (metric.automatic, "automatic"),
                (metric.judge, "judge"),
                (metric.generate, "RAG that generates"),
                (metric.retrieve, "RAG that only retrieves"),
            ];
            let kinds: Vec<&str> = kinds.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect();
            let direction = match metric.direction {
                Direction::HigherIsBetter => "higher",
                Direction::LowerIsBetter => "lower",
                Direction::Neither => "neither",
            };
            (metric.name.to_owned(), kinds.join(", "), direction.to_owned())
        })
        .collect();
    assert_eq!(documented, coded);
}

#[test]
fn the_published_schema_is_that_of_the_code() {
    let published: serde_json::Value =
        serde_json::from_str(&document("docs/assay.schema.json")).expect("the schema is JSON");
    assert_eq!(
        published,
        assay_core::spec::schema_json(),
        "write it anew: cargo run -- schema > docs/assay.schema.json"
    );
}

#[test]
fn the_readme_names_the_two_commands_and_ci_runs_the_second() {
    let readme = document("README.md");
    assert!(readme.contains("cargo run --release -- run examples/support-faq"));
    assert!(readme.contains("cargo test --workspace"));
    assert!(document(".ci/run").contains("cargo test --workspace"));
}
