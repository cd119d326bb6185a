//! Holds the rules of ARCHITECTURE.md: imports go down, and AWS SDK crates stay in their adapters.

#![allow(clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The core's modules, from the lowest floor up. Modules of one floor do not import each other.
const FLOORS: [&[&str]; 6] = [
    &["settings"],
    &["compare", "dataset", "judge"],
    &["run"],
    &["metrics", "notice"],
    &["announce", "history"],
    &["lib"],
];

/// The files of the core that may name an AWS SDK crate.
const ADAPTERS: [&str; 2] = ["metrics/cloudwatch.rs", "notice.rs"];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lie in the workspace").to_owned()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The code of a file without its comments and without its tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a source file");
    let own = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = own.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules that `code` names after `crate::`, also in a list in braces.
fn imported(code: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for after in code.split("crate::").skip(1) {
        let list = match after.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default(),
            None => after.split([';', ':', ' ', '<', '(', ')', ',', '\n']).next().unwrap_or_default(),
        };
        for name in list.split(',') {
            let name = name.trim().split("::").next().unwrap_or_default();
            modules.push(name.to_owned());
        }
    }
    modules
}

#[test]
fn imports_of_the_core_go_down() {
    let core = workspace().join("crates/core/src");
    let floor_of: BTreeMap<&str, usize> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, modules)| modules.iter().map(move |module| (*module, floor)))
        .collect();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in rust_files(&core) {
        let inside = file.strip_prefix(&core).expect("a file of the core").to_owned();
        let first = inside.iter().next().and_then(|part| part.to_str()).unwrap_or_default();
        let own = first.trim_end_matches(".rs");
        let floor = *floor_of.get(own).unwrap_or_else(|| panic!("`{own}` has no floor; add it to the map"));
        for module in imported(&code(&file)).iter().filter(|module| *module != own) {
            let Some(other) = floor_of.get(module.as_str()) else { continue };
            seen += 1;
            if *other >= floor {
                wrong.push(format!("{}: `{own}` imports `{module}`", inside.display()));
            }
        }
    }
    assert!(seen > 30, "the search for imports found only {seen}");
    assert!(wrong.is_empty(), "imports that do not go down:\n{}", wrong.join("\n"));
}

#[test]
fn aws_sdk_crates_are_named_in_adapters_and_doors_alone() {
    let core = workspace().join("crates/core/src");
    let naming: Vec<String> = rust_files(&core)
        .into_iter()
        .filter(|file| ["aws_sdk_", "aws_config", "aws_smithy"].iter().any(|name| code(file).contains(name)))
        .map(|file| file.strip_prefix(&core).expect("a file of the core").display().to_string())
        .collect();
    assert_eq!(naming, ADAPTERS);
}

#[test]
fn the_job_crate_names_the_sdk_in_its_control_plane_alone() {
    let job = workspace().join("crates/job/src");
    let naming = rust_files(&job).into_iter().filter(|file| code(file).contains("aws_sdk_"));
    let elsewhere: Vec<PathBuf> = naming.filter(|file| !file.starts_with(job.join("control"))).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    assert!(code(&job.join("control/mod.rs")).contains("aws_sdk_bedrock"), "the control plane has moved");
}

/// The files and folders of the monitoring that may name an AWS SDK crate.
const MONITOR_ADAPTERS: [&str; 5] =
    ["cloudwatch", "invocation_logging/control.rs", "lifecycle/catalogue.rs", "logs/insights.rs", "service_error.rs"];

#[test]
fn the_monitor_crate_names_sdks_in_its_adapters_alone() {
    let monitor = workspace().join("crates/monitor/src");
    let names_sdk =
        |file: &PathBuf| ["aws_sdk_", "aws_config", "aws_smithy"].iter().any(|name| code(file).contains(name));
    let naming: Vec<PathBuf> = rust_files(&monitor).into_iter().filter(names_sdk).collect();
    let adapter = |file: &Path| MONITOR_ADAPTERS.iter().find(|adapter| file.starts_with(monitor.join(adapter)));
    let elsewhere: Vec<&PathBuf> = naming.iter().filter(|file| adapter(file).is_none()).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    let found: BTreeSet<&&str> = naming.iter().filter_map(|file| adapter(file)).collect();
    assert_eq!(found.len(), MONITOR_ADAPTERS.len(), "an adapter has moved: {found:?}");
}

#[test]
fn the_forwarder_asks_for_its_secret_in_one_file_and_keeps_what_is_pure_pure() {
    let forwarder = workspace().join("crates/alarm-forwarder/src");
    let naming = |words: &[&str]| -> Vec<String> {
        let files =
            rust_files(&forwarder).into_iter().filter(|file| words.iter().any(|word| code(file).contains(word)));
        files.map(|file| file.strip_prefix(&forwarder).expect("a file of the crate").display().to_string()).collect()
    };
    assert_eq!(naming(&["aws_sdk_"]), ["secret/source.rs"]);
    let asking = naming(&["async ", "reqwest::Client", "Timestamp::now"]);
    let pure = ["alert", "amend", "intake", "render", "routes", "slack/answer"];
    let wrong: Vec<&String> = asking.iter().filter(|file| pure.iter().any(|pure| file.starts_with(pure))).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(asking.contains(&"slack/client.rs".to_owned()), "the client has moved: {asking:?}");
}

#[test]
fn crates_below_the_doors_import_down() {
    // Each crate, and those of ours that it may depend on.
    for (folder, allowed) in [
        ("problem", &[][..]),
        ("notice", &["assay-problem"]),
        ("score", &["assay-problem"]),
        ("store", &[]),
        ("lambda", &[]),
        ("model", &["assay-score"]),
        ("core", &["assay-model", "assay-notice", "assay-problem", "assay-score", "assay-store"]),
        ("job", &["assay-core", "assay-model", "assay-notice", "assay-problem", "assay-score", "assay-store"]),
        ("report", &["assay-core", "assay-model", "assay-problem", "assay-score", "assay-store"]),
        ("monitor", &["assay-core", "assay-model", "assay-problem", "assay-score", "assay-store"]),
        ("function", &["assay-core", "assay-job", "assay-lambda", "assay-model", "assay-report", "assay-store"]),
    ] {
        let manifest = std::fs::read_to_string(workspace().join("crates").join(folder).join("Cargo.toml"));
        let manifest = manifest.expect("a crate's manifest");
        let dependencies = manifest.split("[dev-dependencies]").next().unwrap_or_default();
        let ours = dependencies.lines().filter_map(|line| line.strip_suffix(".workspace = true"));
        let ours: Vec<&str> = ours.filter(|name| name.starts_with("assay-")).collect();
        assert_eq!(ours, allowed, "{folder}");
    }
}

#[test]
fn doors_never_import_each_other() {
    let doors = ["alarm-forwarder", "dataset-evaluator", "probe-runner", "result-parser", "cli"];
    for door in doors {
        let manifest = std::fs::read_to_string(workspace().join("crates").join(door).join("Cargo.toml"));
        let manifest = manifest.expect("a door's manifest");
        let dependencies = manifest.split("[dev-dependencies]").next().unwrap_or_default();
        let (_, dependencies) = dependencies.split_once("[dependencies]").expect("a door has dependencies");
        for other in doors.into_iter().chain(["local-stack"]).filter(|other| *other != door) {
            assert!(!dependencies.contains(other), "{door} depends on {other}");
        }
    }
}

#[test]
fn nothing_that_ships_depends_on_the_local_stack() {
    let manifest = std::fs::read_to_string(workspace().join("crates/core/Cargo.toml")).expect("the core's manifest");
    assert!(!manifest.contains("local-stack"));
}
