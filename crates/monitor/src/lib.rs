//! Watching models: alarms, dashboards, the life of models, invocation logs, the weekly digest.

pub mod lifecycle;
mod service_error;

pub use service_error::ServiceError;
