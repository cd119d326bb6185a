//! Conversations, for RAG jobs. A plain sample is a conversation of one turn.

use super::MOST_TURNS;
use super::conversation::Turn;
use super::findings::Findings;
use super::lines::{AskedSample, JobInput};
use super::rules::{Rules, filled};
use super::shape::{GENERATED, RETRIEVED, Unknown};
use super::sources::Sources;
use assay_core::dataset::Sample;
use serde::Serialize;
use serde_json::Value;

/// A line as the service documents it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    conversation_turns: Vec<LineTurn<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineTurn<'a> {
    prompt: Message<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reference_responses: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reference_contexts: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a Value>,
}

#[derive(Serialize)]
struct Message<'a> {
    content: [Text<'a>; 1],
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

fn message(text: &str) -> Message<'_> {
    Message { content: [Text { text }] }
}

/// How the fields of a turn are named to whoever wrote the line.
struct Fields {
    /// Which turn; none where the line is a plain sample.
    turn: Option<usize>,
}

impl Fields {
    fn name(&self, key: &str) -> String {
        match self.turn {
            Some(turn) => format!("conversationTurns[{turn}].{key}"),
            None => key.to_owned(),
        }
    }
}

impl Rules<'_> {
    /// What goes into the job for a conversation; nothing where an error was found. Without `turns` the line is a plain
    /// sample.
    pub(super) fn rag(
        &mut self,
        sample: Sample,
        turns: Option<Vec<Turn>>,
        findings: &mut Findings<'_>,
    ) -> serde_json::Result<Option<JobInput>> {
        let is_conversation = turns.is_some();
        let mut turns = turns.unwrap_or_else(|| vec![Turn::of(&sample)]);
        let most = if self.job.retrieve_only { 1 } else { MOST_TURNS };
        if turns.len() > most {
            let message = format!("{} turns, more than the {most} that such a job takes", turns.len());
            findings.wrong("conversationTurns", message, "split the conversation");
        }
        let mut asked: Vec<AskedSample> =
            (0..).zip(&turns).map(|(number, turn)| of_turn(&sample, turn, number, turns.len())).collect();
        self.check_ids(&asked, findings);
        // A line that is left out says nothing of who answers the others.
        let mut sources = self.sources.clone();
        for (index, (turn, asked)) in turns.iter_mut().zip(&mut asked).enumerate() {
            let fields = Fields { turn: is_conversation.then_some(index) };
            asked.prompt = self.asked(&asked.sample, &fields.name("prompt"), findings);
            self.check_references(turn, &fields, findings);
            let written = turn.output.take();
            if self.job.recorded {
                turn.output = self.output(written, &fields.name("output"), &mut sources, findings);
            }
        }
        if findings.has_errors() {
            return Ok(None);
        }
        self.sources = sources;
        self.turn_ids.extend(asked.iter().map(|asked| asked.sample.id.clone()).filter(|id| id.contains('#')));
        let conversation_turns = turns.iter().zip(&asked).map(|(turn, asked)| line_turn(turn, &asked.prompt)).collect();
        let json = serde_json::to_string(&Line { conversation_turns })?;
        Ok(Some(JobInput { json, asked }))
    }

    /// What the job's metrics need of reference answers and passages, and what the service refuses.
    fn check_references(&self, turn: &Turn, fields: &Fields, findings: &mut Findings<'_>) {
        if self.job.asks_for("ContextCoverage") && filled(&turn.references).next().is_none() {
            let field = fields.name("referenceResponses");
            findings.wrong(&field, "no reference answer, which ContextCoverage needs", "add a reference answer");
        }
        if !turn.reference_contexts.is_empty() && !self.job.metrics.is_empty() {
            let message = "the service refuses reference passages where its own metrics are asked for";
            let remedy = "leave them out, or ask for custom metrics alone";
            findings.wrong(&fields.name("referenceContexts"), message, remedy);
        }
    }

    /// Turns have ids of their own, which no reader of datasets has compared.
    fn check_ids(&self, asked: &[AskedSample], findings: &mut Findings<'_>) {
        if let Some(used) = asked.iter().map(|asked| &asked.sample.id).find(|id| self.turn_ids.contains(*id)) {
            let message = format!("the id `{used}` is that of an earlier turn or line");
            findings.wrong("id", message, "give each line an id of its own");
        }
    }

    /// What is recorded of an answer, as far as the service documents it.
    fn output(
        &mut self,
        written: Option<Value>,
        field: &str,
        sources: &mut Sources,
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        const SOURCE: &str = "knowledgeBaseIdentifier";
        let Some(written) = written else {
            let remedy = "write the line as `conversationTurns`, with the answer and what was retrieved in `output`";
            findings.wrong(field, "no recorded answer", remedy);
            return None;
        };
        let shape = if self.job.retrieve_only { RETRIEVED } else { GENERATED };
        let mut left_out = Vec::new();
        let kept = shape.keep(written, field, &mut Unknown::LeftOut(&mut left_out), findings);
        for key in left_out {
            if self.is_first(&format!("output {key}")) {
                let message = format!("`{key}` is not sent: it is no documented part of a recorded answer");
                findings.warn(field, message, "told once; leave it as it is, or leave it out");
            }
        }
        let mut kept = kept?;
        match sources.take(kept.get(SOURCE).and_then(Value::as_str).unwrap_or_default()) {
            Ok(identifier) => {
                let object = kept.as_object_mut()?;
                object.insert(SOURCE.to_owned(), identifier.into());
                Some(kept)
            }
            Err((message, remedy)) => {
                findings.wrong(&format!("{field}.{SOURCE}"), message, remedy);
                None
            }
        }
    }
}

/// The sample of one turn of `line`. The prompt as it is asked is not known yet.
fn of_turn(line: &Sample, turn: &Turn, number: u32, turns: usize) -> AskedSample {
    let mut sample = line.clone();
    sample.prompt.clone_from(&turn.prompt);
    sample.references.clone_from(&turn.references);
    if turns > 1 {
        sample.id = format!("{}#{}", line.id, number + 1);
    }
    AskedSample { prompt: String::new(), turn: (turns > 1).then_some(number), sample }
}

fn line_turn<'a>(turn: &'a Turn, prompt: &'a str) -> LineTurn<'a> {
    LineTurn {
        prompt: message(prompt),
        reference_responses: filled(&turn.references).map(message).collect(),
        reference_contexts: filled(&turn.reference_contexts).map(message).collect(),
        output: turn.output.as_ref(),
    }
}
