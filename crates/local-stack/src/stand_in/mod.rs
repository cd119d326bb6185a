//! A stand-in for Bedrock: it serves Converse, embeddings, guardrails, evaluation jobs, the life of models and the setting
//! for invocation logging over HTTP on this machine, with settable latency and faults, checks every request against AWS's
//! own service models and counts the calls.
//!
//! It is no model: answers are recorded, made from the prompt, or asked from a server elsewhere.
//! Deploying against it and starting it beside an emulator are left to others.

mod answer;
mod answers;
mod behaviour;
mod calls;
mod control;
mod conversation;
mod converse;
mod count_tokens;
mod embedding;
mod errors;
mod exchange;
mod faults;
mod forwarding;
mod guardrail;
mod invocation_logging;
mod jobs;
mod ledger;
mod lives;
mod recordings;
mod reply;
mod routes;
mod service_model;
mod shared;
mod timer;
mod tool_use;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::loopback::LoopbackServer;
use serde_json::Value;

pub use answers::{Answers, Missing, deterministic_answer, estimated_tokens};
pub use behaviour::{Behaviour, Cadence, Fault, FaultRule};
pub use calls::{Call, ModelTotals, Outcome, Totals, ViolatingRequest};
pub use embedding::deterministic_embedding;
pub use errors::ErrorKind;
pub use forwarding::Forwarding;
pub use jobs::{
    EvaluationJob, JobBehaviour, JobFailure, JobStatus, OutputVariant, deterministic_score, evaluation_job_rules,
};
pub use lives::{LifeStatus, ModelLife};
pub use recordings::Recordings;
pub use service_model::{ServiceModel, Violation};
pub use tool_use::deterministic_input;

use faults::FaultPlan;
use shared::Shared;

/// How a stand-in starts. The default answers at once, knows every model and checks nothing.
#[derive(Debug, Clone, Default)]
pub struct StandInOptions {
    /// Time from a call's arrival to its answer, unless the behaviour sets another.
    pub latency: Duration,
    /// Where answers come from.
    pub answers: Answers,
    /// Faults and known models to begin with.
    pub behaviour: Behaviour,
    /// The runtime's service model that requests are checked against; absent: they are not.
    pub service_model: Option<Arc<ServiceModel>>,
    /// As `service_model`, of the control plane, which serves evaluation jobs and tells of models.
    pub control_model: Option<Arc<ServiceModel>>,
    /// The port on 127.0.0.1; absent: a free one.
    pub port: Option<u16>,
}

/// A running stand-in. It ends when it is dropped, and cuts its connections then.
///
/// It runs on a thread of its own, so that a busy caller does not stretch its latency, and may be
/// started inside an asynchronous runtime or without one.
#[derive(Debug)]
pub struct StandIn {
    // The server ends before what it answers from.
    server: LoopbackServer,
    shared: Arc<Shared>,
}

impl StandIn {
    /// Starts to serve on 127.0.0.1; when this returns, calls are answered.
    ///
    /// # Errors
    /// When the port is taken or a thread cannot be had.
    pub fn start(options: StandInOptions) -> anyhow::Result<Self> {
        let shared = Arc::new(Shared::new(
            options.latency,
            options.answers,
            (options.service_model, options.control_model),
            FaultPlan::new(options.behaviour),
        ));
        let server = LoopbackServer::start("bedrock-stand-in", options.port, routes::router(Arc::clone(&shared)))?;
        Ok(Self { server, shared })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Its base address, fit for `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` and `AWS_ENDPOINT_URL_BEDROCK`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Replaces the behaviour; every rule counts from the beginning.
    pub fn set_behaviour(&self, behaviour: Behaviour) {
        *self.shared.plan() = FaultPlan::new(behaviour);
    }

    /// Replaces what models answer, from the next call on.
    pub fn set_answers(&self, answers: Answers) {
        self.shared.set_answers(answers);
    }

    /// Tells evaluation jobs the S3 endpoint at which they read datasets and write output. A job that begins before
    /// fails.
    pub fn set_object_storage(&self, url: &str) {
        self.shared.set_storage(jobs::Storage::new(url));
    }

    /// The evaluation jobs, in the order of their creation; deleted ones are left out.
    #[must_use]
    pub fn jobs(&self) -> Vec<EvaluationJob> {
        self.shared.jobs.views()
    }

    /// The setting for invocation logging as the service's API writes it (`loggingConfig`), if there is one.
    #[must_use]
    pub fn invocation_logging(&self) -> Option<Value> {
        self.shared.invocation_logging()
    }

    /// Sets it, or takes it away.
    pub fn set_invocation_logging(&self, setting: Option<Value>) {
        self.shared.set_invocation_logging(setting);
    }

    /// The calls that are kept one by one (the latest 200,000), oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.shared.ledger.latest(usize::MAX)
    }

    /// Counts over all calls.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.shared.ledger.totals()
    }

    /// The most calls that were ever under way at once.
    #[must_use]
    pub fn peak_in_flight(&self) -> u32 {
        self.totals().peak_in_flight
    }

    /// Answers beyond the first with the same model and prompt.
    #[must_use]
    pub fn repeated_answers(&self) -> u64 {
        self.totals().repeated_answers
    }

    /// The requests that broke the service's rules (the first 1,000).
    #[must_use]
    pub fn violations(&self) -> Vec<ViolatingRequest> {
        self.shared.ledger.violations()
    }

    /// The latest 64 request bodies, oldest first; those that are not JSON are left out.
    #[must_use]
    pub fn latest_requests(&self) -> Vec<Value> {
        self.shared.ledger.latest_bodies()
    }

    /// Forgets all calls, counts and violations; the behaviour stays.
    pub fn clear_calls(&self) {
        self.shared.ledger.clear();
    }

    /// Ends it and waits until the port is free.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}
