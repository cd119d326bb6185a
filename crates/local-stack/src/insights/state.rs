//! What the stand-in knows: its script, the queries that were started, and the calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::watch;

use super::call::LogsCall;
use super::script::{LogsError, LogsScript, ScriptedQuery};
use crate::stand_in::{ServiceModel, Violation};

#[derive(Debug)]
pub(super) struct State {
    pub(super) script: LogsScript,
    pub(super) queries: BTreeMap<String, Query>,
    pub(super) calls: Vec<LogsCall>,
    /// Changes whenever the script is replaced.
    pub(super) edition: watch::Sender<()>,
    service_model: Option<Arc<ServiceModel>>,
}

/// A query that was started.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) scripted: ScriptedQuery,
    /// How many looks at its status there were.
    pub(super) looks: usize,
    pub(super) is_stopped: bool,
}

impl State {
    pub(super) fn new(script: LogsScript, service_model: Option<Arc<ServiceModel>>) -> Self {
        let (queries, calls, edition) = (BTreeMap::new(), Vec::new(), watch::Sender::default());
        Self { script, queries, calls, edition, service_model }
    }

    /// Replaces the script, and releases the calls that are held.
    pub(super) fn set_script(&mut self, script: LogsScript) {
        self.script = script;
        self.edition.send_replace(());
    }

    /// Returns at once, or once the script is replaced where it holds the answers to this operation.
    pub(super) fn released(&self, operation: &str) -> impl Future<Output = ()> + use<> {
        let mut edition = self.edition.subscribe();
        let is_held = self.script.held.iter().any(|held| held == operation);
        async move {
            if is_held {
                // An error means that the stand-in is gone.
                let _ = edition.changed().await;
            }
        }
    }

    /// What breaks the service's model.
    pub(super) fn violations(&self, operation: &str, body: &Value) -> Vec<Violation> {
        let model = self.service_model.as_ref();
        model.map_or_else(Vec::new, |model| model.check_input(operation, &[], body))
    }

    /// In what an answer of ours breaks it.
    pub(super) fn output_violations(&self, operation: &str, body: &Value) -> Vec<Violation> {
        let model = self.service_model.as_ref();
        model.map_or_else(Vec::new, |model| model.check_output(operation, body))
    }

    /// The error that is scripted for the next call of an operation.
    pub(super) fn next_error(&mut self, operation: &str) -> Option<LogsError> {
        let errors = self.script.errors.get_mut(operation)?;
        (!errors.is_empty()).then(|| errors.remove(0))
    }

    /// Begins a query.
    pub(super) fn begin(&mut self, text: &str) -> String {
        let fits = |query: &&ScriptedQuery| {
            query.contains.iter().all(|wanted| text.contains(wanted.as_str()))
                && !query.lacks.iter().any(|unwanted| text.contains(unwanted.as_str()))
        };
        let scripted = self.script.queries.iter().find(fits).cloned().unwrap_or_default();
        let id = format!("00000000-0000-4000-8000-{:012}", self.queries.len() + 1);
        self.queries.insert(id.clone(), Query { scripted, looks: 0, is_stopped: false });
        id
    }
}
