//! Holds the rules of ARCHITECTURE.md: imports go down, no files import each other in a circle, and AWS SDK crates stay in
//! their adapters.

#![allow(clippy::expect_used)]

mod crates;
mod exports;
mod floors;
mod included;
mod modules;
mod sdk;
mod sources;

use std::path::{Path, PathBuf};

/// The root of the workspace.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lie in the workspace").to_owned()
}

/// The folders of all crates.
fn crate_folders() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(workspace().join("crates")).expect("the folder of crates");
    let mut folders: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// The name of a crate's folder.
fn name(folder: &Path) -> String {
    folder.file_name().expect("a folder").to_string_lossy().into_owned()
}
