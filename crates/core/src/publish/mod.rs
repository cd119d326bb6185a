//! What becomes of a finished run outside its folder: metrics, a notice, a line in the suite's history.
//!
//! Pages and other files for people are left to the reports.

mod announce;
mod finished;
pub mod history;
pub mod metrics;
pub mod notice;

pub use announce::{AnnounceError, Announcement, announce};
pub use finished::{Committed, Finished};
