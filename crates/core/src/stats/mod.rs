//! Statistics of scores: distributions, means and how sure one can be of them.
//!
//! Comparing two runs is left to the floors above. All functions are pure; where there is no meaningful number the
//! result is `None`, never zero.

mod distribution;
mod interval;
mod scale;

pub use distribution::{Distribution, NotFinite};
pub use interval::{Interval, Method, interval, mean_interval, wilson};
pub use scale::Scale;
