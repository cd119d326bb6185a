//! The layout of keys: what users drop where, and where a run writes.

use crate::StoreError;
use object_store::path::Path;

/// Prefix of what users drop.
pub const DATASETS: &str = "datasets/";
/// Prefix of what the schedule runs.
pub const PROBES: &str = "probes/";
/// Prefix of the notes of managed jobs.
pub const JOBS: &str = "jobs/";
/// Prefix of what managed jobs read.
pub const JOB_INPUT: &str = "job-input/";
/// Prefix of what managed jobs write.
pub const JOB_OUTPUT: &str = "job-output/";
/// Prefix of what the monitoring writes down for itself: rounds of probes, digests, what is known of models and alarms.
pub const MONITOR: &str = "monitor/";
/// The spec's name beside a dataset or above it.
pub const SPEC_FILE: &str = "assay.yaml";

/// The suite of a run whose dataset lies in no folder and whose spec names none.
pub const DEFAULT_SUITE: &str = "default";

/// A key as users and events write it, for the store.
///
/// # Errors
/// When the key has an empty segment, a `.` or `..` segment or a leading slash: object stores that look like folders
/// cannot name it.
pub fn parse(key: &str) -> Result<Path, StoreError> {
    let refuse = |reason: String| StoreError::Unaddressable { place: key.to_owned(), reason };
    let remedy = "rename the object so that no part of its key is empty, `.` or `..`";
    if key.starts_with('/') || key.ends_with('/') || key.is_empty() {
        return Err(refuse(format!("it begins or ends with a slash; {remedy}")));
    }
    // Path::parse keeps the characters of the key; Path::from would percent-encode some of them.
    Path::parse(key).map_err(|error| refuse(format!("{error}; {remedy}")))
}

/// Whether a dropped object at `key` is a dataset to evaluate.
pub fn is_dataset(key: &str) -> bool {
    key.starts_with(DATASETS) && key.ends_with(".jsonl")
}

/// Whether an object at `key` is a dataset that a round of probes asks.
pub fn is_probe(key: &str) -> bool {
    key.starts_with(PROBES) && key.ends_with(".jsonl")
}

/// Whether an object at `key` is what a managed job has written.
pub fn is_job_output(key: &str) -> bool {
    key.starts_with(JOB_OUTPUT) && key.ends_with("_output.jsonl")
}

/// The note of the managed job `name`.
pub fn job_note(name: &str) -> Path {
    Path::from_iter(["jobs", &format!("{name}.json")])
}

/// The keys at which the spec of the dataset at `key` may lie, the nearest first.
pub fn spec_candidates(key: &str) -> Vec<String> {
    let mut folders: Vec<&str> = Vec::new();
    let mut folder = key;
    while let Some((parent, _)) = folder.rsplit_once('/') {
        folders.push(parent);
        folder = parent;
    }
    folders.into_iter().map(|folder| format!("{folder}/{SPEC_FILE}")).collect()
}

/// The suite of the dataset at `key`, by its folder: `datasets/faq/en/cases.jsonl` is of `faq-en`.
pub fn suite_of(key: &str) -> String {
    let below = key.strip_prefix(DATASETS).or_else(|| key.strip_prefix(PROBES)).unwrap_or(key);
    match below.rsplit_once('/') {
        Some((folder, _)) => suite_name(folder),
        None => DEFAULT_SUITE.to_owned(),
    }
}

/// `text` as a suite's name: letters, digits, `.`, `_` and `-`; anything else becomes `-`.
pub fn suite_name(text: &str) -> String {
    let name: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).take(100).collect();
    match name.trim_matches(['.', '-']) {
        "" => DEFAULT_SUITE.to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

/// The baseline of a suite.
pub fn baseline(suite: &str) -> Path {
    Path::from_iter(["suites", suite, "baseline.json"])
}

/// The keys of what a suite has over its runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiteKeys {
    root: Path,
}

impl SuiteKeys {
    /// The suite of this name.
    pub fn new(suite: &str) -> Self {
        Self { root: Path::from_iter(["suites", suite]) }
    }

    /// A line for each finished run.
    pub fn history(&self) -> Path {
        self.root.clone().join("history.jsonl")
    }

    /// The runs as a page.
    pub fn index(&self) -> Path {
        self.root.clone().join("index.html")
    }
}

/// The keys of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunKeys {
    root: Path,
}

impl RunKeys {
    /// The run `run` of `suite`, in the bucket's layout.
    pub fn new(suite: &str, run: &str) -> Self {
        Self { root: Path::from_iter(["runs", suite, run]) }
    }

    /// The run whose folder is `root`.
    pub fn at(root: Path) -> Self {
        Self { root }
    }

    /// A run that is alone in its place.
    pub fn alone() -> Self {
        Self { root: Path::ROOT }
    }

    /// Whether the run is alone in its place: then there is nothing of its suite beside it.
    pub fn is_alone(&self) -> bool {
        self.root.as_ref().is_empty()
    }

    /// The folder of the run; empty for a run that is alone in its place.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Who runs it and how far it is.
    pub fn claim(&self) -> Path {
        self.file("claim.json")
    }

    /// The resolved spec, the dataset and the versions.
    pub fn spec(&self) -> Path {
        self.file("spec.json")
    }

    /// The result.
    pub fn summary(&self) -> Path {
        self.file("summary.json")
    }

    /// The result for people.
    pub fn summary_markdown(&self) -> Path {
        self.file("summary.md")
    }

    /// The result as a page.
    pub fn report(&self) -> Path {
        self.file("report.html")
    }

    /// The result for the tools that show tests.
    pub fn junit(&self) -> Path {
        self.file("junit.xml")
    }

    /// The metrics of the run as JSON lines, where they do not go to CloudWatch.
    pub fn metrics(&self) -> Path {
        self.file("metrics.jsonl")
    }

    /// The folder of the records.
    pub fn records(&self) -> Path {
        self.file("records")
    }

    /// The folder of lines of a managed job's output that could not be read.
    pub fn unread(&self) -> Path {
        self.file("unread")
    }

    /// The folder of the comparisons of answers in pairs.
    pub fn pairwise(&self) -> Path {
        self.file("pairwise")
    }

    fn file(&self, name: &str) -> Path {
        self.root.clone().join(name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn keys_keep_their_characters() {
        for key in ["datasets/s/a b+c.jsonl", "datasets/s/%41#é[*]~.jsonl", "datasets/日本/x.jsonl"] {
            assert_eq!(parse(key).unwrap().as_ref(), key);
        }
    }

    #[test]
    fn keys_that_cannot_be_addressed_are_refused_with_a_remedy() {
        for key in ["a//b.jsonl", "a/../b.jsonl", "./a.jsonl", "/a.jsonl", ""] {
            assert!(parse(key).unwrap_err().to_string().contains("rename the object"), "{key}");
        }
    }

    #[test]
    fn the_nearest_spec_comes_first() {
        assert_eq!(
            spec_candidates("datasets/a/b/c.jsonl"),
            ["datasets/a/b/assay.yaml", "datasets/a/assay.yaml", "datasets/assay.yaml"]
        );
    }

    #[test]
    fn suites_follow_folders() {
        assert_eq!(suite_of("datasets/faq/x.jsonl"), "faq");
        assert_eq!(suite_of("datasets/faq/en us/x.jsonl"), "faq-en-us");
        assert_eq!(suite_of("datasets/x.jsonl"), "default");
        assert_eq!(suite_name("../é"), "default");
    }

    #[test]
    fn only_datasets_start_a_run() {
        assert!(is_dataset("datasets/a/b.jsonl"));
        for key in ["runs/a/b.jsonl", "datasets/a/b.json", "jobs/datasets/b.jsonl", "probes/a/b.jsonl"] {
            assert!(!is_dataset(key), "{key}");
        }
    }

    #[test]
    fn a_round_asks_what_lies_below_probes() {
        assert!(is_probe("probes/a/b.jsonl") && is_probe("probes/b.jsonl"));
        for key in ["datasets/a/b.jsonl", "probes/a/assay.yaml", "monitor/probes/a.jsonl", "probes"] {
            assert!(!is_probe(key), "{key}");
        }
        assert_eq!(suite_of("probes/faq/en/x.jsonl"), "faq-en");
    }
}
