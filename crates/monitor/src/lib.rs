//! Watching models: alarms, dashboards, the life of models, invocation logs, the weekly digest.

pub mod invocation_logging;
pub mod lifecycle;
pub mod logs;
mod service_error;

pub use service_error::ServiceError;
