//! A comparison as Markdown.

use super::{HEADINGS, cells, conclusion, totals, value};
use crate::markdown::escape;
use crate::numbers::thousands;
use assay_core::compare::{ChangedSample, Comparison};
use std::fmt::Write;

/// The comparison as GitHub-flavoured Markdown. Text of models and users cannot become markup.
pub fn comparison_markdown(comparison: &Comparison) -> String {
    let Comparison { before, after, .. } = comparison;
    let mut text = format!(
        "## {} of {} against {} of {}\n\n**{}** {}.\n\n",
        escape(&after.model),
        escape(&after.run),
        escape(&before.model),
        escape(&before.run),
        escape(&conclusion(comparison)),
        totals(comparison)
    );
    for caveat in &comparison.caveats {
        let _ = writeln!(text, "> {}\n", escape(caveat));
    }
    samples("Got worse", comparison.regressed, &comparison.regressions, &mut text);
    samples("Got better", comparison.improved, &comparison.improvements, &mut text);
    if !comparison.measures.is_empty() {
        let _ = writeln!(text, "| {} |\n|---|{}---|", HEADINGS.join(" | "), "---:|".repeat(HEADINGS.len() - 2));
        for measure in &comparison.measures {
            let _ = writeln!(text, "| {} |", cells(measure).map(|cell| escape(&cell)).join(" | "));
        }
        text.push('\n');
    }
    text
}

fn samples(heading: &str, all: u64, listed: &[ChangedSample], text: &mut String) {
    if listed.is_empty() {
        return;
    }
    let _ = writeln!(text, "### {heading}: {}\n", thousands(all));
    text.push_str("| sample | line | asked | wanted | before | after |\n|---|---:|---|---|---|---|\n");
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
