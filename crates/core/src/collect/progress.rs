//! How far a run is, for whoever shows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts that grow while a run goes on. They are for the eye; the summary is made from the records.
#[derive(Debug, Default)]
pub struct Progress {
    /// Answers to collect, once it is known; 0 before.
    pub total: AtomicU64,
    /// Answers there are, also from before.
    pub answered: AtomicU64,
    /// Answers that could not be had.
    pub failed: AtomicU64,
    /// Requests that wait because of throttling or a failure, now.
    pub waiting: Arc<AtomicU64>,
    /// Tokens read and written so far, in this process.
    pub tokens: AtomicU64,
    /// Whether answers come from the dataset and no model is called: 1 if so.
    pub recorded: AtomicU64,
}

impl Progress {
    /// One count, for showing.
    pub fn read(count: &AtomicU64) -> u64 {
        count.load(Ordering::Relaxed)
    }

    pub(crate) fn add(count: &AtomicU64, more: u64) {
        count.fetch_add(more, Ordering::Relaxed);
    }
}
