//! Datasets: JSON Lines as a stream of samples, with every problem found on the way.
//!
//! A dataset is never held in memory: [`Dataset::open`] gives one line after the other. What is asked of a sample is
//! decided in `run`.

mod fields;
mod line;
mod lines;
mod reader;
mod sample;
mod survey;

pub use fields::kind as json_kind;
pub use line::{ParsedLine, parse_line};
pub use lines::{Line, LineReader};
pub use reader::{Dataset, DatasetReader, Entry};
pub use sample::Sample;
pub use survey::{MOST_LABELS, Survey, survey};

/// The longest line that is read, in bytes. A longer one is reported and left out: it is more than any model takes,
/// and one line must not fill the memory.
pub const LONGEST_LINE: usize = 4 * 1024 * 1024;
