//! `cargo run -p local-stack`: the deployed stack on this machine, until Ctrl-C.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program for development: what it says goes straight to the terminal"
)]

mod advice;
mod arguments;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Parser as _;
use local_stack::stack::LocalStack;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::arguments::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        // Without the backtrace that `RUST_BACKTRACE` adds to an error that leaves `main`.
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let options = arguments.options()?;

    let stack = tokio::select! {
        stack = LocalStack::start(options) => stack?,
        asked = asked_to_end() => {
            asked?;
            bail!("ended before the stack was up");
        }
    };
    println!("{}", advice::text(&stack, arguments.first_model())?);
    stay(stack).await
}

/// Waits for Ctrl-C, and watches the emulator meanwhile.
async fn stay(mut stack: LocalStack) -> anyhow::Result<()> {
    let mut heartbeat = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            asked = asked_to_end() => {
                asked?;
                break;
            }
            _ = heartbeat.tick() => stack.check_alive()?,
        }
    }
    eprintln!("ending the stack");
    let calls = stack.stand_in().totals().calls;
    drop(stack);
    eprintln!("ended; the stand-in was called {calls} times");
    Ok(())
}

async fn asked_to_end() -> anyhow::Result<()> {
    let mut terminated = signal(SignalKind::terminate()).context("failed to listen for signals")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("failed to listen for Ctrl-C"),
        _ = terminated.recv() => Ok(()),
    }
}
