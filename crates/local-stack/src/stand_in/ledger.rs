//! The ledger of calls: what was asked when, what came of it, and how many were under way at once.
//!
//! It judges nothing. It keeps small records and counts only, so that a hundred thousand calls fit.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::calls::{Call, ModelTotals, Outcome, Totals, ViolatingRequest};

/// Calls that are kept one by one; older ones live on in the counts only.
const CALLS_KEPT: usize = 200_000;
/// Characters kept of a prompt.
const PROMPT_CHARACTERS_KEPT: usize = 200;
/// Whole request bodies that are kept, the latest ones.
const BODIES_KEPT: usize = 64;
/// Violating requests that are kept, the first ones.
const VIOLATIONS_KEPT: usize = 1_000;

/// What the ledger knows of one prompt to one model.
#[derive(Debug, Clone)]
struct Asked {
    calls: u64,
    answers: u64,
    /// Answers that were begun: calls that overlap do not get the same turn.
    turns: u64,
    model: Arc<str>,
    prompt: Arc<str>,
    prompt_sha256: Arc<str>,
}

#[derive(Debug, Default)]
struct Book {
    totals: Totals,
    calls: VecDeque<Call>,
    asked: HashMap<u128, Asked>,
    bodies: VecDeque<Bytes>,
    violations: Vec<ViolatingRequest>,
    latest_metadata: Arc<BTreeMap<String, String>>,
    /// Goes up when the ledger is cleared: calls that were under way then count no more.
    edition: u64,
}

/// Where all calls are written down; clones share one book.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    started: Instant,
    book: Arc<Mutex<Book>>,
}

/// A call as it arrives.
#[derive(Debug)]
pub(crate) struct Arrival<'a> {
    pub(crate) operation: &'static str,
    pub(crate) model: &'a str,
    pub(crate) prompt: &'a str,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) body: Bytes,
    /// Whether asking twice is paid for twice.
    pub(crate) billed: bool,
    pub(crate) at: Instant,
}

/// A call that is under way. Dropped without an outcome, its caller has gone away.
#[derive(Debug)]
pub(crate) struct OpenCall {
    ledger: Ledger,
    edition: u64,
    number: u64,
    key: u128,
    model: Arc<str>,
    at: Instant,
    outcome: Outcome,
    billed: bool,
    /// Calls with the same model and prompt before this one.
    pub(crate) earlier_calls: u64,
}

impl Ledger {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), book: Arc::default() }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Counts stay sound when a thread died while it held them.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn open(&self, arrival: Arrival<'_>) -> OpenCall {
        let (prompt_digest, key) = digests(arrival.model, arrival.prompt);
        let mut book = self.book();
        let book = &mut *book;

        let asked = book.asked.entry(key).or_insert_with(|| Asked {
            calls: 0,
            answers: 0,
            turns: 0,
            model: known(&book.totals.models, arrival.model),
            prompt: start(arrival.prompt).into(),
            prompt_sha256: format!("{prompt_digest:032x}").into(),
        });
        let earlier_calls = asked.calls;
        asked.calls += 1;
        let asked = asked.clone();

        let totals = &mut book.totals;
        totals.calls += 1;
        totals.repeated_calls += u64::from(arrival.billed && earlier_calls > 0);
        totals.in_flight += 1;
        totals.peak_in_flight = totals.peak_in_flight.max(totals.in_flight);
        let model = totals.models.entry(asked.model.clone()).or_default();
        model.calls += 1;
        model.in_flight += 1;
        model.peak_in_flight = model.peak_in_flight.max(model.in_flight);

        // Evaluation traffic repeats its metadata: one copy serves a whole run.
        if *book.latest_metadata != arrival.metadata {
            book.latest_metadata = Arc::new(arrival.metadata);
        }
        let number = totals.calls;
        if !arrival.body.is_empty() {
            push_bounded(&mut book.bodies, arrival.body, BODIES_KEPT);
        }
        let call = Call {
            number,
            operation: arrival.operation,
            model: asked.model.clone(),
            prompt: asked.prompt,
            prompt_sha256: asked.prompt_sha256,
            arrived: arrival.at.saturating_duration_since(self.started),
            took: None,
            in_flight: totals.in_flight,
            outcome: Outcome::InFlight,
            metadata: Arc::clone(&book.latest_metadata),
        };
        push_bounded(&mut book.calls, call, CALLS_KEPT);
        OpenCall {
            ledger: self.clone(),
            edition: book.edition,
            number,
            key,
            model: asked.model,
            at: arrival.at,
            outcome: Outcome::Abandoned,
            billed: arrival.billed,
            earlier_calls,
        }
    }

    pub(crate) fn violating(&self, request: ViolatingRequest) {
        let mut book = self.book();
        if book.violations.len() < VIOLATIONS_KEPT {
            book.violations.push(request);
        }
    }

    /// The latest calls, oldest first, at most so many.
    pub(crate) fn latest(&self, count: usize) -> Vec<Call> {
        let book = self.book();
        let skipped = book.calls.len().saturating_sub(count);
        book.calls.iter().skip(skipped).cloned().collect()
    }

    pub(crate) fn totals(&self) -> Totals {
        self.book().totals.clone()
    }

    pub(crate) fn violations(&self) -> Vec<ViolatingRequest> {
        self.book().violations.clone()
    }

    pub(crate) fn latest_bodies(&self) -> Vec<Value> {
        let bodies = self.book().bodies.clone();
        bodies.iter().filter_map(|body| serde_json::from_slice(body).ok()).collect()
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut book = self.book();
        *book = Book { edition: book.edition + 1, ..Book::default() };
    }

    fn close(&self, call: &OpenCall) {
        let took = call.at.elapsed();
        let mut book = self.book();
        let book = &mut *book;
        if book.edition != call.edition {
            return;
        }
        book.totals.in_flight -= 1;
        *book.totals.outcomes.entry(call.outcome).or_default() += 1;
        if let Some(model) = book.totals.models.get_mut(&call.model) {
            model.in_flight -= 1;
        }
        if call.outcome == Outcome::Answered
            && call.billed
            && let Some(asked) = book.asked.get_mut(&call.key)
        {
            book.totals.repeated_answers += u64::from(asked.answers > 0);
            asked.answers += 1;
        }
        // Numbers run without gaps, so a call's place follows from the first one's.
        let first = book.calls.front().map_or(0, |first| first.number);
        let place = call.number.checked_sub(first).and_then(|place| usize::try_from(place).ok());
        if let Some(record) = place.and_then(|place| book.calls.get_mut(place)) {
            record.took = Some(took);
            record.outcome = call.outcome;
        }
    }
}

impl OpenCall {
    /// A number that stands for model and prompt together.
    pub(crate) fn fingerprint(&self) -> u64 {
        (self.key >> 64) as u64
    }

    /// The next turn, from 0, among the answers to this prompt; a refused call takes none.
    pub(crate) fn take_turn(&self) -> u64 {
        let mut book = self.ledger.book();
        let Some(asked) = book.asked.get_mut(&self.key) else {
            return 0;
        };
        asked.turns += 1;
        asked.turns - 1
    }

    pub(crate) fn end(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        self.ledger.close(self);
    }
}

/// The first 16 bytes of the SHA-256 of the prompt, and of model and prompt together.
fn digests(model: &str, prompt: &str) -> (u128, u128) {
    let first_half = |digest: &[u8]| {
        let bytes = digest.iter().take(16);
        bytes.fold(0_u128, |number, byte| (number << 8) | u128::from(*byte))
    };
    let prompt_digest = Sha256::digest(prompt);
    // The model's name ends where the digest of fixed length begins: no two pairs run together.
    let both = Sha256::new().chain_update(model).chain_update(prompt_digest).finalize();
    (first_half(&prompt_digest), first_half(&both))
}

/// The shared copy of a model's name.
fn known(models: &BTreeMap<Arc<str>, ModelTotals>, model: &str) -> Arc<str> {
    let found = models.get_key_value(model);
    found.map_or_else(|| model.into(), |(name, _)| Arc::clone(name))
}

/// As much of a prompt as is kept.
fn start(prompt: &str) -> &str {
    let end = prompt.char_indices().nth(PROMPT_CHARACTERS_KEPT);
    end.map_or(prompt, |(end, _)| &prompt[..end])
}

fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, most: usize) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(item);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::super::errors::ErrorKind;
    use super::*;

    fn open(ledger: &Ledger, model: &str, prompt: &str) -> OpenCall {
        ledger.open(Arrival {
            operation: "Converse",
            model,
            prompt,
            metadata: BTreeMap::from([("source".to_owned(), "evaluation".to_owned())]),
            body: Bytes::from_static(b"{}"),
            billed: true,
            at: Instant::now(),
        })
    }

    #[test]
    fn counts_follow_calls_that_overlap() {
        let ledger = Ledger::new();
        let first = open(&ledger, "a", "one");
        let second = open(&ledger, "b", "one");
        let third = open(&ledger, "a", "one");
        assert_eq!((second.earlier_calls, third.earlier_calls), (0, 1));
        assert_ne!(first.fingerprint(), second.fingerprint());
        first.end(Outcome::Answered);
        third.end(Outcome::Answered);
        open(&ledger, "a", "one").end(Outcome::Error(ErrorKind::Throttling));
        drop(second);

        let totals = ledger.totals();
        assert_eq!((totals.calls, totals.in_flight, totals.peak_in_flight), (4, 0, 3));
        assert_eq!((totals.repeated_calls, totals.repeated_answers), (2, 1));
        assert_eq!(totals.outcomes[&Outcome::Abandoned], 1);
        assert_eq!(totals.models["a"].peak_in_flight, 2);
        let calls = ledger.latest(2);
        assert_eq!(calls.iter().map(|call| call.number).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(calls[1].outcome.name(), "ThrottlingException");
        let next = open(&ledger, "a", "one");
        assert_eq!((next.take_turn(), next.take_turn()), (0, 1));
        assert!(Arc::ptr_eq(&calls[0].metadata, &calls[1].metadata));
    }

    #[test]
    fn clearing_forgets_calls_that_are_under_way() {
        let ledger = Ledger::new();
        let before = open(&ledger, "a", "one");
        ledger.clear();
        let after = open(&ledger, "a", "one");
        before.end(Outcome::Answered);
        assert_eq!((ledger.totals().in_flight, after.earlier_calls), (1, 0));
        after.end(Outcome::Answered);
        assert_eq!(ledger.totals().in_flight, 0);
        assert_eq!(ledger.latest(9).len(), 1);
    }

    #[test]
    fn old_calls_make_room_and_stay_counted() {
        let ledger = Ledger::new();
        let long = "x".repeat(PROMPT_CHARACTERS_KEPT + 1);
        let kept_open = open(&ledger, "a", &long);
        for _ in 0..CALLS_KEPT {
            open(&ledger, "a", &long).end(Outcome::Answered);
        }
        kept_open.end(Outcome::Answered);
        assert_eq!(ledger.latest(usize::MAX).len(), CALLS_KEPT);
        assert_eq!(ledger.totals().calls, CALLS_KEPT as u64 + 1);
        assert_eq!(ledger.latest(1)[0].prompt.len(), PROMPT_CHARACTERS_KEPT);
        assert!(ledger.latest(1)[0].took.is_some());
    }
}
