//! Metrics: aggregate named numbers, one list of their names, and where they go.
//!
//! [`MetricSink`] is the seam; behind it are CloudWatch's PutMetricData and JSON lines. Which numbers a run has is told
//! by `of_run`; how they are made is left to `run`.

mod cloudwatch;
mod json_lines;
mod names;
mod of_run;

pub use cloudwatch::{CloudWatch, dimension_value};
pub use json_lines::JsonLines;
pub use names::{MetricName, Unit};
pub use of_run::{of_job, of_run, of_stack};

use assay_problem::{Classified, ErrorClass, ErrorKind};
use async_trait::async_trait;
use jiff::Timestamp;
use serde::Serialize;

/// One number, or a distribution of numbers, under a name and dimensions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metric {
    /// The name, from the one list.
    pub name: MetricName,
    /// The unit.
    pub unit: Unit,
    /// Names and values of the dimensions, in order.
    pub dimensions: Vec<(&'static str, String)>,
    /// When it was measured.
    pub at: Timestamp,
    /// Each value and how often it came.
    pub values: Vec<(f64, f64)>,
}

/// Metrics could not be published.
#[derive(Debug, thiserror::Error)]
pub enum MetricError {
    /// CloudWatch refuses or cannot be reached.
    #[error("CloudWatch did not take the metrics: {0}")]
    CloudWatch(String),
    /// The file cannot be written.
    #[error(transparent)]
    Store(#[from] assay_store::StoreError),
}

impl Classified for MetricError {
    fn classify(&self) -> ErrorClass {
        match self {
            // Also where access is denied: the tool has always ended with 1 here.
            Self::CloudWatch(_) => ErrorKind::Transient,
            Self::Store(error) => error.kind(),
        }
        .named("NotAnnounced")
    }
}

/// Where metrics go.
#[async_trait]
pub trait MetricSink: Send + Sync {
    /// Publishes all of them. Called once for each run: publishing again would count twice.
    ///
    /// # Errors
    /// When the sink refuses or cannot be reached.
    async fn publish(&self, metrics: &[Metric]) -> Result<(), MetricError>;
}
