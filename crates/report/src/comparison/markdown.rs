//! A comparison as Markdown.

use super::{Words, cells, conclusion, headings, totals, value, words};
use crate::markdown_text::escape;
use crate::numbers::thousands;
use assay_core::compare::{ChangedSample, Comparison};
use std::fmt::Write;

/// The comparison as GitHub-flavoured Markdown. Text of models and users cannot become markup.
pub fn comparison_markdown(comparison: &Comparison) -> String {
    let Comparison { before, after, .. } = comparison;
    let [one, other] = [&before.model, &after.model].map(|model| escape(model));
    let [first, last] = [&before.run, &after.run].map(|run| escape(run));
    let title = match comparison.is_within_run() {
        true => format!("{other} against {one} in {last}"),
        false => format!("{other} of {last} against {one} of {first}"),
    };
    let mut text = format!("## {title}\n\n**{}** {}.\n\n", escape(&conclusion(comparison)), totals(comparison));
    let words = words(comparison);
    for caveat in &comparison.caveats {
        let _ = writeln!(text, "> {}\n", escape(caveat));
    }
    samples((words.worse, words), comparison.regressed, &comparison.regressions, &mut text);
    samples((words.better, words), comparison.improved, &comparison.improvements, &mut text);
    if !comparison.measures.is_empty() {
        let headings = headings(words);
        let _ = writeln!(text, "| {} |\n|---|{}---|", headings.join(" | "), "---:|".repeat(headings.len() - 2));
        for measure in &comparison.measures {
            let _ = writeln!(text, "| {} |", cells(measure).map(|cell| escape(&cell)).join(" | "));
        }
        text.push('\n');
    }
    text
}

fn samples((heading, words): (&str, Words), all: u64, listed: &[ChangedSample], text: &mut String) {
    if listed.is_empty() {
        return;
    }
    let _ = writeln!(text, "### {heading}: {}\n", thousands(all));
    let [before, after] = words.sides;
    let _ = writeln!(text, "| sample | line | asked | wanted | {before} | {after} |\n|---|---:|---|---|---|---|");
    for sample in listed {
        let side = |side| format!("{}: {}", escape(&value(sample, side)), escape(&side.response));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            escape(&sample.sample),
            sample.line,
            escape(&sample.prompt),
            escape(sample.reference.as_deref().unwrap_or("-")),
            side(&sample.before),
            side(&sample.after)
        );
    }
    text.push('\n');
}
