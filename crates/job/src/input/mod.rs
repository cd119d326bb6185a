//! What a managed job reads: a clean copy of a suite's dataset in parts, and beside each part the samples by which its
//! output is understood.
//!
//! A dataset is read twice, as everywhere: once to find everything that is wrong ([`survey_for_job`]), once to write
//! ([`write_parts`]). Both passes go through [`JobLines`], so what was surveyed is what is written. What the spec alone
//! makes impossible is told by the core; naming objects, and starting jobs on them, is left to others.

mod conversation;
mod findings;
mod index;
mod lines;
mod parts;
mod plain;
mod rag;
mod rules;
mod shape;
mod sources;
mod survey;

pub use index::{SampleIndex, prompt_key};
pub use lines::{AskedSample, JobInput, JobLine, JobLines};
pub use parts::{PartKeys, WrittenParts, write_parts};
pub use sources::RecordedSource;
pub use survey::{JobSurvey, survey_for_job};

/// The most prompts of one job; longer datasets are split. A conversation counts as one.
pub const MOST_PROMPTS: u64 = 1000;

/// The longest prompt, in bytes of UTF-8. The service's quota says 4 KB and does not say of what; a prompt within this
/// limit is within any reading of it but one of a thousand bytes.
pub const LONGEST_PROMPT: usize = 4096;

/// The most turns of a conversation whose answers are generated. Where nothing is generated it is one.
pub const MOST_TURNS: usize = 5;
