//! The AWS emulator as a child process: started on the loopback interface, known to be ours, and gone when we are.
//!
//! What is deployed into it is left to the stack.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};

use crate::environment::Environment;
use crate::places;

/// Runs in the emulator's process: what completes it, then the guard, which starts it.
const PROGRAM: &str = concat!(
    include_str!("alarms.py"),
    "\n\n",
    include_str!("moves.py"),
    "\n\n",
    include_str!("versions.py"),
    "\n\n",
    include_str!("guard.py")
);
/// An emulator that has not answered after this time hangs, even on a slow machine.
const START_LIMIT: Duration = Duration::from_secs(600);
const ATTEMPTS: usize = 5;

/// The Region of everything that is deployed into the emulator.
pub const REGION: &str = "us-east-1";

/// A running emulator. Dropping it ends the process and every function process below it.
#[derive(Debug)]
pub struct Emulator {
    child: Child,
    /// The guard ends the emulator when this closes.
    lifeline: Option<ChildStdin>,
    port: u16,
    log: PathBuf,
}

impl Emulator {
    /// Starts an emulator that keeps its state and log in `folder`, on `port` or on a free one.
    pub async fn start(environment: &Environment, folder: &Path, port: Option<u16>) -> anyhow::Result<Self> {
        places::make_folder(folder)?;
        let client = local_client()?;
        let mut attempt = 1;
        loop {
            let chosen = match port {
                Some(port) => port,
                None => free_port()?,
            };
            let mark = mark();
            let mut emulator = Self::spawn(environment, folder, chosen, &mark)?;
            match emulator.wait_until_ours(&client, &mark).await {
                Ok(()) => return Ok(emulator),
                // A free port may be taken between being found and being used.
                Err(error) if port.is_none() && attempt < ATTEMPTS => {
                    tracing::warn!("starting the emulator again on another port: {error:#}");
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The endpoint of every emulated service.
    pub fn url(&self) -> String {
        format!("http://{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// The process id, which is also its process group's.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The emulator's own log, with what the functions print.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Fails, with the end of the log, once the emulator is gone.
    pub fn check_alive(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait().context("failed to ask after the emulator")? {
            None => Ok(()),
            Some(status) => bail!(
                "the emulator on port {} ended by itself ({status}); its log `{}` ends with: {}",
                self.port,
                self.log.display(),
                log_end(&self.log)
            ),
        }
    }

    fn spawn(environment: &Environment, folder: &Path, port: u16, mark: &str) -> anyhow::Result<Self> {
        let log = folder.join("emulator.log");
        let output = File::create(&log).with_context(|| format!("failed to create `{}`", log.display()))?;
        let errors = output.try_clone().context("failed to share the emulator's log")?;
        let mut command = environment.command(&environment.python());
        // Functions inherit the emulator's variables, so it gets only these.
        command.env_clear();
        for name in ["PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        let mut child = command
            .args(["-c", PROGRAM])
            .current_dir(folder)
            .env("HOME", folder)
            .env("TMPDIR", folder)
            .env("STATE_DIR", folder.join("state"))
            .env("PYTHONUNBUFFERED", "1")
            .env("BIND_HOST", Ipv4Addr::LOCALHOST.to_string())
            .env("GATEWAY_PORT", port.to_string())
            .env("AWS_ENDPOINT_URL", format!("http://{}:{port}", Ipv4Addr::LOCALHOST))
            .env("AWS_DEFAULT_REGION", REGION)
            .env("MINISTACK_REGION", REGION)
            // The health answer repeats this, so only our child can answer with it.
            .env("MINISTACK_EDITION", mark)
            // Both listen on fixed ports, the first on every interface.
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0")
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .context("failed to start the emulator")?;
        let lifeline = child.stdin.take();
        Ok(Self { child, lifeline, port, log })
    }

    async fn wait_until_ours(&mut self, client: &reqwest::Client, mark: &str) -> anyhow::Result<()> {
        let began = Instant::now();
        let address = format!("{}/_ministack/health", self.url());
        loop {
            self.check_alive()?;
            let edition = match client.get(&address).send().await {
                Ok(response) => response.json::<serde_json::Value>().await.ok().map(|health| health["edition"].clone()),
                Err(_) => None,
            };
            if edition.is_some_and(|edition| edition == mark) {
                return Ok(());
            }
            if began.elapsed() > START_LIMIT {
                bail!(
                    "the emulator did not answer as itself on port {} within {} s; its log `{}` ends with: {}",
                    self.port,
                    START_LIMIT.as_secs(),
                    self.log.display(),
                    log_end(&self.log)
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // The guard kills the whole group as soon as its standard input ends.
        drop(self.lifeline.take());
        let limit = Instant::now() + Duration::from_secs(5);
        while Instant::now() < limit {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(10)),
                _ => return,
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that never asks a proxy for the loopback interface.
pub(crate) fn local_client() -> anyhow::Result<reqwest::Client> {
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(10))
        .build()
        .context("failed to make an HTTP client")
}

fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("failed to find a free port")?;
    Ok(listener.local_addr().context("failed to find a free port")?.port())
}

fn mark() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    format!("assay-{}-{time}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

fn log_end(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(6)..].join(" | ")
}
