//! The pipeline: [`execute`] takes one run from its claim to its summary, wherever the dataset and the records lie;
//! [`dropped`] decides what a dropped object asks for.
//!
//! Each step is a phase of its own; publishing the result is left to [`publish`](crate::publish) and the reports.

mod conclude;
pub mod dropped;
mod estimate;
mod execute;
mod prepared;
mod reopen;

pub use estimate::{Estimate, ModelEstimate, estimate};
pub use execute::{Outcome, execute};
pub use prepared::PreparedRun;
