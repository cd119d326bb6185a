//! The deployment: the real template, by the real SAM CLI, into the emulator; then the functions' pointing at the stand-in.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use tokio::process::Command;

use crate::environment::{Environment, last_lines};
use crate::places;
use crate::stack::{functions, template};

/// The stack's name, which the names of its alarms begin with.
pub const STACK_NAME: &str = "assay";
const DESCRIBE: &str = include_str!("describe.py");
const REDIRECT: &str = include_str!("redirect.py");

/// What was deployed, by the names that the template gives.
#[derive(Clone, Debug, Deserialize)]
pub struct Deployment {
    /// The stack's outputs.
    pub outputs: BTreeMap<String, String>,
    /// Function names by logical id.
    pub functions: BTreeMap<String, String>,
}

/// How tools reach the emulator: endpoint, Region and credentials that mean nothing elsewhere.
pub type Variables = BTreeMap<String, String>;

/// Builds the functions and lays the template out beside them, ready to deploy.
pub async fn lay_out(folder: &Path) -> anyhow::Result<()> {
    let root = places::workspace();
    let source = root.join("template.yaml");
    let text = std::fs::read_to_string(&source).with_context(|| format!("failed to read `{}`", source.display()))?;
    let built = functions::build(&template::packages(&text), &folder.join("functions")).await?;
    let edited = template::with_built_code(&text, &built)?;
    std::fs::write(folder.join("template.yaml"), edited).context("failed to write the copy of the template")?;
    std::fs::copy(root.join("samconfig.toml"), folder.join("samconfig.toml"))
        .context("failed to copy samconfig.toml")?;
    Ok(())
}

/// Deploys what was laid out in `folder`.
pub async fn deploy(
    environment: &Environment,
    folder: &Path,
    variables: &Variables,
    parameters: &BTreeMap<String, String>,
) -> anyhow::Result<Deployment> {
    let mut command = tool(environment, &environment.sam(), variables);
    command
        .args(["deploy", "--resolve-s3", "--no-confirm-changeset", "--no-progressbar"])
        .args(["--stack-name", STACK_NAME, "--template-file"])
        .arg(folder.join("template.yaml"))
        .arg("--parameter-overrides")
        .args(parameters.iter().map(|(name, value)| format!("{name}=\"{value}\"")))
        .current_dir(folder);
    let output = command.output().await.context("failed to start the SAM CLI")?;
    if !output.status.success() {
        bail!("failed to deploy the template with the SAM CLI: {}", last_lines(&output));
    }
    let described = python(environment, variables, DESCRIBE, &[STACK_NAME]).await?;
    serde_json::from_str(&described).context("failed to read the description of the deployed stack")
}

/// Adds variables to deployed functions through Lambda's own API; what the template set stays.
///
/// `added` is asked for each function, by its logical id.
pub async fn add_function_variables(
    environment: &Environment,
    variables: &Variables,
    deployment: &Deployment,
    added: impl Fn(&str) -> Variables,
) -> anyhow::Result<()> {
    let by_name: BTreeMap<&String, Variables> =
        deployment.functions.iter().map(|(logical_id, name)| (name, added(logical_id))).collect();
    let by_name = serde_json::to_string(&by_name).context("failed to write the functions' variables")?;
    python(environment, variables, REDIRECT, &[&by_name]).await.map(drop)
}

/// Runs a Python script with boto3 at hand and gives back what it printed.
pub async fn python(
    environment: &Environment,
    variables: &Variables,
    script: &str,
    arguments: &[&str],
) -> anyhow::Result<String> {
    let mut command = tool(environment, &environment.python(), variables);
    let output = command.args(["-c", script]).args(arguments).output().await.context("failed to start Python")?;
    if !output.status.success() {
        bail!("a Python script failed: {}", last_lines(&output));
    }
    String::from_utf8(output.stdout).context("a Python script printed something that is not UTF-8")
}

/// A tool that sees the emulator's variables and none of the user's own AWS settings.
fn tool(environment: &Environment, program: &Path, variables: &Variables) -> Command {
    let mut command = environment.command(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command.envs(variables);
    let mut command = Command::from(command);
    // Whoever stops waiting for it wants it no more.
    command.kill_on_drop(true);
    command
}
