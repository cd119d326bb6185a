//! What is kept of one sample and one model: evidence, preferences, how records are written and read, and which of several
//! lines about the same sample count.
//!
//! What the evidence amounts to is left to the scores and the summary.

mod answer_key;
mod calls;
mod draft;
mod evidence;
mod expected;
mod failure;
mod fold;
mod pair_tally;
mod part_writer;
mod preference;
mod record_line;
mod records;
mod sample_record;

pub use answer_key::AnswerKey;
pub(crate) use answer_key::answer_key;
pub(crate) use calls::Calls;
pub(crate) use draft::Draft;
pub use evidence::{Evaluation, RecordEvidence};
pub(crate) use evidence::{Noise, Piece, Purpose, RubricVerdict, Similarity, Toxicity, Variant, Wasted};
pub use expected::Expected;
pub(crate) use failure::Failure;
pub(crate) use fold::{Fold, Folded};
pub(crate) use pair_tally::{PairTally, Questions};
pub(crate) use part_writer::{PartWriter, write_old};
#[cfg(test)]
pub(crate) use preference::comparison_key;
pub(crate) use preference::{Comparison, Pair};
pub use records::{RecordReader, for_each_record};
pub(crate) use records::{for_each_json, for_each_line, parts, read_pairs, read_records};
#[cfg(test)]
pub(crate) use sample_record::RECORD_FORMAT;
pub use sample_record::Record;
