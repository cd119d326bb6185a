//! Watching models: alarms, dashboards, the life of models, invocation logs, the weekly digest.
//!
//! What is decided is pure (`alarm`, `threshold`, `dashboard`); what talks to AWS is in files of its own (`cloudwatch`).

pub mod alarm;
pub mod cloudwatch;
pub mod dashboard;
pub mod lifecycle;
mod service_error;
pub mod threshold;

pub use service_error::ServiceError;
