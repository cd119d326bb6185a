//! The adapter to CloudWatch: alarms, dashboards and sums of metrics. Its files alone name the service's SDK here, with those
//! of the invocation logs and the life of models.

mod alarms;
mod client;
mod convert;
mod dashboards;
mod error;
mod sums;

pub use client::CloudWatch;
pub use error::CloudWatchError;
pub use sums::{SumOf, Summed};
