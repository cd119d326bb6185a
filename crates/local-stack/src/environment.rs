//! The Python environment that holds the emulator, the SAM CLI and boto3: made on first use, then found again.
//!
//! What is in it is fixed by `requirements.txt`; what it is used for is left to the emulator and the stack.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, bail};
use sha2::{Digest as _, Sha256};

use crate::places;

const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// Said whenever Python itself is what is missing.
const INSTALL_PYTHON: &str = "the local stack and its tests need Python 3.10 or newer with its venv module; install it \
    (Debian, Ubuntu: `apt-get install python3 python3-venv`; Fedora: `dnf install python3`; macOS: `brew install python3`)";

/// A virtual environment with every pinned tool in it.
#[derive(Clone, Debug)]
pub struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Finds the environment under the target folder, and makes it first where it is missing, half made or outdated.
    ///
    /// Processes that call this at the same time wait for each other; one of them does the work.
    pub async fn prepare() -> anyhow::Result<Self> {
        tokio::task::spawn_blocking(|| Self::prepare_in(&places::target().join("python")))
            .await
            .context("failed to wait for the Python environment")?
    }

    /// As [`Environment::prepare`], in a folder of one's own and without a runtime.
    pub fn prepare_in(folder: &Path) -> anyhow::Result<Self> {
        places::make_folder(folder)?;
        let lock_path = folder.join("lock");
        let lock = File::create(&lock_path).with_context(|| format!("failed to open `{}`", lock_path.display()))?;
        // Held until the end of this function; the system lets go of it too when the process dies.
        lock.lock().with_context(|| format!("failed to lock `{}`", lock_path.display()))?;

        let environment = Self { folder: folder.join("environment") };
        let stamp_path = folder.join("stamp");
        let stamp = stamp(&environment.folder);
        if fs::read_to_string(&stamp_path).is_ok_and(|found| found == stamp) && environment.runs() {
            return Ok(environment);
        }
        remove(&stamp_path)?;
        make(&environment)?;
        fs::write(&stamp_path, stamp).with_context(|| format!("failed to write `{}`", stamp_path.display()))?;
        Ok(environment)
    }

    /// The environment's interpreter.
    pub fn python(&self) -> PathBuf {
        self.tool("python")
    }

    /// The SAM command-line tool.
    pub fn sam(&self) -> PathBuf {
        self.tool("sam")
    }

    /// The AWS emulator.
    pub fn ministack(&self) -> PathBuf {
        self.tool("ministack")
    }

    /// Bedrock Runtime's service model, as the pinned botocore ships it: JSON, compressed with gzip.
    pub fn bedrock_runtime_model(&self) -> anyhow::Result<PathBuf> {
        self.service_model("bedrock-runtime")
    }

    /// The service model of Bedrock's control plane, in the same form.
    pub fn bedrock_model(&self) -> anyhow::Result<PathBuf> {
        self.service_model("bedrock")
    }

    /// The service model of CloudWatch Logs, in the same form.
    pub fn logs_model(&self) -> anyhow::Result<PathBuf> {
        self.service_model("logs")
    }

    fn service_model(&self, service: &str) -> anyhow::Result<PathBuf> {
        let library = self.folder.join("lib");
        let versions = fs::read_dir(&library).with_context(|| format!("failed to list `{}`", library.display()))?;
        for version in versions {
            let services = version?.path().join("site-packages/botocore/data").join(service);
            let Ok(dates) = fs::read_dir(&services) else { continue };
            let models = dates.flatten().flat_map(|date| {
                ["service-2.json.gz", "service-2.json"].map(|name| date.path().join(name)).into_iter()
            });
            // Folders are named by date, so the greatest is the newest.
            if let Some(newest) = models.filter(|path| path.is_file()).max() {
                return Ok(newest);
            }
        }
        bail!("no service model of {service} below `{}`; delete that folder to have it made again", library.display())
    }

    /// A command that sees neither the caller's Python settings nor a proxy between it and the loopback interface.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = clean_command(program.as_os_str());
        command.env("NO_PROXY", "127.0.0.1,localhost").env("no_proxy", "127.0.0.1,localhost");
        command.env("PYTHONUNBUFFERED", "1");
        command
    }

    fn tool(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// An upgraded or removed system Python leaves an environment whose interpreter no longer starts.
    fn runs(&self) -> bool {
        clean_command(self.python().as_os_str())
            .args(["-c", "import boto3, cbor2, ministack, samcli"])
            .output()
            .is_ok_and(|output| output.status.success())
    }
}

/// Names the requirements and the place: an environment cannot be moved.
fn stamp(folder: &Path) -> String {
    let mut hash = Sha256::new();
    hash.update(REQUIREMENTS);
    hash.update(folder.as_os_str().as_encoded_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn make(environment: &Environment) -> anyhow::Result<()> {
    check_python()?;
    let folder = &environment.folder;
    eprintln!("making the Python environment in {} (once; this takes about a minute)", folder.display());
    remove(folder)?;
    let output = run(clean_command(OsStr::new("python3")).args(["-m", "venv"]).arg(folder))?;
    if !output.status.success() {
        bail!("`python3 -m venv` failed; {INSTALL_PYTHON}; it said: {}", last_lines(&output));
    }

    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).with_context(|| format!("failed to write `{}`", requirements.display()))?;
    let install = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "-r"];
    let output = run(clean_command(environment.python().as_os_str()).args(install).arg(&requirements))?;
    if !output.status.success() {
        bail!(
            "failed to install the pinned Python packages; check the network and pip's own settings (pip.conf, \
             PIP_INDEX_URL, a proxy), then try again; pip said: {}",
            last_lines(&output)
        );
    }
    Ok(())
}

fn check_python() -> anyhow::Result<()> {
    let script = "import sys; print('%d.%d' % sys.version_info[:2]); sys.exit(sys.version_info < (3, 10))";
    match clean_command(OsStr::new("python3")).args(["-c", script]).output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let version = String::from_utf8_lossy(&output.stdout);
            match version.trim() {
                "" => bail!("`python3` does not run; {INSTALL_PYTHON}; it said: {}", last_lines(&output)),
                version => bail!("`python3` is Python {version}, which is too old; {INSTALL_PYTHON}"),
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("`python3` was not found on the PATH; {INSTALL_PYTHON}")
        }
        Err(error) => Err(error).context(format!("failed to start `python3`; {INSTALL_PYTHON}")),
    }
}

/// A command without what another Python environment may have left in ours.
fn clean_command(program: &OsStr) -> Command {
    let mut command = Command::new(program);
    for name in ["PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"] {
        command.env_remove(name);
    }
    command.env("PYTHONNOUSERSITE", "1");
    command
}

fn run(command: &mut Command) -> anyhow::Result<Output> {
    command.output().with_context(|| format!("failed to start `{}`", command.get_program().display()))
}

fn remove(path: &Path) -> anyhow::Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("failed to remove `{}`", path.display()))
        }
        _ => Ok(()),
    }
}

/// The end of what a failed command said, on one line: enough to act on, short enough to read.
pub(crate) fn last_lines(output: &Output) -> String {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    let said = String::from_utf8_lossy(&said);
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.len() {
        0 => format!("nothing ({})", output.status),
        count => lines[count.saturating_sub(6)..].join(" | "),
    }
}
