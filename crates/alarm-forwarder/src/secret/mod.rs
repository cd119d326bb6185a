//! The secret that says where to post: read by name, kept for five minutes, read again when Slack no longer takes it.
//!
//! What it says is [`crate::routes`]'s.

mod error;
mod name;
mod reading;
mod source;

pub use error::SecretError;
pub use name::SecretName;
pub(crate) use reading::Reading;

use crate::routes::Routes;
use assay_problem::Classified;
use aws_config::SdkConfig;
use secrecy::ExposeSecret as _;
use source::Source;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long what was read is used before the service is asked again.
const KEPT: Duration = Duration::from_secs(300);

/// The secret of a stack.
pub(crate) struct Secret {
    name: SecretName,
    source: Source,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    routes: Arc<Routes>,
    at: Instant,
}

impl Secret {
    /// The secret `name`, read with the settings of `config`. Nothing is asked yet.
    pub(crate) fn new(name: &SecretName, config: &SdkConfig) -> Self {
        Self { name: name.clone(), source: Source::new(name, config), kept: Mutex::new(None) }
    }

    /// Where to post. While the service cannot be reached, what was read before is used however old it is: posting matters
    /// more than the newest word.
    async fn routes(&self, until: Instant) -> Result<Arc<Routes>, SecretError> {
        let mut kept = self.kept.lock().await;
        if let Some(found) = kept.as_ref().filter(|found| found.at.elapsed() < KEPT) {
            return Ok(Arc::clone(&found.routes));
        }
        match (self.read(until).await, kept.as_ref()) {
            (Err(error @ SecretError::Unavailable { .. }), Some(found)) => {
                tracing::warn!(class = error.class(), error = %error, "going on with what was read of the secret before");
                Ok(Arc::clone(&found.routes))
            }
            (read, _) => Ok(Self::keep(&mut kept, read?)),
        }
    }

    /// Reads the secret now, because Slack did not take what it said.
    async fn routes_now(&self, until: Instant) -> Result<Arc<Routes>, SecretError> {
        let mut kept = self.kept.lock().await;
        let read = self.read(until).await?;
        Ok(Self::keep(&mut kept, read))
    }

    async fn read(&self, until: Instant) -> Result<Routes, SecretError> {
        let text = self.source.read(&self.name, until).await?;
        Routes::read(text.expose_secret()).map_err(|problems| SecretError::unusable(&self.name, problems))
    }

    fn keep(kept: &mut Option<Kept>, routes: Routes) -> Arc<Routes> {
        let routes = Arc::new(routes);
        *kept = Some(Kept { routes: Arc::clone(&routes), at: Instant::now() });
        routes
    }
}
