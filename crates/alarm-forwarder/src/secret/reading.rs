//! What one invocation reads of the secret.

use super::{Secret, SecretError};
use crate::routes::Routes;
use std::sync::Arc;
use tokio::sync::OnceCell;
use tokio::time::Instant;

/// The secret as one invocation reads it: when it is first needed, and once more if Slack does not take what it said. However
/// many messages there are, a service that is down costs its time once.
pub(crate) struct Reading<'a> {
    secret: &'a Secret,
    until: Instant,
    first: OnceCell<Result<Arc<Routes>, SecretError>>,
    again: OnceCell<Result<Arc<Routes>, SecretError>>,
}

impl<'a> Reading<'a> {
    /// Nothing is asked yet; nothing is asked for longer than `until`.
    pub(crate) fn new(secret: &'a Secret, until: Instant) -> Self {
        Self { secret, until, first: OnceCell::new(), again: OnceCell::new() }
    }

    /// Where to post.
    ///
    /// # Errors
    /// When the secret cannot be read, or says nowhere to post to.
    pub(crate) async fn routes(&self) -> Result<&Routes, SecretError> {
        let read = self.first.get_or_init(|| self.secret.routes(self.until)).await;
        read.as_deref().map_err(Clone::clone)
    }

    /// Where to post by now, because Slack did not take what the secret said.
    ///
    /// # Errors
    /// When the secret cannot be read, or says nowhere to post to.
    pub(crate) async fn routes_again(&self) -> Result<&Routes, SecretError> {
        let asked = || {
            tracing::warn!("Slack does not take what the secret says; it is read again");
            self.secret.routes_now(self.until)
        };
        self.again.get_or_init(asked).await.as_deref().map_err(Clone::clone)
    }
}
