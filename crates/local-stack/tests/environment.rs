//! What a user without the right Python is told: one clear error that says what to install.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

/// Runs the program as a user would, with only `path` to find programs on and nothing made yet.
fn run_with_path(path: &Path, target: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_local-stack")).env("PATH", path).env("CARGO_TARGET_DIR", target).output().unwrap()
}

fn put_python(folder: &Path, script: &str) {
    let python = folder.join("python3");
    fs::write(&python, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
}

fn assert_refused(output: &Output, expected: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for text in expected {
        assert!(said.contains(text), "`{text}` is missing in: {said}");
    }
    assert_eq!(said.matches("Error:").count(), 1, "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn without_python_it_says_what_to_install() {
    let (path, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let output = run_with_path(path.path(), target.path());
    assert_refused(&output, &["`python3` was not found", "apt-get install python3 python3-venv", "3.10"]);
}

#[test]
fn without_the_venv_module_it_says_what_to_install() {
    let (path, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // As Debian's python3 without python3-venv.
    put_python(
        path.path(),
        r#"case "$1$2" in -mvenv) echo "ensurepip is not available" >&2; exit 1;; *) echo 3.11;; esac"#,
    );
    let output = run_with_path(path.path(), target.path());
    let expected = ["`python3 -m venv` failed", "apt-get install python3 python3-venv", "ensurepip is not available"];
    assert_refused(&output, &expected);
    assert!(!target.path().join("python/stamp").exists(), "a failed attempt must not look finished");
}

#[test]
fn an_old_python_is_named() {
    let (path, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    put_python(path.path(), "echo 3.8; exit 1");
    let output = run_with_path(path.path(), target.path());
    assert_refused(&output, &["`python3` is Python 3.8, which is too old", "3.10"]);
}

#[test]
fn a_failed_installation_says_where_to_look() {
    let (path, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // Makes an environment whose pip fails.
    put_python(
        path.path(),
        r#"case "$1$2" in
-mvenv) /bin/mkdir -p "$3/bin"
printf '#!/bin/sh\necho "no matching distribution" >&2\nexit 1\n' > "$3/bin/python"
/bin/chmod +x "$3/bin/python";;
*) echo 3.11;;
esac"#,
    );
    let output = run_with_path(path.path(), target.path());
    assert_refused(&output, &["failed to install the pinned Python packages", "no matching distribution", "network"]);
}
