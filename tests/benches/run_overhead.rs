//! What a run costs beside the models' own time.
//!
//! `cargo bench -p end-to-end --bench run_overhead` builds the release binary, runs the tool against the Bedrock
//! stand-in over real HTTP, and prints a table. Nothing is asserted: read the ratios, since machines are noisy.

#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

use anyhow::{Context, Result, bail};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn, StandInOptions};
use nix::sys::resource::{UsageWho, getrusage};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One run to measure.
struct Case {
    name: &'static str,
    samples: u32,
    latency_ms: u64,
    concurrency: u32,
    throttled: f64,
}

const CASES: [Case; 5] = [
    Case { name: "model of 5 ms", samples: 2_000, latency_ms: 5, concurrency: 20, throttled: 0.0 },
    Case { name: "ten times as many", samples: 20_000, latency_ms: 5, concurrency: 20, throttled: 0.0 },
    Case { name: "model of 50 ms", samples: 8_000, latency_ms: 50, concurrency: 64, throttled: 0.0 },
    Case { name: "no latency at all", samples: 20_000, latency_ms: 0, concurrency: 20, throttled: 0.0 },
    Case { name: "20 % throttled", samples: 2_000, latency_ms: 5, concurrency: 20, throttled: 0.2 },
];

fn main() -> Result<()> {
    let release = build()?;
    println!("\nA run of the tool against the stand-in, all outputs written");
    println!("| case | samples | concurrency | wall s | ideal s | of ideal | CPU ms a sample | peak MB |");
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    for case in &CASES {
        println!("{}", measure(case, &release.join("assay"))?);
    }
    Ok(())
}

fn build() -> Result<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace")?;
    let built =
        Command::new(env!("CARGO")).args(["build", "--release", "-p", "assay-cli"]).current_dir(workspace).status()?;
    if !built.success() {
        bail!("the release binary could not be built");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(workspace.join("target"), PathBuf::from);
    Ok(workspace.join(target).join("release"))
}

fn measure(case: &Case, tool: &Path) -> Result<String> {
    let mut behaviour = Behaviour::default();
    if case.throttled > 0.0 {
        behaviour = behaviour.with(FaultRule::rate(case.throttled, Fault::Throttle { retry_after_seconds: None }));
    }
    let latency = Duration::from_millis(case.latency_ms);
    let stand_in = StandIn::start(StandInOptions { latency, behaviour, ..StandInOptions::default() })?;
    let folder = tempfile::tempdir()?;
    let mut lines = String::new();
    for number in 0..case.samples {
        let prompt = format!("Question {number}: what does the shop say about item {number} in the catalogue?");
        let reference = "The item can be returned within 30 days of delivery.";
        writeln!(
            lines,
            "{}",
            serde_json::json!({"prompt": prompt, "referenceResponse": reference, "category": "items"})
        )?;
    }
    std::fs::write(folder.path().join("cases.jsonl"), lines)?;
    let spec = "suite: bench\ndataset: cases.jsonl\nmodels: [{id: us.amazon.nova-lite-v1:0}]\n";
    std::fs::write(folder.path().join("assay.yaml"), spec)?;
    let before = cpu()?;
    let started = Instant::now();
    let mut child = Command::new(tool)
        .args(["run", ".", "--out", "out", "--format", "json", "--concurrency", &case.concurrency.to_string()])
        .current_dir(folder.path())
        .env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", stand_in.url())
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "bench")
        .env("AWS_SECRET_ACCESS_KEY", "bench")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut peak_kb = 0;
    let status = loop {
        peak_kb = peak_kb.max(high_water_kb(child.id()));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let wall = started.elapsed().as_secs_f64();
    if status.code() != Some(0) {
        bail!("{}: the run ended with {status}", case.name);
    }
    let cpu_ms = (cpu()? - before).as_secs_f64() * 1000.0 / f64::from(case.samples);
    let ideal = f64::from(case.samples) * latency.as_secs_f64() / f64::from(case.concurrency);
    let share = if ideal > 0.0 { format!("{:.0} %", ideal / wall * 100.0) } else { "-".to_owned() };
    Ok(format!(
        "| {} | {} | {} | {wall:.2} | {ideal:.2} | {share} | {cpu_ms:.3} | {:.1} |",
        case.name,
        case.samples,
        case.concurrency,
        f64::from(peak_kb) / 1024.0
    ))
}

/// User and system time of all children that have ended.
fn cpu() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let microseconds = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
    let all = microseconds(usage.user_time()) + microseconds(usage.system_time());
    Ok(Duration::from_micros(u64::try_from(all)?))
}

fn high_water_kb(process: u32) -> u32 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
