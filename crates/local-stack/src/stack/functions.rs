//! The functions' binaries: built with plain cargo for this machine and laid out as Lambda wants them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};
use tokio::process::Command;

use crate::places;

/// What is built. Cargo unifies features over what is built together: this selection, with a test among it, gets the
/// features of `cargo test --workspace`, so that nothing is compiled a second time before or after the tests.
const SELECTION: [&str; 4] = ["--workspace", "--bins", "--test", "places"];

/// Builds each package's binary and puts it as `bootstrap` into a folder of its own below `folder`.
pub async fn build(packages: &[String], folder: &Path) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let executables = executables().await?;
    let mut folders = BTreeMap::new();
    for package in packages {
        let executable = executables.get(package).with_context(|| {
            format!("cargo built no binary `{package}`; a function's binary has to be named as its package")
        })?;
        let home = folder.join(package);
        places::make_folder(&home)?;
        stage(executable, &home.join("bootstrap")).await?;
        folders.insert(package.clone(), home);
    }
    Ok(folders)
}

/// Runs cargo and reads from its messages where it put the binaries.
async fn executables() -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.arg("build").args(SELECTION).arg("--message-format=json-render-diagnostics");
    command.current_dir(places::workspace());
    // Progress and compiler errors go straight to the user; `output` alone would capture them too.
    command.stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true);
    let building = command.spawn().context("failed to start cargo")?;
    let output = building.wait_with_output().await.context("failed to wait for cargo")?;
    if !output.status.success() {
        bail!("failed to build the functions with cargo ({}); its messages are above", output.status);
    }
    let messages = String::from_utf8(output.stdout).context("failed to read cargo's messages")?;
    Ok(messages.lines().filter_map(executable).collect())
}

/// The name and place of a binary, if this message of cargo's tells of one; test harnesses are left out.
fn executable(message: &str) -> Option<(String, PathBuf)> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let is_binary = message["target"]["kind"].as_array()?.iter().any(|kind| kind == "bin");
    if !is_binary || message["profile"]["test"] == true {
        return None;
    }
    Some((message["target"]["name"].as_str()?.to_owned(), message["executable"].as_str()?.into()))
}

/// Copies without debug symbols, which are most of a development build; without `strip` it is merely larger.
async fn stage(executable: &Path, bootstrap: &Path) -> anyhow::Result<()> {
    let stripped = Command::new("strip").arg("-o").arg(bootstrap).arg(executable).output().await;
    if stripped.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    std::fs::copy(executable, bootstrap)
        .with_context(|| format!("failed to copy `{}` to `{}`", executable.display(), bootstrap.display()))?;
    Ok(())
}
