//! Models: who is asked, what they are asked, and what they answer.
//!
//! [`Model`] is the seam; behind it are Bedrock's Converse, embeddings models, the two kinds of guardrail, and
//! [`Paced`], which wraps any of them and decides how fast it is asked and what is asked again. Recorded answers need
//! no call and are taken by `run` as they are.

mod client;
mod converse;
mod embedding;
mod error;
mod guardrail;
mod guardrail_checks;
mod pace;
mod paced;
pub mod pricing;
mod request;
mod service_error;
mod token_counter;

pub use client::{bedrock, bedrock_client};
pub use converse::Converse;
pub use embedding::{EmbeddingFamily, KNOWN_EMBEDDINGS};
pub use error::{FailureClass, ModelError};
pub use guardrail_checks::GUARDRAIL_CHECKS;
pub use pace::Pace;
pub use paced::{Paced, Patience};
pub use request::{Inference, Request, Response, Structured, Tool, Usage, is_default};
pub use token_counter::TokenCounter;

use assay_score::ToxicityCategory;
use async_trait::async_trait;
use futures::future::BoxFuture;
use std::sync::Arc;

/// Something that answers prompts.
#[async_trait]
pub trait Model: Send + Sync {
    /// The model id, inference profile id or ARN that is asked; of a guardrail, its id.
    fn id(&self) -> &str;

    /// Asks once.
    ///
    /// # Errors
    /// By what can be done about it; see [`ModelError`].
    async fn respond(&self, request: &Request) -> Result<Response, ModelError>;
}

/// By which operation something is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backend {
    /// A model that answers in words: Converse.
    Converse,
    /// A model that answers with a vector: InvokeModel.
    Embedding {
        /// How long the vector is to be; left out, as the model likes.
        dimensions: Option<u32>,
    },
    /// How harmful a text is, without a guardrail of one's own: InvokeGuardrailChecks. The id means nothing there.
    GuardrailChecks {
        /// What to look for.
        categories: Vec<ToxicityCategory>,
    },
    /// How harmful a text is, by the guardrail of the id: ApplyGuardrail.
    Guardrail {
        /// The guardrail's version, or `DRAFT`.
        version: String,
    },
}

/// Makes what is asked from backend and id, when it is first asked. An error's text says why it cannot be made.
pub type Models = Arc<dyn Fn(Backend, String) -> BoxFuture<'static, Result<Arc<dyn Model>, String>> + Send + Sync>;
