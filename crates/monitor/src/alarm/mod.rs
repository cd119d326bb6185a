//! Alarms as values: what one watches, those that every model gets, and what becomes of those that are there. Pure.
//!
//! What scores ask for is made in [`crate::threshold`]; asking CloudWatch is left to [`crate::cloudwatch`].

mod check;
mod definition;
mod kind;
mod limits;
mod name;
mod operational;
mod reconcile;
pub(crate) mod service;
mod severity;
mod stack;

pub use check::LONGEST_DESCRIPTION;
pub use definition::{
    Alarm, Comparison, Dimension, Metric, MetricOf, MetricStat, MissingData, Query, Source, Stat, Watched,
};
pub use kind::Kind;
pub use limits::{Limits, WrongLimit};
pub(crate) use name::short;
pub use name::{models_prefix, operational_name, suite_name_of, suite_prefix, threshold_name};
pub use operational::operational;
pub use reconcile::{Changes, Existing, Moved, State, SuiteAlarms, reconcile};
pub use service::{AWS_METRICS, AwsMetric, INVOCATION_THROTTLES};
pub use severity::Severity;
pub use stack::is_of_stack;
