//! Judging answers with a model: what the judge is asked, and what its verdict means. Pure text in, pure text out.
//!
//! Asking the judge and keeping its verdicts is left to `run`; how far judges agree is told by `agreement`.

mod fence;
mod pairwise;
mod rating;

pub(crate) use pairwise::{COMPARISON_TOOL, compare_pair, comparison_schema};
pub use pairwise::{Comparison, Order, Preference, preference};
pub(crate) use rating::{Material, RATING_TOOL, rating_prompt, rating_schema};
pub use rating::{Rating, rating};

/// A question to a judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// The system prompt: who the judge is and what it has to mind.
    pub system: String,
    /// The message: the rubric, and what is judged between fences.
    pub prompt: String,
}
