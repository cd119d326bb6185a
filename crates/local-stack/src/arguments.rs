//! What can be said on the command line, and what it means for the stack.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use local_stack::stack::Options;
use local_stack::stand_in::{Answers, Behaviour, Fault, FaultRule, Forwarding, Missing, Recordings, StandInOptions};

/// A webhook as Slack makes them; it leads to the stand-in, which takes every one.
const WEBHOOK: &str = "https://hooks.slack.com/services/T000/B000/local-stack";

/// A local model may have to be loaded before its first answer.
const FORWARDING_LIMIT: Duration = Duration::from_secs(300);

/// The deployed stack on this machine: AWS emulator, stand-ins for Bedrock and Slack and the real template, until Ctrl-C.
#[derive(Debug, clap::Parser)]
#[command(name = "local-stack")]
pub(crate) struct Arguments {
    /// Port of the AWS emulator on 127.0.0.1 [default: a free one].
    #[arg(long)]
    port: Option<u16>,

    /// Model asked for files without an assay.yaml; repeatable. The stand-in answers to every name.
    #[arg(long = "model", value_name = "ID", default_value = "stand-in.example-v1:0")]
    models: Vec<String>,

    /// Dataset file whose `modelResponses` the stand-in answers with; repeatable. Other prompts get made-up answers.
    #[arg(long, value_name = "FILE", conflicts_with = "openai_url")]
    answers: Vec<PathBuf>,

    /// Ask an OpenAI-compatible server (Ollama, vLLM, llama.cpp) instead, for example http://127.0.0.1:11434.
    #[arg(long, value_name = "URL")]
    openai_url: Option<String>,

    /// Model to ask that server for, whatever model was named.
    #[arg(long, value_name = "NAME", requires = "openai_url")]
    openai_model: Option<String>,

    /// Milliseconds until the stand-in answers.
    #[arg(long, value_name = "N", default_value_t = 0)]
    latency_ms: u64,

    /// Share of the calls, from 0 to 1, that the stand-in throttles.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    throttle_rate: f64,
}

impl Arguments {
    /// The stack that was asked for.
    pub(crate) fn options(&self) -> anyhow::Result<Options> {
        if !(0.0..=1.0).contains(&self.throttle_rate) {
            bail!("--throttle-rate is a share from 0 to 1: `{}`", self.throttle_rate);
        }
        let throttling = FaultRule::rate(self.throttle_rate, Fault::Throttle { retry_after_seconds: None });
        let behaviour =
            if self.throttle_rate > 0.0 { Behaviour::default().with(throttling) } else { Behaviour::default() };
        Ok(Options {
            port: self.port,
            parameters: BTreeMap::from([("ModelIds".to_owned(), self.models.join(","))]),
            slack_secret: Some(WEBHOOK.to_owned()),
            stand_in: StandInOptions {
                latency: Duration::from_millis(self.latency_ms),
                answers: self.answers()?,
                behaviour,
                ..StandInOptions::default()
            },
            ..Options::default()
        })
    }

    /// One of the models that the stack is deployed with.
    pub(crate) fn first_model(&self) -> &str {
        self.models.first().map_or("", String::as_str)
    }

    fn answers(&self) -> anyhow::Result<Answers> {
        if let Some(url) = &self.openai_url {
            let forwarding = Forwarding::new(url, FORWARDING_LIMIT)?;
            return Ok(Answers::Forwarded(match &self.openai_model {
                Some(model) => forwarding.with_model(model),
                None => forwarding,
            }));
        }
        if self.answers.is_empty() {
            return Ok(Answers::Deterministic);
        }
        let recordings = Arc::new(Recordings::load(&self.answers)?);
        Ok(Answers::Recorded { recordings, missing: Missing::Deterministic })
    }
}
