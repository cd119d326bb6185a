//! Calling models: each sample to each model, evidence about the responses, and pairs of responses to the judge.
//!
//! Whatever was paid for is written down as a record. Whether a run goes on, and what its records amount to, is left to
//! the phases below.

mod asker;
mod budget;
mod collection;
mod examine;
mod halt;
mod pairwise;
mod progress;
mod requests;
mod respondent;
mod run;
mod stop;
mod variants;

pub(crate) use budget::{SpentSoFar, unbounded, unpriced, used_up};
pub(crate) use collection::{Collected, Collection, ResumeState};
pub(crate) use pairwise::{PairsCollected, compare_pairs};
pub use progress::Progress;
pub(crate) use requests::{acceptable_answers, comparison, embedding, question, verdict};
pub(crate) use respondent::Asking;
pub(crate) use run::expected;
pub use stop::Stop;
pub(crate) use variants::wanted;
