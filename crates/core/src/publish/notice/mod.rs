//! What the notices of a run and of a managed job say, and sending them.
//!
//! A notice names numbers and places; prompts and responses stay in the bucket. Its format is that of `assay-notice`.

mod console;
mod cost;
mod facts;
mod job;
mod pairs;
mod regression;
mod run;
mod topic;

pub use job::JobNews;
pub use run::RunNews;
pub use topic::{NoticeError, Topic};

#[cfg(test)]
mod tests;
