//! The modules of each crate: the phases of the core in their order, and no circles of imports.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::{Import, Sources};

/// The phases of the core. A phase imports only those before it.
const PHASES: [&str; 10] =
    ["dataset", "judge", "spec", "record", "score_record", "collect", "summary", "compare", "publish", "run"];

/// Files that may import each other.
const ALLOWED: [(&str, &[&str]); 4] = [
    // What they read contains itself: a message in a message.
    ("alarm-forwarder", &["intake/envelope.rs", "intake/reading.rs"]),
    // A module and its children, which have no other reader: they use what the module says to all of them.
    (
        "local-stack",
        &[
            "stand_in/jobs/output/automated.rs",
            "stand_in/jobs/output/human.rs",
            "stand_in/jobs/output/mod.rs",
            "stand_in/jobs/output/rag.rs",
            "stand_in/jobs/output/variants.rs",
        ],
    ),
    ("monitor", &["digest/section.rs", "digest/section/call.rs"]),
    ("score", &["scorer/chrf.rs", "scorer/chrf/words.rs"]),
];

#[test]
fn phases_of_the_core_import_earlier_phases_alone() {
    let core = Sources::read(&super::workspace().join("crates/core"));
    let place = |file: &str| {
        let phase = file.split(['/', '.']).next().unwrap_or_default();
        let place = PHASES.iter().position(|known| *known == phase);
        // The version of Assay lies in the root, beside the list of phases.
        place.or((file == "lib.rs").then_some(0)).unwrap_or_else(|| panic!("`{file}` belongs to no phase"))
    };
    let imports = core.imports();
    let wrong: Vec<&Import> = imports.iter().filter(|found| place(&found.to) > place(&found.from)).collect();
    assert!(wrong.is_empty(), "imports of later phases: {wrong:#?}");
    let between = imports.iter().filter(|found| place(&found.to) < place(&found.from)).count();
    assert!(between > 100, "the search found only {between} imports between phases");
}

#[test]
fn no_files_of_a_crate_import_each_other_in_a_circle() {
    let mut circles = Vec::new();
    let mut imports = 0;
    let folders = super::crate_folders().into_iter().chain([super::workspace().join("tests")]);
    for folder in folders {
        let name = super::name(&folder);
        let found = Sources::read(&folder).imports();
        imports += found.len();
        circles.extend(circles_of(&found).into_iter().map(|circle| (name.clone(), circle)));
    }
    assert!(imports > 1000, "the search found only {imports} imports");
    let allowed: Vec<(String, Vec<&str>)> =
        ALLOWED.iter().map(|(name, files)| ((*name).to_owned(), files.to_vec())).collect();
    let circles: Vec<(String, Vec<&str>)> =
        circles.iter().map(|(name, circle)| (name.clone(), circle.iter().map(String::as_str).collect())).collect();
    assert_eq!(circles, allowed);
}

#[test]
fn a_circle_is_found_however_long_it_is() {
    let import = |from: &str, to: &str| Import { from: from.to_owned(), to: to.to_owned() };
    let imports = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "e")];
    let imports: BTreeSet<Import> = imports.into_iter().map(|(from, to)| import(from, to)).collect();
    assert_eq!(circles_of(&imports), [vec!["a", "b", "c"], vec!["e", "f"]]);
}

/// The files that reach themselves by imports, those that reach each other together.
fn circles_of(imports: &BTreeSet<Import>) -> Vec<Vec<String>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for import in imports {
        next.entry(&import.from).or_default().push(&import.to);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> = next.keys().map(|file| (*file, reach(&next, file))).collect();
    let reaches = |from: &str, to: &str| reached.get(from).is_some_and(|found| found.contains(to));
    let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
    for file in next.keys().filter(|file| reaches(file, file)) {
        let together = next.keys().filter(|other| reaches(file, other) && reaches(other, file));
        circles.insert(together.map(|file| (*file).to_owned()).collect());
    }
    circles.into_iter().collect()
}

/// What is reached from `file` in one step or more.
fn reach<'a>(next: &BTreeMap<&'a str, Vec<&'a str>>, file: &str) -> BTreeSet<&'a str> {
    let (mut seen, mut open) = (BTreeSet::new(), next.get(file).cloned().unwrap_or_default());
    while let Some(file) = open.pop() {
        if seen.insert(file) {
            open.extend(next.get(file).into_iter().flatten());
        }
    }
    seen
}
