//! What the Lambda functions share: which objects an event names, when an invocation ends, how a dataset becomes a run that is
//! told, and how errors are worded.
//!
//! Which datasets are evaluated when is each function's own.

mod chain;
mod deadline;
mod evaluation_error;
mod evaluator;
mod event;
mod jobs;
mod prices;
mod settings;
mod tell;

pub use chain::chain;
pub use deadline::deadline;
pub use evaluation_error::{EvaluationError, store_class};
pub use evaluator::{Evaluated, Evaluator, holder};
pub use event::{EventError, dropped_objects};
pub use prices::stack_prices;
pub use settings::settings;
pub use tell::{Telling, tell};
