//! A summary or a comparison for people: tables for the terminal, Markdown for files and pull requests.
//!
//! Pure functions from numbers to text; where the text goes is left to the doors.

mod clean;
mod comparison;
mod markdown;
mod numbers;
mod table;

pub use clean::{clean, clean_json};
pub use comparison::{comparison_markdown, comparison_text};
pub use markdown::markdown;
pub use table::terminal;
