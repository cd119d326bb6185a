//! The summary of a run on standard output.

use crate::arguments::Format;
use crate::error::Result;
use assay_core::summary::Summary;
use assay_report::{clean_json, terminal};
use std::io::Write;

/// Prints the summary to standard output.
pub(crate) fn print(summary: &Summary, format: Format) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match format {
        Format::Text => {
            let width = console::Term::stdout().size_checked().map_or(140, |(_, columns)| columns.clamp(80, 200));
            write!(out, "{}", terminal(summary, width))?;
        }
        Format::Json => {
            writeln!(out, "{}", clean_json(&serde_json::to_string_pretty(summary)?))?;
        }
    }
    Ok(())
}
