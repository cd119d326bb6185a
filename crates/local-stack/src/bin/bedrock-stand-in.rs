//! The Bedrock stand-in as a program of its own, for benchmarks and other processes.
//!
//! It reads its arguments and waits to be ended; everything else is the library's.

#![expect(clippy::disallowed_methods, reason = "a program for development: what it says goes straight to the terminal")]

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, ValueEnum};
use local_stack::stand_in::{
    Answers, Behaviour, Fault, FaultRule, Forwarding, Missing, Recordings, ServiceModel, StandIn, StandInOptions,
};

/// Serves Bedrock's Converse and evaluation jobs on 127.0.0.1 with settable latency and faults.
#[derive(Debug, Parser)]
#[command(name = "bedrock-stand-in", version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Time from a call's arrival to its answer, in milliseconds
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// Share of the calls that are throttled, 0 to 1
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    throttle_rate: f64,
    /// Seconds in the Retry-After header of a throttled call; without it there is no such header
    #[arg(long)]
    retry_after: Option<u64>,
    /// Seed of the throttling
    #[arg(long, default_value_t = 0, conflicts_with = "behaviour")]
    seed: u64,
    /// Behaviour in JSON, as PUT /control/behaviour takes it; --throttle-rate adds to it
    #[arg(long, value_name = "FILE")]
    behaviour: Option<PathBuf>,
    /// Dataset file with recorded answers; may be given several times
    #[arg(long, value_name = "FILE", conflicts_with = "openai_url")]
    answers: Vec<PathBuf>,
    /// What happens to a prompt without a recorded answer
    #[arg(long, value_enum, default_value = "refuse", requires = "answers")]
    unrecorded: Unrecorded,
    /// AWS's description of the runtime (service-2.json or .gz); requests are checked against it
    #[arg(long, value_name = "PATH")]
    service_model: Option<PathBuf>,
    /// AWS's description of the control plane (service-2.json or .gz); requests for evaluation jobs are checked against it
    #[arg(long, value_name = "PATH")]
    control_model: Option<PathBuf>,
    /// S3 endpoint at which evaluation jobs read datasets and write output; without it they fail
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<String>,
    /// Address of an OpenAI-compatible server that answers
    #[arg(long, value_name = "URL")]
    openai_url: Option<String>,
    /// Model to ask that server for, whatever model is called
    #[arg(long, value_name = "NAME", requires = "openai_url")]
    openai_model: Option<String>,
    /// Seconds after which that server's answer counts as a model timeout
    #[arg(long, default_value_t = 300)]
    openai_timeout: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Unrecorded {
    /// Answer 400 and say so
    Refuse,
    /// Make an answer from the prompt
    Deterministic,
}

fn share(text: &str) -> Result<f64, String> {
    let number = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("not between 0 and 1".to_owned()) }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let s3_endpoint = arguments.s3_endpoint.clone();
    let stand_in = StandIn::start(options(arguments)?)?;
    if let Some(url) = &s3_endpoint {
        stand_in.set_object_storage(url);
    }
    let mut stdout = std::io::stdout();
    writeln!(stdout, "listening on {}", stand_in.url())?;
    stdout.flush()?;
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")?;
    stand_in.stop().await;
    Ok(())
}

fn options(arguments: Arguments) -> anyhow::Result<StandInOptions> {
    let mut behaviour = match &arguments.behaviour {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the behaviour {}", path.display()))?;
            serde_json::from_str(&text).with_context(|| format!("not a behaviour: {}", path.display()))?
        }
        None => Behaviour { seed: arguments.seed, ..Behaviour::default() },
    };
    if arguments.throttle_rate > 0.0 {
        let throttle = Fault::Throttle { retry_after_seconds: arguments.retry_after };
        behaviour = behaviour.with(FaultRule::rate(arguments.throttle_rate, throttle));
    }
    let answers = if let Some(url) = &arguments.openai_url {
        let forwarding = Forwarding::new(url, Duration::from_secs(arguments.openai_timeout))?;
        Answers::Forwarded(match arguments.openai_model {
            Some(model) => forwarding.with_model(model),
            None => forwarding,
        })
    } else if arguments.answers.is_empty() {
        Answers::Deterministic
    } else {
        Answers::Recorded {
            recordings: Arc::new(Recordings::load(&arguments.answers)?),
            missing: match arguments.unrecorded {
                Unrecorded::Refuse => Missing::Refuse,
                Unrecorded::Deterministic => Missing::Deterministic,
            },
        }
    };
    let service_model = arguments.service_model.as_deref().map(ServiceModel::load).transpose()?;
    let control_model = arguments.control_model.as_deref().map(ServiceModel::load).transpose()?;
    Ok(StandInOptions {
        latency: Duration::from_millis(arguments.latency_ms),
        answers,
        behaviour,
        service_model: service_model.map(Arc::new),
        control_model: control_model.map(Arc::new),
        port: Some(arguments.port),
    })
}
