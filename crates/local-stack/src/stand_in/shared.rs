//! What every request handler of one stand-in shares.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::answers::Answers;
use super::faults::{FaultPlan, mix};
use super::ledger::Ledger;
use super::service_model::ServiceModel;
use super::timer::Timer;

/// The state of one stand-in.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) latency: Duration,
    pub(crate) answers: Answers,
    pub(crate) service_model: Option<Arc<ServiceModel>>,
    pub(crate) ledger: Ledger,
    pub(crate) timer: Timer,
    plan: Mutex<FaultPlan>,
    requests: AtomicU64,
}

impl Shared {
    pub(crate) fn new(
        latency: Duration,
        answers: Answers,
        service_model: Option<Arc<ServiceModel>>,
        plan: FaultPlan,
        timer: Timer,
    ) -> Self {
        Self {
            latency,
            answers,
            service_model,
            ledger: Ledger::new(),
            timer,
            plan: Mutex::new(plan),
            requests: AtomicU64::new(0),
        }
    }

    /// The behaviour in force.
    pub(crate) fn plan(&self) -> MutexGuard<'_, FaultPlan> {
        // A plan is whole at every moment, also when a thread died while it held it.
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
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
