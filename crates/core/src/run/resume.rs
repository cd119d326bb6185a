//! What earlier deliveries of a run have written, so that nothing is requested twice, and what that has spent.

use crate::collect::{ResumeState, SpentSoFar, Stop};
use crate::record::{Comparison, Folded, for_each_json, for_each_line};
use crate::spec::{Execution, RunError};
use assay_model::pricing::Spending;
use std::sync::Arc;

/// Reads the records of the run; where it has a budget, a budget that is used up ends `stop`.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub(super) async fn resume(execution: &Execution, stop: &Stop) -> Result<ResumeState, RunError> {
    let store = &*execution.place.store;
    let mut state = ResumeState::default();
    let mut spent = SpentSoFar::default();
    state.next_part = for_each_line(store, &execution.keys, |record| {
        if execution.spec.budget.is_some() {
            spent.add(&record, &execution.prices);
        }
        for who in record.answerers() {
            if !state.answerers.contains(who) {
                state.answerers.insert(who.to_owned());
            }
        }
        let key = record.key();
        if state.finals.contains(&key) {
            return;
        }
        let is_retried = execution.retry_failed && record.failure.is_some();
        if record.is_final() && !is_retried {
            state.unfinished.forget(&key);
            state.finals.insert(key);
            return;
        }
        match state.unfinished.take(&record) {
            Folded::Piece(kept) => kept.merge(record.evidence),
            // It has everything of the pieces before it. Without evidence there is nothing to keep, and of many failed
            // questions the keys alone would fill the memory.
            Folded::Failure(..) if record.evidence.is_empty() => state.unfinished.forget(&key),
            Folded::Failure(kept, _) => *kept = record.evidence,
            Folded::Repeated | Folded::Response(_) => {}
        }
    })
    .await?;
    if let Some(budget) = execution.spec.budget {
        for_each_json(store, &execution.keys.pairwise(), |compared: Comparison| {
            spent.add_comparison(&compared, &execution.prices);
        })
        .await?;
        state.spending = Some(Arc::new(Spending::new(budget, spent.total(), stop.asking.clone())));
    }
    Ok(state)
}
