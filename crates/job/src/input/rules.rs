//! What the lines of one job have in common, and what is remembered from one line to the next.
//!
//! The rules of single prompts are in `plain`, those of conversations in `rag`.

use super::findings::Findings;
use super::sources::Sources;
use super::{LONGEST_PROMPT, RecordedSource};
use assay_core::dataset::Sample;
use assay_core::spec::{JobKind, JobSpec, RunSpec, fill_template};
use assay_problem::Problem;
use std::collections::HashSet;

/// The rules of one job.
pub(super) struct Rules<'a> {
    pub spec: &'a RunSpec,
    pub job: &'a JobSpec,
    /// Who the usable lines so far say has answered.
    pub sources: Sources,
    /// How many recorded answers the first usable line has.
    pub answers_per_line: Option<usize>,
    /// Ids with a `#`, which those of turns have too.
    pub turn_ids: HashSet<String>,
    told: HashSet<String>,
}

impl<'a> Rules<'a> {
    /// Before the first line.
    pub(super) fn new(spec: &'a RunSpec, job: &'a JobSpec) -> Self {
        let most = if job.kind == JobKind::Human { 2 } else { 1 };
        Self {
            spec,
            job,
            sources: Sources::new(most),
            answers_per_line: None,
            turn_ids: HashSet::new(),
            told: HashSet::new(),
        }
    }

    /// Who has answered, so far.
    pub(super) fn recorded_sources(&self) -> &[RecordedSource] {
        self.sources.list()
    }

    /// Whether this is the first time that `what` is told.
    pub(super) fn is_first(&mut self, what: &str) -> bool {
        !self.told.contains(what) && self.told.insert(what.to_owned())
    }

    /// A warning where a system prompt is lost, told once for the whole file.
    pub(super) fn lost_system_prompt(&mut self, place: &str, sample: &Sample) -> Option<Problem> {
        let is_lost = self.spec.system.is_some() || sample.system.is_some();
        if !is_lost || !self.is_first("system") {
            return None;
        }
        let message = "the system prompt is not sent: a managed job asks prompts alone";
        let problem = Problem::warning(place, message).in_field("system");
        let problem = problem.remedy("told once; put what matters into the spec's `prompt`");
        Some(if self.spec.system.is_some() { problem } else { problem.on_line(sample.line) })
    }

    /// The prompt as it is asked.
    pub(super) fn asked(&self, sample: &Sample, field: &str, findings: &mut Findings<'_>) -> String {
        let prompt = fill_template(&self.spec.prompt, sample);
        if prompt.trim().is_empty() {
            findings.wrong(field, "the prompt as it is asked is empty", "mend the spec's `prompt`, or the line");
        }
        if prompt.len() > LONGEST_PROMPT {
            let bytes = prompt.len();
            let message =
                format!("the prompt as it is asked has {bytes} bytes, more than the {LONGEST_PROMPT} of a job");
            findings.wrong(field, message, "shorten it, or what the spec's `prompt` puts around it");
        }
        prompt
    }
}

/// The texts among `references` that say something.
pub(super) fn filled(references: &[String]) -> impl Iterator<Item = &str> {
    references.iter().map(String::as_str).filter(|reference| !reference.trim().is_empty())
}
