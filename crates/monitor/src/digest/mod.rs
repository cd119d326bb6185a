//! The weekly digest: what happened in a week, in numbers, beside the week before.

mod spending;
mod suites;
mod week;

pub use spending::{Spending, SpendingByModel, Spent, add_suite};
pub use suites::{Change, Measured, SuiteWeek};
pub use week::Week;
