//! A call, what came of it, and the counts over many: the words in which the ledger is read.
//!
//! How they are kept is the ledger's business.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::errors::ErrorKind;
use super::service_model::Violation;

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Still under way.
    InFlight,
    /// 200 with an answer, plain or altered by a fault.
    Answered,
    /// 200 with a body that is no answer.
    Malformed,
    /// An error of the service.
    Error(ErrorKind),
    /// The connection was reset.
    Reset,
    /// The caller went away before the answer.
    Abandoned,
}

impl Outcome {
    /// The word for it in JSON: AWS's name of an error, else a word of ours.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InFlight => "in_flight",
            Self::Answered => "answered",
            Self::Malformed => "malformed",
            Self::Error(kind) => kind.name(),
            Self::Reset => "reset",
            Self::Abandoned => "abandoned",
        }
    }
}

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// 1 for the first call since the start (or since the ledger was cleared).
    pub number: u64,
    /// The operation, for example `Converse`.
    pub operation: &'static str,
    /// The decoded model id or ARN; of an evaluation job its ARN, or its name where it is created.
    pub model: Arc<str>,
    /// The prompt's first 200 characters.
    pub prompt: Arc<str>,
    /// SHA-256 of the whole prompt, its first 16 bytes in hexadecimal.
    pub prompt_sha256: Arc<str>,
    /// Time of arrival since the stand-in started.
    pub arrived: Duration,
    /// Time until the answer was ready; absent while the call is under way.
    pub took: Option<Duration>,
    /// Calls under way at its arrival, itself included.
    pub in_flight: u32,
    /// What came of it.
    pub outcome: Outcome,
    /// The request's `requestMetadata`.
    pub metadata: Arc<BTreeMap<String, String>>,
}

/// A request that broke the service's model, and how.
#[derive(Debug, Clone)]
pub struct ViolatingRequest {
    /// The operation.
    pub operation: &'static str,
    /// The decoded model id or ARN.
    pub model: Arc<str>,
    /// Everything that was wrong.
    pub violations: Vec<Violation>,
}

/// Counts over all calls, also those that are no longer kept one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Calls that arrived.
    pub calls: u64,
    /// Calls under way now.
    pub in_flight: u32,
    /// The most calls that were ever under way at once.
    pub peak_in_flight: u32,
    /// Calls beyond the first with the same model and prompt, whatever came of them; those about evaluation jobs ask no
    /// model and are left out.
    pub repeated_calls: u64,
    /// Answers beyond the first with the same model and prompt: paid for twice, unless repeats were
    /// wanted.
    pub repeated_answers: u64,
    /// Calls by what came of them.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// Calls by model.
    pub models: BTreeMap<Arc<str>, ModelTotals>,
}

/// Counts of one model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ModelTotals {
    /// Calls that arrived.
    pub calls: u64,
    /// Calls under way now.
    pub in_flight: u32,
    /// The most calls that were ever under way at once.
    pub peak_in_flight: u32,
}
