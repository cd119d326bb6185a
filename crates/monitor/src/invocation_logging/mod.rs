//! Whether Bedrock logs invocations, where to, and turning it on: one setting for each account and Region.
//!
//! `setting` is plain values and words, `plan` decides what may be changed, both pure; `control` is the only file here that
//! names the SDKs. Prompts and answers are in these logs in clear, so nothing is turned on unless somebody asks for it.

mod control;
mod plan;
mod role;
mod setting;

pub use control::{Enabled, InvocationLogging};
pub use plan::{EnableError, RETENTIONS, Wanted};
pub use role::{role_permissions, role_trust};
pub use setting::{Delivered, Logging, LoggingSetting, Retention};
