//! A summary for people: a table for the terminal, Markdown for files and pull requests.
//!
//! Pure functions from a summary to text; where the text goes is left to the doors.

mod clean;
mod markdown;
mod numbers;
mod table;

pub use clean::{clean, clean_json};
pub use markdown::markdown;
pub use table::terminal;
