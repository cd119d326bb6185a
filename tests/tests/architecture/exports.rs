//! What the core exports is used by another crate: everything else is its own affair.

use super::sources::{Sources, rust_files};

/// Names that other crates meet only as the type of a field or a result, or that documentation links to.
const MET_ONLY: [&str; 0] = [];

#[test]
fn the_core_exports_what_other_crates_name() {
    let exported = Sources::read(&super::workspace().join("crates/core")).exported();
    let folders = super::crate_folders().into_iter().filter(|folder| super::name(folder) != "core");
    let folders: Vec<_> =
        folders.chain([super::workspace().join("tests"), super::workspace().join("crates/core/tests")]).collect();
    let files = folders.iter().flat_map(|folder| rust_files(folder));
    let elsewhere: String = files.map(|file| std::fs::read_to_string(file).expect("a source file")).collect();
    let words: std::collections::BTreeSet<&str> = elsewhere.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    assert!(exported.len() > 100, "the search found only {}", exported.len());
    let unused: Vec<&String> =
        exported.iter().filter(|name| !words.contains(name.as_str()) && !MET_ONLY.contains(&name.as_str())).collect();
    assert!(unused.is_empty(), "exported by the core and named nowhere else: {unused:?}");
}
