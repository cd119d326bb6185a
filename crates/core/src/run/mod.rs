//! The pipeline: [`execute`] takes one run from its claim to its summary, wherever the dataset and the records lie;
//! [`dropped`] decides what a dropped object asks for.
//!
//! Each step is a phase of its own; publishing the result is left to [`publish`](crate::publish) and the reports.

mod caveats;
mod claim;
mod collect;
mod commit;
mod conclude;
pub mod dropped;
mod estimate;
mod evaluate_gate;
mod execute;
mod prepared;
mod resume;
mod summarise;
mod survey;

pub use caveats::{baseline_caveats, missing_caveats};
pub use commit::{commit, committed_summary, recommit};
pub use estimate::{Estimate, ModelEstimate, estimate};
pub use evaluate_gate::{Evaluated, evaluate_gate};
pub use execute::{Outcome, execute};
pub use prepared::PreparedRun;
pub use summarise::{RunNumbers, SummaryInput, summarise};
