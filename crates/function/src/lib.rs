//! What the Lambda functions share that evaluate: which objects an event names, how a dataset becomes a run, and who is
//! notified of it.
//!
//! Which datasets are evaluated when is each function's own.

mod evaluate;
mod evaluation_error;
mod evaluator;
mod event;
mod jobs;
mod prices;
mod settings;
mod tell;

pub use assay_report::Delivery;
pub use evaluate::Evaluated;
pub use evaluation_error::{EvaluationError, store_class};
pub use evaluator::{Evaluator, holder};
pub use event::{EventError, dropped_objects};
pub use prices::stack_prices;
pub use settings::settings;
pub use tell::tell;
