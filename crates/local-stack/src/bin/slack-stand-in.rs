//! The stand-in for Slack as a program of its own, for benchmarks and other processes.
//!
//! `PUT /control/rules` scripts it, `GET /control/calls` and `GET /control/messages` tell what came.

#![expect(clippy::disallowed_methods, reason = "a program for development: what it says goes straight to the terminal")]

use std::io::Write;

use anyhow::Context;
use clap::Parser;
use local_stack::slack::SlackStandIn;

/// Serves Slack's webhooks, chat.postMessage and chat.update on 127.0.0.1.
#[derive(Debug, Parser)]
#[command(name = "slack-stand-in", version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let stand_in = SlackStandIn::start(Some(Arguments::parse().port))?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "listening on {}", stand_in.url())?;
    stdout.flush()?;
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")?;
    Ok(())
}
