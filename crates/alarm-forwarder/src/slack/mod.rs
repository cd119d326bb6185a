//! Slack: where it is, what it answers, and how often it is asked.

mod address;
mod answer;
mod call;
mod client;
mod error;

pub use address::Endpoint;
pub(crate) use address::webhook;
pub use call::{Call, Posted};
pub use client::{Said, Slack};
pub use error::SlackError;
