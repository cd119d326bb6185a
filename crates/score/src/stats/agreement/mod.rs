//! How far raters agree beyond chance: people with people, and a judge with people.
//!
//! 1 is full agreement, 0 what chance would give, below 0 less than that.

mod cohen;
mod fleiss;
mod krippendorff;

pub use cohen::{Weights, cohen_kappa};
pub use fleiss::{fleiss_kappa, randolph_kappa};
pub use krippendorff::{Level, krippendorff_alpha};
