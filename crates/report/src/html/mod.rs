//! Pages: the report of a run and the index of a suite. One file each, that loads nothing and trusts nothing.
//!
//! Templates escape whatever is put into them; the style sheet and the script are the project's own, and the page's
//! Content-Security-Policy allows these two alone, by their digests.

mod categories;
mod comparison;
mod drifts;
mod figures;
mod kept;
mod models;
mod policy;
mod report;
mod samples;
mod suite;
#[cfg(test)]
mod tests;
mod trends;
mod verdict;

pub use report::{Context, ReportBuilder};
pub use suite::suite_page;

use crate::clean::readable;
use assay_problem::clip;
use assay_score::{Direction, Measure};

/// What the page's `<style>` holds.
const STYLE: &str = include_str!("../../templates/style.css");
/// What the page's `<script>` holds.
const SCRIPT: &str = include_str!("../../templates/script.js");

/// A plot with its caption.
#[derive(Debug)]
struct Figure {
    caption: String,
    /// SVG that a template made, which escaped what it was given.
    svg: String,
}

/// A name in a legend, with the mark that stands for it.
#[derive(Debug)]
struct Key {
    class: usize,
    shape: String,
    name: String,
}

/// At most `longest` characters of a text of a model or user, fit to be shown. Only these are copied.
fn excerpt(text: &str, longest: usize) -> String {
    let head: String = text.chars().take(longest + 1).collect();
    clip(readable(&head).into_owned(), longest)
}

/// The range of a measure's values, where it has ends.
fn scale_of(name: &str) -> Option<(f64, f64)> {
    let scale = name.parse::<Measure>().ok()?.scale();
    (scale.low().is_finite() && scale.high().is_finite()).then(|| (scale.low(), scale.high()))
}

/// Which way is better, in words.
fn direction_of(name: &str) -> &'static str {
    match name.parse::<Measure>().map(|measure| measure.direction()) {
        Ok(Direction::HigherIsBetter) => "higher is better",
        Ok(Direction::LowerIsBetter) => "lower is better",
        _ => "",
    }
}

/// The text of a template. It is written to memory, which does not fail.
fn rendered(template: &impl askama::Template) -> String {
    template.render().unwrap_or_default()
}
