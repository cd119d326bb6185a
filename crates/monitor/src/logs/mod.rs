//! Questions to the invocation log: slow calls, errors, tokens and cost, by model and caller, evaluation apart.
//!
//! `question` writes queries and `answer` reads rows, both pure; `insights` asks, and is the only file here that names the
//! SDK; `ask` and `overview` put them together. No query reads a prompt or an answer.

mod answer;
mod ask;
mod cost;
mod error;
mod filter;
mod insights;
mod overview;
mod question;
mod row;
mod span;

pub use answer::{ErrorCount, Latency, SlowCall, StopCount, TokenCount};
pub use ask::{
    Answered, Asking, ByTraffic, Errors, Slowness, costs_of, errors, slow, slowest, tokens, tokens_by_model,
};
pub use cost::{CallCost, CostTotal, Costs, costs};
pub use error::LogsError;
pub use filter::{Filter, Named, NamedError};
pub use insights::{Found, Insights};
pub use overview::{ModelCosts, Overview, costs_by_model, overview};
pub use question::{LARGEST_LIMIT, MOST_GROUPS, Question, Traffic};
pub use row::Row;
pub use span::{Span, SpanError};
