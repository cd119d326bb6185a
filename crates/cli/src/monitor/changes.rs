//! Alarms that are there, and what becomes of them, in print.

use crate::arguments::Format;
use crate::error::Result;
use crate::output;
use assay_monitor::alarm::{Alarm, Changes, Existing, Moved};

/// Prints alarms that are there: name, state, and whether they tell anybody.
pub(super) fn list(found: &[Existing], format: Format) -> Result<()> {
    if format == Format::Json {
        return output::json(found);
    }
    if found.is_empty() {
        output::note("no alarms");
        return Ok(());
    }
    let rows = found.iter().map(|existing| {
        let threshold = existing.alarm.as_ref().map_or("-".to_owned(), threshold);
        let tells = match &existing.alarm {
            _ if !existing.actions_enabled => "nobody: switched off",
            Some(alarm) if alarm.alarm_actions.is_empty() => "nobody: no topic",
            Some(_) => "a topic",
            None => "-",
        };
        [existing.name.clone(), existing.state.name().to_owned(), threshold, tells.to_owned()]
    });
    let table = output::table(&["alarm", "state", "threshold", "tells"], rows, output::width(200));
    Ok(output::write(&format!("{table}\n"))?)
}

/// Prints changes, those that were made (`is_done`) or would be; one line each.
pub(super) fn print(changes: &Changes, is_done: bool, format: Format) -> Result<()> {
    if format == Format::Json {
        return output::json(changes);
    }
    for alarm in &changes.added {
        output::line(format!("+ {} ({})", alarm.alarm_name, threshold(alarm)))?;
    }
    for (what, list) in
        [("loosened", &changes.loosened), ("tightened", &changes.tightened), ("changed", &changes.changed)]
    {
        for moved in list {
            output::line(format!("~ {} ({what}: {})", moved.after.alarm_name, movement(moved)))?;
        }
    }
    for existing in &changes.removed {
        output::line(format!("- {}", existing.name))?;
    }
    let changed = changes.added.len() + changes.moved().count() + changes.removed.len();
    let verb = if is_done { "put" } else { "to put" };
    output::note(format!(
        "{verb}: {} added, {} loosened, {} tightened, {} changed, {} removed; {} as they should be",
        changes.added.len(),
        changes.loosened.len(),
        changes.tightened.len(),
        changes.changed.len(),
        changes.removed.len(),
        changes.unchanged.len(),
    ));
    if changed > 0 && !is_done {
        output::note("--apply puts them");
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
