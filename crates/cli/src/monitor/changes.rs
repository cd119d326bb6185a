//! Alarms that are there, and what becomes of them, in print.

use crate::arguments::Format;
use crate::error::Result;
use assay_monitor::alarm::{Alarm, Changes, Existing, Moved};
use assay_report::{clean, clean_json};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use std::io::Write;

/// Prints alarms that are there: name, state, and whether they tell anybody.
pub(super) fn list(found: &[Existing], format: Format) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if format == Format::Json {
        writeln!(out, "{}", clean_json(&serde_json::to_string_pretty(found)?))?;
        return Ok(());
    }
    if found.is_empty() {
        eprintln!("no alarms");
        return Ok(());
    }
    let width = console::Term::stdout().size_checked().map_or(140, |(_, columns)| columns.clamp(80, 200));
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(["alarm", "state", "threshold", "tells"]);
    for existing in found {
        let threshold = existing.alarm.as_ref().map_or("-".to_owned(), threshold);
        let tells = match &existing.alarm {
            _ if !existing.actions_enabled => "nobody: switched off",
            Some(alarm) if alarm.alarm_actions.is_empty() => "nobody: no topic",
            Some(_) => "a topic",
            None => "-",
        };
        let cells = [existing.name.as_str(), existing.state.name(), &threshold, tells];
        table.add_row(cells.map(|cell| clean(cell).into_owned()));
    }
    writeln!(out, "{table}")?;
    Ok(())
}

/// Prints changes, those that were made (`is_done`) or would be; one line each.
pub(super) fn print(changes: &Changes, is_done: bool, format: Format) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if format == Format::Json {
        writeln!(out, "{}", clean_json(&serde_json::to_string_pretty(changes)?))?;
        return Ok(());
    }
    for alarm in &changes.added {
        writeln!(out, "{}", clean(&format!("+ {} ({})", alarm.alarm_name, threshold(alarm))))?;
    }
    for (what, list) in
        [("loosened", &changes.loosened), ("tightened", &changes.tightened), ("changed", &changes.changed)]
    {
        for moved in list {
            writeln!(out, "{}", clean(&format!("~ {} ({what}: {})", moved.after.alarm_name, movement(moved))))?;
        }
    }
    for existing in &changes.removed {
        writeln!(out, "{}", clean(&format!("- {}", existing.name)))?;
    }
    let changed = changes.added.len() + changes.moved().count() + changes.removed.len();
    let verb = if is_done { "put" } else { "to put" };
    eprintln!(
        "{verb}: {} added, {} loosened, {} tightened, {} changed, {} removed; {} as they should be",
        changes.added.len(),
        changes.loosened.len(),
        changes.tightened.len(),
        changes.changed.len(),
        changes.removed.len(),
        changes.unchanged.len(),
    );
    if changed > 0 && !is_done {
        eprintln!("--apply puts them");
    }
    Ok(())
}

fn movement(moved: &Moved) -> String {
    let after = threshold(&moved.after);
    match &moved.before.alarm {
        Some(before) if threshold(before) != after => format!("{} to {after}", threshold(before)),
        Some(_) => "another definition or other words".to_owned(),
        None => "it was not put by this tool".to_owned(),
    }
}

/// The condition: `< 0.8`.
fn threshold(alarm: &Alarm) -> String {
    let sign = if alarm.comparison_operator.is_lower_bound() { "<" } else { ">" };
    format!("{sign} {}", alarm.threshold)
}
