//! Single prompts, for automatic jobs, jobs with a judge and people.

use super::findings::Findings;
use super::lines::{AskedSample, JobInput};
use super::rules::{Rules, filled};
use super::sources::Sources;
use assay_core::dataset::Sample;
use assay_core::spec::{JobKind, TaskType};
use serde::Serialize;

/// A line as the service documents it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    prompt: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference_response: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    model_responses: Vec<Answer<'a>>,
}

/// A recorded answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    response: &'a str,
    model_identifier: String,
}

impl Rules<'_> {
    /// What goes into the job for `sample`; nothing where an error was found.
    pub(super) fn plain(
        &mut self,
        sample: Sample,
        findings: &mut Findings<'_>,
    ) -> serde_json::Result<Option<JobInput>> {
        let prompt = self.asked(&sample, "prompt", findings);
        let reference = self.reference(&sample, findings);
        // A line that is left out says nothing of who answers the others.
        let mut sources = self.sources.clone();
        let model_responses = self.answers(&sample, &mut sources, findings);
        if findings.has_errors() {
            return Ok(None);
        }
        self.sources = sources;
        if !model_responses.is_empty() {
            self.answers_per_line.get_or_insert(model_responses.len());
        }
        let category = sample.category.as_deref().filter(|category| !category.trim().is_empty());
        let line = Line { prompt: &prompt, reference_response: reference, category, model_responses };
        let json = serde_json::to_string(&line)?;
        Ok(Some(JobInput { json, asked: vec![AskedSample { prompt, turn: None, sample }] }))
    }

    /// The reference that is sent: the first that says something.
    fn reference<'s>(&mut self, sample: &'s Sample, findings: &mut Findings<'_>) -> Option<&'s str> {
        let reference = filled(&sample.references).next();
        if let (None, Some(why)) = (reference, self.needs_reference()) {
            let message = format!("no reference answer, which {why} needs");
            findings.wrong("referenceResponse", message, "add \"referenceResponse\": \"...\"");
        }
        if filled(&sample.references).nth(1).is_some() && self.is_first("referenceResponses") {
            let message = "only the first reference answer is sent: a managed job takes one";
            findings.warn("referenceResponses", message, "told once; put the best one first");
        }
        reference
    }

    /// What needs a reference, where something does.
    fn needs_reference(&self) -> Option<&'static str> {
        let is_asked = |metric: &&str| self.job.asks_for(metric);
        match self.job.kind {
            JobKind::Automatic => ["Accuracy", "Robustness"].into_iter().find(is_asked).or_else(|| {
                let is_answering = self.job.task() == TaskType::QuestionAndAnswer;
                is_answering.then_some("the task QuestionAndAnswer")
            }),
            JobKind::Judge | JobKind::Human | JobKind::Rag => None,
        }
    }

    /// The recorded answers that are sent.
    fn answers<'s>(&self, sample: &'s Sample, sources: &mut Sources, findings: &mut Findings<'_>) -> Vec<Answer<'s>> {
        const FIELD: &str = "modelResponses";
        let (least, most, expected) = match self.job.kind {
            JobKind::Judge => (1, 1, "exactly one"),
            JobKind::Human if self.job.compares() => (2, 2, "exactly two, as people compare them,"),
            JobKind::Human => (1, 2, "one or two"),
            JobKind::Automatic | JobKind::Rag => (0, 0, "none"),
        };
        if !self.job.recorded || most == 0 {
            return Vec::new();
        }
        let count = sample.recorded.len();
        if count < least || count > most {
            let message = format!("{count} recorded answers, where the job takes {expected} a line");
            findings.wrong(FIELD, message, "write {\"response\": \"...\", \"modelIdentifier\": \"...\"}");
            return Vec::new();
        }
        if let Some(first) = self.answers_per_line.filter(|first| *first != count) {
            let message = format!("{count} recorded answers, where earlier lines have {first}");
            findings.wrong(FIELD, message, "give each line as many");
        }
        let mut answers = Vec::with_capacity(count);
        for (index, answer) in sample.recorded.iter().enumerate() {
            match sources.take(&answer.model) {
                Ok(model_identifier) => answers.push(Answer { response: &answer.response, model_identifier }),
                Err((message, remedy)) => {
                    findings.wrong(&format!("{FIELD}[{index}].modelIdentifier"), message, remedy);
                }
            }
        }
        answers
    }
}
