//! Models: who is asked, what they are asked, and what they answer.
//!
//! [`Model`] is the seam; behind it are Bedrock's Converse, and [`Paced`], which wraps any model and decides how fast it
//! is asked and what is asked again. Recorded answers need no call and are taken by `run` as they are.

mod converse;
mod error;
mod pace;
mod paced;
mod request;

pub use converse::{Converse, TokenCounter, bedrock, bedrock_client};
pub use error::{FailureClass, ModelError};
pub use pace::Pace;
pub use paced::{Paced, Patience};
pub use request::{Inference, Request, Response, Usage};

use async_trait::async_trait;
use futures::future::BoxFuture;
use std::sync::Arc;

/// Something that answers prompts.
#[async_trait]
pub trait Model: Send + Sync {
    /// The model id, inference profile id or ARN that is asked.
    fn id(&self) -> &str;

    /// Asks once.
    ///
    /// # Errors
    /// By what can be done about it; see [`ModelError`].
    async fn respond(&self, request: &Request) -> Result<Response, ModelError>;
}

/// Makes a model from its id, when it is first asked. An error's text says why it cannot be made.
pub type Models = Arc<dyn Fn(String) -> BoxFuture<'static, Result<Arc<dyn Model>, String>> + Send + Sync>;
