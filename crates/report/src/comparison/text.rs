//! A comparison for the terminal.

use super::{Words, cells, conclusion, headings, totals, value, words};
use crate::clean;
use crate::numbers::thousands;
use assay_core::compare::{ChangedSample, Comparison};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use std::fmt::Write;

/// The comparison as text for a terminal of `width` columns. Nothing in it can steer the terminal.
pub fn comparison_text(comparison: &Comparison, width: u16) -> String {
    let mut text = String::new();
    let words = words(comparison);
    for (name, side) in words.sides.into_iter().zip([&comparison.before, &comparison.after]) {
        let _ = writeln!(text, "{name:<6}  {} of {} ({})", clean(&side.model), clean(&side.run), clean(&side.suite));
    }
    for caveat in &comparison.caveats {
        let _ = writeln!(text, "Note: {}", clean(caveat));
    }
    samples((words.worse, words), comparison.regressed, &comparison.regressions, &mut text);
    samples((words.better, words), comparison.improved, &comparison.improvements, &mut text);
    if !comparison.measures.is_empty() {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        table.set_header(headings(words));
        for column in 1..8 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        for measure in &comparison.measures {
            table.add_row(cells(measure).map(|cell| clean(&cell).into_owned()));
        }
        let _ = writeln!(text, "\n{table}");
    }
    let _ = writeln!(text, "{}.\n{}", totals(comparison), clean(&conclusion(comparison)));
    text
}

fn samples((heading, words): (&str, Words), all: u64, listed: &[ChangedSample], text: &mut String) {
    if listed.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{heading}: {}", thousands(all));
    for sample in listed {
        let _ = writeln!(text, "  {} (line {})", clean(&sample.sample), thousands(sample.line));
        let _ = writeln!(text, "    asked   {}", clean(&sample.prompt));
        if let Some(reference) = &sample.reference {
            let _ = writeln!(text, "    wanted  {}", clean(reference));
        }
        for (name, side) in words.sides.into_iter().zip([&sample.before, &sample.after]) {
            let _ = writeln!(text, "    {name:<6}  {}: {}", clean(&value(sample, side)), clean(&side.response));
        }
    }
    let rest = all.saturating_sub(listed.len() as u64);
    if rest > 0 {
        let _ = writeln!(text, "  ... and {} more; --top lists more", thousands(rest));
    }
}
