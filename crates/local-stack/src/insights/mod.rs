//! A stand-in for CloudWatch Logs as far as Logs Insights goes: what queries answer is written down beforehand, since no
//! emulator understands them.
//!
//! It serves StartQuery, GetQueryResults, StopQuery, DescribeLogGroups, CreateLogGroup and PutRetentionPolicy over AWS
//! JSON 1.1 on this machine, checks every request against AWS's own service model, and writes the calls down.

mod call;
mod operations;
mod script;
mod server;
mod state;

pub use call::LogsCall;
pub use script::{LogGroup, LogsError, LogsScript, ScriptedQuery, row};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::loopback::LoopbackServer;
use serde_json::Value;

use crate::stand_in::{ServiceModel, Violation};
use state::State;

/// A running stand-in for CloudWatch Logs. It ends when it is dropped.
#[derive(Debug)]
pub struct LogsStandIn {
    server: LoopbackServer,
    state: Arc<Mutex<State>>,
}

impl LogsStandIn {
    /// Starts to serve on a free port of 127.0.0.1; when this returns, calls are answered.
    ///
    /// # Errors
    /// When a port or a thread cannot be had.
    pub fn start(script: LogsScript, service_model: Option<Arc<ServiceModel>>) -> anyhow::Result<Self> {
        let state = Arc::new(Mutex::new(State::new(script, service_model)));
        let server = LoopbackServer::start("logs-stand-in", None, server::router(Arc::clone(&state)))?;
        Ok(Self { server, state })
    }

    /// Its base address, fit for `AWS_ENDPOINT_URL_CLOUDWATCH_LOGS`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Replaces the script; queries that were started go on as they were scripted.
    pub fn set_script(&self, script: LogsScript) {
        self.state().set_script(script);
    }

    /// Everything that was asked, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<LogsCall> {
        self.state().calls.clone()
    }

    /// The bodies of all calls of one operation, oldest first.
    #[must_use]
    pub fn bodies(&self, operation: &str) -> Vec<Value> {
        let calls = self.calls().into_iter().filter(|call| call.operation == operation);
        calls.map(|call| call.body).collect()
    }

    /// In what requests broke the service's model.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        self.calls().into_iter().flat_map(|call| call.violations).collect()
    }

    /// The log groups that there are now.
    #[must_use]
    pub fn groups(&self) -> Vec<LogGroup> {
        self.state().script.groups.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
