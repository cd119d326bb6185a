//! What each function costs before its first event, and how large its package is.
//!
//! `cargo bench -p end-to-end --bench functions` builds the functions as they are shipped, for this machine: with the link-time
//! optimisation that cargo-lambda adds, into a target folder of their own, which takes minutes. Nothing is asserted: read the
//! table beside its bars, since machines are noisy.

#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const FUNCTIONS: [&str; 4] = ["alarm-forwarder", "dataset-evaluator", "probe-runner", "result-parser"];
const STARTS: usize = 15;

fn main() -> Result<()> {
    let binaries = build()?;
    println!("\n| function | to the first poll, ms (of {STARTS} starts) | resident MB | package MB | binary MB |");
    println!("|---|---:|---:|---:|---:|");
    println!("| the bar | 15 | 15 | 6 | |");
    for function in FUNCTIONS {
        println!("{}", measure(&binaries.join(function), function)?);
    }
    Ok(())
}

/// Builds with the settings that cargo-lambda adds to the release profile; the folder of the binaries.
fn build() -> Result<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace")?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(workspace.join("target"), PathBuf::from);
    let target = workspace.join(target).join("functions");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--config", "profile.release.lto='fat'"])
        .args(["--config", "profile.release.codegen-units=1", "--config", "profile.release.panic='abort'"])
        .args(FUNCTIONS.iter().flat_map(|function| ["-p", function]))
        .env("CARGO_TARGET_DIR", &target)
        .current_dir(workspace)
        .status()?;
    if !built.success() {
        bail!("the functions could not be built");
    }
    Ok(target.join("release"))
}

fn measure(binary: &Path, name: &str) -> Result<String> {
    let (mut milliseconds, mut resident) = (Vec::new(), 0);
    for _ in 0..STARTS {
        let (took, held) = start(binary, name)?;
        milliseconds.push(took);
        resident = resident.max(held);
    }
    milliseconds.sort_by(f64::total_cmp);
    let bytes = std::fs::read(binary)?;
    Ok(format!(
        "| `{name}` | {:.1} ({:.1} to {:.1}) | {:.1} | {:.2} | {:.1} |",
        milliseconds[STARTS / 2],
        milliseconds[0],
        milliseconds[STARTS - 1],
        f64::from(resident) / 1024.0,
        packed(&bytes)? as f64 / 1e6,
        bytes.len() as f64 / 1e6,
    ))
}

/// Starts the function against a Runtime API of one listener and waits for its first request: milliseconds, and the resident
/// memory in KiB.
fn start(binary: &Path, name: &str) -> Result<(f64, u32)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let started = Instant::now();
    let mut child = Command::new(binary)
        .env("AWS_LAMBDA_RUNTIME_API", listener.local_addr()?.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "bench")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "bench")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "bench")
        .env("AWS_SECRET_ACCESS_KEY", "bench")
        .env("ASSAY_BUCKET", "bench")
        .env("ASSAY_SLACK_SECRET", "bench")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let (mut connection, _) = listener.accept()?;
    let mut request = [0; 512];
    let read = connection.read(&mut request)?;
    let took = started.elapsed().as_secs_f64() * 1000.0;
    if !String::from_utf8_lossy(&request[..read]).contains("/runtime/invocation/next") {
        bail!("{name} did not poll for its first event");
    }
    let resident = resident_kib(child.id());
    child.kill()?;
    child.wait()?;
    Ok((took, resident))
}

fn resident_kib(process: u32) -> u32 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// How many bytes the binary has as the one file of a ZIP archive, but for the archive's own hundred.
fn packed(bytes: &[u8]) -> Result<usize> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    std::io::Write::write_all(&mut encoder, bytes)?;
    Ok(encoder.finish()?.len())
}
