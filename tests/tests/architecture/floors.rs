//! The floors of crates: a crate depends on crates of lower floors alone.

use std::collections::BTreeSet;

use super::crates::Packages;

/// The crates that ship, from the lowest floor up. Crates of one floor do not depend on each other.
const FLOORS: [&[&str]; 8] = [
    &["assay-problem"],
    &["assay-notice"],
    &["assay-lambda", "assay-score", "assay-store"],
    &["assay-model"],
    &["assay-core"],
    &["assay-job", "assay-monitor", "assay-report"],
    &["assay-function"],
    &["alarm-forwarder", "assay-cli", "dataset-evaluator", "probe-runner", "result-parser"],
];

/// The crates of development. Nothing that ships depends on them, but for its tests.
const DEVELOPMENT: [&str; 3] = ["assay-testing", "end-to-end", "local-stack"];

/// Crates without code, which say by which features dependencies are built.
const FEATURES: [&str; 2] = ["workspace-hack", "workspace-hack-pure"];

fn shipped() -> impl Iterator<Item = (usize, &'static str)> {
    FLOORS.iter().enumerate().flat_map(|(floor, names)| names.iter().map(move |name| (floor, *name)))
}

#[test]
fn every_crate_depends_on_lower_floors_alone() {
    let packages = Packages::read();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (floor, name) in shipped() {
        for dependency in packages.direct(name, false) {
            assert!(!DEVELOPMENT.contains(&dependency), "{name} ships {dependency}");
            let Some((below, _)) = shipped().find(|(_, found)| *found == dependency) else { continue };
            seen += 1;
            if below >= floor {
                wrong.push(format!("{name} depends on {dependency}"));
            }
        }
    }
    assert!(seen > 40, "only {seen} dependencies were found");
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_crate_has_a_floor() {
    let known: BTreeSet<&str> = shipped().map(|(_, name)| name).chain(DEVELOPMENT).chain(FEATURES).collect();
    for folder in super::crate_folders() {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        let name = manifest.lines().find_map(|line| line.strip_prefix("name = ")).expect("a name").trim_matches('"');
        assert!(known.contains(name), "`{name}` has no floor; add it to the list and to ARCHITECTURE.md");
    }
}

#[test]
fn scoring_needs_no_runtime_no_store_and_no_sdk() {
    let packages = Packages::read();
    let forbidden = |name: &&str| {
        let exact = ["tokio", "object_store", "hyper", "reqwest", "lambda_runtime", "assay-core", "assay-store"];
        exact.contains(name) || name.starts_with("aws-") || name.starts_with("aws_")
    };
    let found: Vec<&str> = packages.all("assay-score", true).into_iter().filter(forbidden).collect();
    assert!(found.is_empty(), "{found:?}");
    let found: Vec<&str> = packages.all("assay-model", false).into_iter().filter(forbidden).collect();
    assert!(found.contains(&"tokio") && found.contains(&"aws-config"), "the search finds nothing");
}

#[test]
fn the_forwarder_has_no_scorer_and_no_engine_and_the_tool_no_lambda() {
    let packages = Packages::read();
    let ours = |name: &&str| name.starts_with("assay-");
    let of_forwarder: Vec<&str> = packages.all("alarm-forwarder", false).into_iter().filter(ours).collect();
    assert_eq!(of_forwarder, ["assay-lambda", "assay-notice", "assay-problem", "assay-store"]);
    let of_tool = packages.all("assay-cli", false);
    assert!(of_tool.contains("assay-core"));
    assert!(!of_tool.contains("assay-lambda") && !of_tool.contains("lambda_runtime"), "{of_tool:?}");
}
