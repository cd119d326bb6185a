//! `assay job list` and `assay job show`.

use super::note;
use crate::arguments::{Format, ListJobs, ShowJob};
use crate::exit::Exit;
use crate::run_of;
use anyhow::Result;
use assay_job::{JobNote, JobState, job_of_note, list_notes, read_note};
use assay_report::{clean, clean_json};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use futures::{StreamExt, TryStreamExt};
use std::io::Write;

/// So many notes are read at a time.
const AT_A_TIME: usize = 16;

/// Lists the jobs that are noted, the newest last. Those whose output goes elsewhere are none of ours.
pub async fn list(arguments: ListJobs) -> Result<Exit> {
    let place = run_of::open(&arguments.place).await?;
    let found = list_notes(&place).await?;
    let names = found.iter().filter_map(|meta| job_of_note(&meta.location));
    let reads = futures::stream::iter(names).map(|name| read_note(&place, name)).buffered(AT_A_TIME);
    let notes: Vec<Option<JobNote>> = reads.try_collect().await?;
    let mut notes: Vec<JobNote> = notes.into_iter().flatten().collect();
    notes.retain(|note| {
        note.state != JobState::Elsewhere
            && arguments.suite.as_ref().is_none_or(|suite| note.suite == *suite)
            && !(arguments.open && note.settled)
    });
    notes.sort_by(|left, right| left.noted_at.cmp(&right.noted_at).then_with(|| left.job.cmp(&right.job)));
    print(&notes, arguments.format)?;
    Ok(Exit::Done)
}

/// Shows what is known of one job.
pub async fn show(arguments: ShowJob) -> Result<Exit> {
    let place = run_of::open(&arguments.place).await?;
    let note = note(&place, &arguments.job).await?;
    let mut out = std::io::stdout().lock();
    if arguments.format == Format::Json {
        writeln!(out, "{}", clean_json(&serde_json::to_string_pretty(&note)?))?;
        return Ok(Exit::Done);
    }
    let mut lines = vec![
        format!("{}: {}", note.job, note.state.name()),
        format!("suite {}, run {}", note.suite, note.run),
        format!("dataset {}/{}", note.dataset.bucket, note.dataset.key),
    ];
    let moments = [("started", note.started_at), ("ended", note.ended_at)];
    lines.extend(moments.iter().filter_map(|(what, at)| Some(format!("{what} {}", (*at)?))));
    lines.extend(note.arn.iter().map(|arn| format!("as {arn}")));
    if let Some(samples) = note.samples {
        lines.push(format!("samples {samples}"));
    }
    if let Some(read) = &note.read {
        lines.push(format!(
            "read {} answers from {} files, {} lines unread",
            read.answers,
            read.files.len(),
            read.unread
        ));
    }
    lines.extend(note.messages.iter().map(|message| format!("says: {message}")));
    lines.push(format!(
        "its run is in {}",
        place.name_of(&object_store::path::Path::from_iter(["runs", &note.suite, &note.run]))
    ));
    for line in lines {
        writeln!(out, "{}", clean(&line))?;
    }
    Ok(Exit::Done)
}

/// Prints jobs, a row each; as JSON, the list of their notes.
pub fn print(notes: &[JobNote], format: Format) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if format == Format::Json {
        writeln!(out, "{}", clean_json(&serde_json::to_string_pretty(notes)?))?;
        return Ok(());
    }
    if notes.is_empty() {
        eprintln!("no jobs");
        return Ok(());
    }
    let width = console::Term::stdout().size_checked().map_or(140, |(_, columns)| columns.clamp(80, 200));
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(["job", "state", "suite", "run", "samples", "says"]);
    for note in notes {
        let state = if note.settled { format!("{}, told", note.state.name()) } else { note.state.name().to_owned() };
        let samples = note.samples.map(|samples| samples.to_string()).unwrap_or_default();
        let says = note.messages.join("; ");
        let row = [&note.job, &state, &note.suite, &note.run, &samples, &says];
        table.add_row(row.map(|cell| clean(cell).into_owned()));
    }
    writeln!(out, "{table}")?;
    Ok(())
}
