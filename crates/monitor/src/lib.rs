//! Watching models: alarms, dashboards, the life of models, invocation logs, the weekly digest.
pub mod digest;
