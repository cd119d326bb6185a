//! What every Lambda function needs, whatever it does: when an invocation ends, its log, and errors in one line.
//!
//! The tool does not link it.

mod chain;
mod deadline;
pub mod logging;

pub use chain::chain;
pub use deadline::deadline;
