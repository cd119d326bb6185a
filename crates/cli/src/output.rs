//! What the tool writes: data to standard output, everything else to standard error. No other module writes to either;
//! what is written is left to the commands.
//!
//! Texts of models and users are cleaned here, so that nothing in them can steer a terminal.

mod file;
mod progress;
mod table;

pub(crate) use file::{open, unwritten};
pub(crate) use progress::show as show_progress;
pub(crate) use table::table;

use crate::arguments::Format;
use crate::error::Result;
use assay_core::summary::Summary;
use assay_report::{clean, clean_json, terminal};
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, Write};

/// Writes `document` to standard output: as JSON, or as the text that `text` makes of it, which is clean already.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn print<T: Serialize + ?Sized>(document: &T, format: Format, text: impl FnOnce() -> String) -> Result<()> {
    match format {
        Format::Json => json(document),
        Format::Text => Ok(write(&text())?),
    }
}

/// Writes the summary of a run to standard output.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn summary(summary: &Summary, format: Format) -> Result<()> {
    print(summary, format, || terminal(summary, width(200)))
}

/// Writes `document` as JSON to standard output.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn json<T: Serialize + ?Sized>(document: &T) -> Result<()> {
    Ok(json_text(&format!("{}\n", serde_json::to_string_pretty(document)?))?)
}

/// Writes `text`, a part of a JSON document, to standard output.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn json_text(text: &str) -> io::Result<()> {
    write(&clean_json(text))
}

/// Writes `text` as one line to standard output.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn line(text: impl Display) -> io::Result<()> {
    write(&format!("{}\n", clean(&text.to_string())))
}

/// Writes `text`, which is clean already, to standard output as it is.
///
/// # Errors
/// When standard output cannot be written.
#[expect(clippy::disallowed_methods, reason = "the one place that writes to standard output")]
pub(crate) fn write(text: &str) -> io::Result<()> {
    io::stdout().write_all(text.as_bytes())
}

/// Writes `text` as one line to standard error.
#[expect(clippy::print_stderr, reason = "the one place that writes to standard error")]
pub(crate) fn note(text: impl Display) {
    eprintln!("{}", clean(&text.to_string()));
}

/// Writes each line of `text` to standard error.
pub(crate) fn notes(text: &str) {
    text.lines().for_each(note);
}

/// Where the log goes: standard error.
#[expect(clippy::disallowed_methods, reason = "the log goes to standard error too")]
pub(crate) fn log() -> impl Write {
    io::stderr()
}

/// The columns of the terminal that standard output is, between 80 and `most`; 140 where it is none.
#[expect(clippy::disallowed_methods, reason = "the one place that looks at the terminal")]
pub(crate) fn width(most: u16) -> u16 {
    console::Term::stdout().size_checked().map_or(140, |(_, columns)| columns.clamp(80, most))
}
