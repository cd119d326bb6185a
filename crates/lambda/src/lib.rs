//! What every Lambda function needs, whatever it does: when an invocation ends, its log, and the form of its errors.
//!
//! The tool does not link it.

mod deadline;
mod error;
pub mod logging;

pub use deadline::deadline;
pub use error::FunctionError;
