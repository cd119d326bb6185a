//! Watching models: alarms, dashboards, the life of models, invocation logs, the weekly digest.
//!
//! What is decided is pure (`alarm`, `threshold`, `dashboard`, `digest`, most of `logs`, `lifecycle` and
//! `invocation_logging`); what talks to AWS is in files of its own (`cloudwatch`, `logs::insights`, `lifecycle::catalogue`,
//! `invocation_logging::control`).

pub mod alarm;
pub mod cloudwatch;
pub mod dashboard;
pub mod digest;
pub mod invocation_logging;
pub mod lifecycle;
pub mod logs;
pub mod threshold;
