//! Evaluation jobs that Bedrock manages: what is asked of them, how they are started and watched, and what their output
//! says.
//!
//! A job ends in the same records as a run here does; scoring, summarising and telling are the core's. The AWS SDK is named
//! in `control` alone.

pub mod control;
pub mod model_identifier;
mod name;
pub mod output;
mod request;
pub mod s3_uri;

pub use name::{is_valid_name, job_name};
pub use request::{JobRequest, RequestedDataset, RequestedModel};
