//! What a job finds in its datasets. The service looks at them when the job runs, so what is wrong fails the job.
//!
//! Whether the service forgives unknown members is not known; here they are refused, so that nobody relies on it.

pub(super) mod conversations;
mod problems;
mod prompts;

use serde_json::Value;

use super::builtin_datasets;
use super::members::DatasetMetrics;
use super::request::{JobKind, JobRequest};
use super::storage::Storage;
use problems::Problems;

/// The most lines of a dataset of one's own.
const MOST_LINES: usize = 1_000;
/// The records of a dataset, or everything that is wrong with it.
pub(super) async fn load(
    request: &JobRequest,
    dataset: &DatasetMetrics,
    storage: &Storage,
) -> Result<Vec<Value>, Vec<String>> {
    let Some(location) = &dataset.dataset.dataset_location else {
        let built_in = builtin_datasets::find(&dataset.dataset.name);
        let missing = || vec![format!("The dataset {} does not exist.", dataset.dataset.name)];
        return built_in.map(|built_in| built_in.records()).ok_or_else(missing);
    };
    let content = storage.read(&location.s3_uri).await.map_err(|problem| vec![problem])?;
    let text = std::str::from_utf8(&content).map_err(|_| vec![format!("{} is not UTF-8.", location.s3_uri)])?;
    records(request, dataset, text)
}

fn records(request: &JobRequest, dataset: &DatasetMetrics, text: &str) -> Result<Vec<Value>, Vec<String>> {
    let lines: Vec<(usize, &str)> = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
    let name = &dataset.dataset.name;
    if lines.is_empty() {
        return Err(vec![format!("The dataset {name} has no prompts.")]);
    }
    if lines.len() > MOST_LINES {
        return Err(vec![format!("The dataset {name} has {} prompts; at most {MOST_LINES} are allowed.", lines.len())]);
    }
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    for (index, line) in lines {
        let mut found = Problems::default();
        match serde_json::from_str::<Value>(line) {
            Ok(Value::Object(record)) => {
                match request.kind() {
                    JobKind::RetrieveOnly | JobKind::RetrieveAndGenerate => {
                        conversations::check(request, dataset, &record, &mut found);
                    }
                    _ => prompts::check(request, dataset, &record, &mut found),
                }
                records.push(Value::Object(record));
            }
            Ok(_) => found.add("the line is not a JSON object"),
            Err(error) => found.add(format!("the line is not JSON: {error}")),
        }
        let named = found.0.into_iter().map(|problem| format!("Dataset {name}, line {}: {problem}.", index + 1));
        problems.extend(named);
    }
    if problems.is_empty() { Ok(records) } else { Err(problems) }
}
