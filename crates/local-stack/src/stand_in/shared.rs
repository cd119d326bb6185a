//! What every request handler of one stand-in shares.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::answers::Answers;
use super::faults::{FaultPlan, mix};
use super::jobs::{JobBook, Storage};
use super::ledger::Ledger;
use super::service_model::{ServiceModel, Violation};

/// The state of one stand-in.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) latency: Duration,
    pub(crate) service_model: Option<Arc<ServiceModel>>,
    pub(crate) jobs: JobBook,
    pub(crate) ledger: Ledger,
    answers: Mutex<Arc<Answers>>,
    control_model: Option<Arc<ServiceModel>>,
    storage: Mutex<Option<Storage>>,
    invocation_logging: Mutex<Option<Value>>,
    plan: Mutex<FaultPlan>,
    requests: AtomicU64,
}

impl Shared {
    pub(crate) fn new(
        latency: Duration,
        answers: Answers,
        (service_model, control_model): (Option<Arc<ServiceModel>>, Option<Arc<ServiceModel>>),
        plan: FaultPlan,
    ) -> Self {
        Self {
            latency,
            service_model,
            jobs: JobBook::default(),
            ledger: Ledger::new(),
            answers: Mutex::new(Arc::new(answers)),
            control_model,
            storage: Mutex::new(None),
            invocation_logging: Mutex::new(None),
            plan: Mutex::new(plan),
            requests: AtomicU64::new(0),
        }
    }

    /// The behaviour in force.
    pub(crate) fn plan(&self) -> MutexGuard<'_, FaultPlan> {
        // A plan is whole at every moment, also when a thread died while it held it.
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What models answer at the moment.
    pub(crate) fn answers(&self) -> Arc<Answers> {
        Arc::clone(&self.answers.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_answers(&self, answers: Answers) {
        *self.answers.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(answers);
    }

    /// What breaks the service's own model: that of the control plane or of the runtime.
    pub(crate) fn violations(
        &self,
        operation: &str,
        is_control: bool,
        labels: &[(&str, &str)],
        body: &Value,
    ) -> Vec<Violation> {
        let service = if is_control { &self.control_model } else { &self.service_model };
        service.as_ref().map_or_else(Vec::new, |service| service.check_input(operation, labels, body))
    }

    /// Where evaluation jobs read and write, once that is known.
    pub(crate) fn storage(&self) -> Option<Storage> {
        self.storage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_storage(&self, storage: Storage) {
        *self.storage.lock().unwrap_or_else(PoisonError::into_inner) = Some(storage);
    }

    /// The account's setting for invocation logging, if it was ever set.
    pub(crate) fn invocation_logging(&self) -> Option<Value> {
        self.invocation_logging.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_invocation_logging(&self, setting: Option<Value>) {
        *self.invocation_logging.lock().unwrap_or_else(PoisonError::into_inner) = setting;
    }

    /// An id for a request, in the form that AWS gives them.
    pub(crate) fn next_request_id(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let (high, low) = (mix(number), mix(!number));
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }
}
