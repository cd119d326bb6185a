//! The tool as a process.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The tool, which cargo puts beside the test programs' folder.
///
/// # Panics
/// If it is not there and cannot be built.
pub fn path() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_else(|error| panic!("no test program: {error}"));
    let folder = own.ancestors().nth(2).unwrap_or_else(|| panic!("{} lies in no folder", own.display()));
    let tool = folder.join("assay");
    if !tool.exists() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let built = Command::new(env!("CARGO")).args(["build", "-p", "assay-cli"]).current_dir(workspace).status();
        assert!(built.is_ok_and(|status| status.success()), "the tool cannot be built");
    }
    tool
}

/// Runs the tool against the deployed stack.
///
/// # Panics
/// If it cannot be started.
pub fn assay(arguments: &[&str]) -> Output {
    let mut command = Command::new(path());
    command.args(arguments).envs(crate::stack::deployed().variables());
    command.output().unwrap_or_else(|error| panic!("the tool cannot be started: {error}"))
}
