//! A summary for the terminal.

use super::clean;
use super::details::lines;
use super::numbers::{cost, latency, pass_rate, price_source, score, thousands, tokens, total_cost};
use assay_core::summary::{RunStatus, Summary, WorstSample};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The summary as text for a terminal of `width` columns. Nothing in it can steer the terminal.
pub fn terminal(summary: &Summary, width: u16) -> String {
    let mut text = String::new();
    for caveat in &summary.caveats {
        let _ = writeln!(text, "Note: {}", clean(caveat));
    }
    if !summary.models.is_empty() {
        let _ = writeln!(text, "{}", models(summary, width));
    }
    for model in &summary.models {
        if let Some(rate) = pass_rate(model) {
            let _ = writeln!(text, "{}: checks passed {rate}", clean(&model.model));
        }
        for (class, failure) in &model.failures {
            let _ = writeln!(text, "{}: {} {class}: {}", clean(&model.model), failure.count, clean(&failure.example));
        }
    }
    for line in lines(summary) {
        let _ = writeln!(text, "{}", clean(&line));
    }
    prices(summary, &mut text);
    worst(summary, &mut text);
    problems(summary, &mut text);
    match &summary.gate {
        Some(verdict) if verdict.passed => text.push_str("\nGate passed.\n"),
        Some(verdict) => {
            text.push_str("\nGate FAILED:\n");
            for reason in &verdict.reasons {
                let _ = writeln!(text, "  {}", clean(reason));
            }
        }
        None => {}
    }
    for note in summary.gate.iter().flat_map(|verdict| &verdict.notes) {
        let _ = writeln!(text, "  Note: {}", clean(note));
    }
    match summary.status {
        RunStatus::Completed => {}
        RunStatus::Failed => text.push_str("\nThe run FAILED; the problems above say why.\n"),
        RunStatus::Incomplete => text.push_str("\nThe run is INCOMPLETE: its budget is used up.\n"),
    }
    text
}

/// A row for each model and scorer; what belongs to the model as a whole stands in its first row.
fn models(summary: &Summary, width: u16) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header([
        "model",
        "score",
        "n",
        "mean",
        "95 % interval",
        "unscored",
        "failed",
        "tokens",
        "cost",
        "latency",
    ]);
    for column in [2, 3, 5, 6] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for model in &summary.models {
        let mut whole = [
            clean(&model.model).into_owned(),
            format!("{} of {}", thousands(model.failed), thousands(model.samples)),
            tokens(model),
            cost(model),
            latency(model),
        ];
        let none = ("-".to_owned(), None);
        let scores = model.scores.iter().map(|(name, score)| (name.clone(), Some(score)));
        for (name, scores) in if model.scores.is_empty() { vec![none] } else { scores.collect() } {
            let mut cell = |index: usize| whole.get_mut(index).map(std::mem::take).unwrap_or_default();
            let number = |value: Option<f64>| value.map_or("-".to_owned(), score);
            let interval = scores.and_then(|scores| scores.interval);
            table.add_row([
                cell(0),
                name,
                scores.map_or("0".to_owned(), |scores| thousands(scores.n)),
                number(scores.and_then(|scores| scores.mean)),
                interval.map_or("-".to_owned(), |found| format!("{} to {}", score(found.low), score(found.high))),
                scores.map_or("0".to_owned(), |scores| thousands(scores.unscored)),
                cell(1),
                cell(2),
                cell(3),
                cell(4),
            ]);
        }
    }
    table
}

/// The total, and where the prices behind it were read.
fn prices(summary: &Summary, text: &mut String) {
    if let Some(total) = total_cost(summary) {
        let _ = writeln!(text, "Cost: {}", clean(&total));
    }
    let sources: BTreeSet<String> = summary.models.iter().filter_map(price_source).collect();
    for source in &sources {
        let _ = writeln!(text, "Prices: {}", clean(source));
    }
}

fn worst(summary: &Summary, text: &mut String) {
    let mut all: Vec<(&str, &WorstSample)> = Vec::new();
    for model in &summary.models {
        all.extend(model.worst.iter().map(|sample| (model.model.as_str(), sample)));
    }
    if all.is_empty() {
        return;
    }
    text.push_str("\nWorst samples\n");
    for (model, sample) in all {
        let line = thousands(sample.line);
        let score = sample.score.map_or(String::new(), |value| format!(", score {}", score(value)));
        let _ = writeln!(text, "  {} (line {line}, {}{score})", clean(&sample.sample), clean(model));
        for check in &sample.failed_checks {
            let _ = writeln!(text, "    failed  {}", clean(check));
        }
        let _ = writeln!(text, "    asked   {}", clean(&sample.prompt));
        if let Some(reference) = &sample.reference {
            let _ = writeln!(text, "    wanted  {}", clean(reference));
        }
        let _ = writeln!(text, "    got     {}", clean(&sample.response));
    }
}

fn problems(summary: &Summary, text: &mut String) {
    if summary.problems.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\nProblems: {} errors, {} warnings",
        thousands(summary.problems.errors),
        thousands(summary.problems.warnings)
    );
    for problem in summary.problems.first.iter().take(20) {
        let _ = writeln!(text, "  {}", clean(&problem.to_string()));
    }
    let shown = summary.problems.first.len().min(20) as u64;
    let rest = summary.problems.errors + summary.problems.warnings - shown;
    if rest > 0 {
        let _ = writeln!(text, "  ... and {} more; `assay check` lists all", thousands(rest));
    }
}
