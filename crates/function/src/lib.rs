//! What the Lambda functions share: which objects an event names, when an invocation ends, how a finished run is told, and how
//! errors are worded.
//!
//! What a function does with an object is its own.

mod chain;
mod deadline;
mod event;
mod prices;
mod settings;
mod tell;

pub use chain::chain;
pub use deadline::deadline;
pub use event::{EventError, dropped_objects};
pub use prices::stack_prices;
pub use settings::settings;
pub use tell::{Telling, tell};
