//! `assay job show`: everything that is known of one job.

use super::context::{note, place, state};
use super::list::models;
use crate::arguments::{Format, ShowJob};
use crate::error::Result;
use crate::exit::Exit;
use crate::output;
use assay_job::{JobNote, JobRequest, Read};
use assay_store::Place;
use assay_store::keys::{JOB_OUTPUT, RunKeys};
use jiff::{Timestamp, Unit};
use object_store::path::Path;

/// Shows what is known of one job.
pub(super) async fn show(arguments: ShowJob) -> Result<Exit> {
    let place = place(&arguments.place).await?;
    let note = note(&place, &arguments.job).await?;
    if arguments.format == Format::Json {
        output::json(&note)?;
        return Ok(Exit::Done);
    }
    output::line(format!("{}: {}", note.job, state(&note)))?;
    for (name, text) in facts(&place, &note) {
        output::line(format!("  {name:<10} {text}"))?;
    }
    Ok(Exit::Done)
}

fn facts(place: &Place, note: &JobNote) -> Vec<(&'static str, String)> {
    let mut facts = vec![("suite", format!("{} of the application {}", note.suite, note.application))];
    facts.extend(note.messages.iter().map(|message| ("says", message.clone())));
    match &note.request {
        Some(request) => facts.extend(of_request(request)),
        None => facts.push(("asked", "by somebody else".to_owned())),
    }
    let models = models(note);
    if !models.is_empty() {
        facts.push((if models.len() == 1 { "model" } else { "models" }, models.join(", ")));
    }
    facts.push(("dataset", dataset(note)));
    let uris = note.request.iter().flat_map(|request| &request.datasets).filter_map(|dataset| dataset.uri.clone());
    facts.extend(uris.map(|uri| ("input", uri)));
    let folder = note.output_folder.as_deref().map(|folder| place.name_of(&Path::from(folder)));
    let told = || note.request.as_ref().map(|request| request.output.clone());
    facts.push(("output", folder.or_else(told).unwrap_or_else(|| place.name_of(&Path::from(JOB_OUTPUT)))));
    let run = place.name_of(RunKeys::new(&note.suite, &note.run).root());
    let others = note.jobs.len().saturating_sub(1);
    facts.push(("run", if others == 0 { run } else { format!("{run}, with {}", counted(others as u64, "other job")) }));
    facts.extend(note.arn.iter().map(|arn| ("arn", arn.clone())));
    facts.extend(note.request.iter().map(|request| ("role", request.role.clone())));
    let moments = [("noted", Some(note.noted_at)), ("started", note.started_at), ("ended", note.ended_at)];
    facts.extend(moments.into_iter().filter_map(|(what, at)| Some((what, moment(at?)))));
    facts.extend(note.read.iter().map(|found| ("read", read(found))));
    facts.extend(told_of(note).map(|told| ("told", told)));
    facts
}

/// What was asked of the service.
fn of_request(request: &JobRequest) -> Vec<(&'static str, String)> {
    let spec = &request.spec;
    let recorded = if spec.recorded { ", of recorded answers" } else { "" };
    let retrieves = if spec.retrieve_only { ", of retrieval alone" } else { "" };
    let asked = format!("{}: {} job, {}{recorded}{retrieves}", spec.name(), spec.kind, spec.task().name());
    let metrics: Vec<String> = spec.measures().map(|measure| measure.to_string()).collect();
    let mut facts = vec![("asked", asked), ("metrics", metrics.join(", "))];
    facts.extend(request.evaluator.iter().map(|judge| ("evaluator", judge.clone())));
    facts.extend(spec.flow_definition.iter().map(|flow| ("raters", flow.clone())));
    facts.extend(spec.knowledge_base.iter().map(|base| ("knowledge", base.id.clone())));
    facts.retain(|(_, text)| !text.is_empty());
    facts
}

fn dataset(note: &JobNote) -> String {
    let identity = &note.dataset;
    let mut text = match identity.bucket.as_str() {
        "local" | "bedrock" => identity.key.clone(),
        bucket => format!("s3://{bucket}/{}", identity.key),
    };
    if let Some(samples) = note.samples {
        text.push_str(&format!(", {} in this job", counted(samples, "sample")));
    }
    if note.bad_lines > 0 {
        text.push_str(&format!(", {} could not be used", counted(note.bad_lines, "line")));
    }
    text
}

fn read(read: &Read) -> String {
    let files = counted(read.files.len() as u64, "file");
    let mut text = format!("{} in {files}", counted(read.answers, "answer"));
    if read.strangers > 0 {
        text.push_str(&format!(", {} to questions that it was not given", read.strangers));
    }
    if read.unread > 0 {
        let reason = read.first_reason.as_deref().unwrap_or_default();
        text.push_str(&format!(", {} not readable, such as {reason}", counted(read.unread, "line")));
    }
    text
}

/// What people were told of the job, if anything.
fn told_of(note: &JobNote) -> Option<String> {
    let told = &note.told;
    let parts = [
        told.trouble.then(|| "that it came to nothing".to_owned()),
        told.stuck.then(|| "that it takes long".to_owned()),
        told.unreadable.as_ref().map(|reason| format!("that its output cannot be read: {reason}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// `1 line`, `2 lines`.
fn counted(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn moment(at: Timestamp) -> String {
    at.round(Unit::Second).unwrap_or(at).to_string()
}
