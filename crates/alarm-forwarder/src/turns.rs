//! Messages to one destination go one after another, in their order; those to another do not wait for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// Whose turn it is, of each destination by its id.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// Waits for a turn, which lasts as long as what is answered. Who asks first is first.
    pub(crate) async fn wait(&self, destination: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(destination.to_owned()).or_default())
        };
        turn.lock_owned().await
    }
}
