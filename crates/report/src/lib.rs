//! A finished run for people and for other tools: terminal, Markdown, HTML, JUnit, CSV.
//!
//! Pure functions from a summary and records to text; `publish.rs` alone writes them, `deliver.rs` is what follows every finished
//! run.

mod clean;
mod comparison;
mod counting;
mod deliver;
mod details;
mod export;
mod html;
mod junit;
mod markdown;
mod markdown_text;
mod numbers;
mod plot;
mod publish;
#[cfg(test)]
mod sample_data;
mod table;

pub use clean::{clean, clean_json};
pub use comparison::{comparison_markdown, comparison_text};
pub use deliver::{Delivery, Reports, deliver};
pub use html::{Context, ReportBuilder, suite_page};
pub use markdown::{markdown, markdown_compared};
pub use publish::{Published, ReportError, RunReports, publish};
pub use table::terminal;
