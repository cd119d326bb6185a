//! `assay job list`, and the table of jobs.

use super::context::{place, state};
use crate::arguments::{Format, ListJobs};
use crate::error::Result;
use crate::exit::Exit;
use crate::output;
use assay_job::{JobNote, JobState, LedgerError, job_of_note, list_notes, read_note};
use assay_store::Place;
use comfy_table::{CellAlignment, ColumnConstraint, Table};
use futures::StreamExt;
use jiff::Timestamp;
use std::collections::HashMap;

/// So many notes are read at a time.
const AT_A_TIME: usize = 16;
/// From this width on the table tells models.
const WIDE: u16 = 110;

/// Lists the jobs that are noted, the newest last. Those whose output goes elsewhere are none of ours.
pub(super) async fn list(arguments: ListJobs) -> Result<Exit> {
    let place = place(&arguments.place).await?;
    let (mut notes, unreadable) = notes(&place).await?;
    unreadable.iter().for_each(|reason| output::note(format!("error: {reason}")));
    notes.retain(|note| {
        arguments.suite.as_ref().is_none_or(|suite| note.suite == *suite) && !(arguments.open && note.settled)
    });
    print(&notes, arguments.format)?;
    Ok(if unreadable.is_empty() { Exit::Done } else { Exit::Usage })
}

/// Every job that is noted, run by run; and why notes cannot be read.
pub(super) async fn notes(place: &Place) -> Result<(Vec<JobNote>, Vec<String>)> {
    let found = list_notes(place).await?;
    let names = found.iter().filter_map(|meta| job_of_note(&meta.location));
    let mut reads = futures::stream::iter(names).map(|name| read_note(place, name)).buffered(AT_A_TIME);
    let (mut notes, mut unreadable) = (Vec::new(), Vec::new());
    while let Some(read) = reads.next().await {
        match read {
            Ok(note) => notes.extend(note.filter(|note| note.state != JobState::Elsewhere)),
            Err(error @ LedgerError::Unreadable { .. }) => unreadable.push(error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    // The notes of a run are written from the last to the first.
    let mut begun: HashMap<String, Timestamp> = HashMap::new();
    for note in &notes {
        let first = begun.entry(note.run.clone()).or_insert(note.noted_at);
        *first = note.noted_at.min(*first);
    }
    notes.sort_by_cached_key(|note| (begun.get(&note.run).copied(), note.run.clone(), note.member(), note.job.clone()));
    Ok((notes, unreadable))
}

/// Prints jobs, a row each and below what is said of them; as JSON, the list of their notes.
pub(super) fn print(notes: &[JobNote], format: Format) -> Result<()> {
    if format == Format::Json {
        return output::json(notes);
    }
    if notes.is_empty() {
        output::note("no jobs");
        return Ok(());
    }
    output::write(&format!("{}\n", table(notes, output::width(200))))?;
    for note in notes.iter().filter(|note| !note.messages.is_empty()) {
        output::line(format!("{}: {}", note.job, note.messages.join("; ")))?;
    }
    Ok(())
}

fn table(notes: &[JobNote], width: u16) -> Table {
    let mut header = vec!["job", "of", "state", "samples"];
    if width >= WIDE {
        header.push("models");
    }
    let rows = notes.iter().map(|note| {
        let of = note.request.as_ref().map_or("others", |request| request.spec.name());
        let samples = note.samples.map_or("-".to_owned(), |samples| samples.to_string());
        let cells = [note.job.clone(), of.to_owned(), state(note), samples, models(note).join(", ")];
        cells.into_iter().take(header.len())
    });
    let mut table = output::table(&header, rows, width);
    // A name that is broken over lines cannot be copied.
    if let Some(names) = table.column_mut(0) {
        names.set_constraint(ColumnConstraint::ContentWidth);
    }
    if let Some(samples) = table.column_mut(3) {
        samples.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// Who answers: models, names of recorded answers, or a knowledge base.
pub(super) fn models(note: &JobNote) -> Vec<String> {
    let Some(request) = &note.request else { return Vec::new() };
    let asked = request.models.iter().map(|model| model.id.clone());
    asked.chain(request.sources.iter().map(|source| source.name.clone())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn note(job: &str, state: &str) -> JobNote {
        let value = json!({"format": 1, "assay": "1", "job": job, "suite": "s", "application": "a", "run": "r",
            "jobs": [job], "dataset": {"bucket": "b", "key": "k"}, "samples": 1000, "state": state,
            "noted_at": "2026-01-01T00:00:00Z", "settled": true});
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn eighty_columns_are_enough_and_names_stay_whole() {
        // The longest name that the service takes, and one of a suite of eight letters.
        for (name, widest) in [("x".repeat(63), 100), ("returned-20261124t210357z-89653e6d-00".to_owned(), 80)] {
            let text = table(&[note(&name, "in_progress"), note(&name, "completed")], 80).to_string();
            assert!(text.lines().all(|line| line.chars().count() <= widest), "{text}");
            assert_eq!(text.matches(&*name).count(), 2, "{text}");
            assert!(!text.contains("models"));
        }
        let text = table(&[note("\u{1b}[2J", "in_progress")], 140).to_string();
        assert!(text.contains("␛[2J") && text.contains("in progress, collected") && text.contains("models"), "{text}");
    }
}
