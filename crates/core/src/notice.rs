//! Notices: what people are told of a run, and the adapter to the topic that tells them.
//!
//! A notice names numbers and places; questions and answers stay in the bucket. It is bounded, as the topic refuses
//! long messages: the summary holds everything.

mod job;

pub use job::JobNews;

use crate::pricing::usd_text;
use crate::problem::clip;
use crate::run::{ModelSummary, RunStatus, Summary};
use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use aws_sdk_sns::error::ProvideErrorMetadata;
use aws_sdk_sns::types::MessageAttributeValue;
use serde::{Deserialize, Serialize};

/// The version of the notice's format.
pub const NOTICE_FORMAT: u32 = 1;
/// The longest subject that the topic takes, in characters.
const LONGEST_SUBJECT: usize = 100;
/// How many reasons of the gate a notice names.
const SHOWN_REASONS: usize = 5;
/// How many models a notice names.
const SHOWN_MODELS: usize = 20;
/// How many problems a notice names.
const SHOWN_PROBLEMS: usize = 10;
/// How many warnings about the numbers a notice names.
const SHOWN_CAVEATS: usize = 5;
/// The longest fact, in characters.
const LONGEST_FACT: usize = 500;
/// The longest name of a model in a fact, in characters, so that its numbers have room.
const LONGEST_MODEL: usize = 150;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A run was evaluated, and passed its gate if it has one.
    RunFinished,
    /// A run could not be evaluated.
    RunFailed,
    /// The budget of a run was used up before every sample was asked.
    RunIncomplete,
    /// A run was evaluated and did not pass its gate.
    GateFailed,
    /// A run was evaluated, and a model in it got worse than the suite's baseline.
    Regression,
    /// A managed job failed, or was refused.
    JobFailed,
    /// A managed job was stopped.
    JobStopped,
    /// A managed job is not done after a long time.
    JobStuck,
    /// A managed job cannot be taken further: its output may not be read, or nobody may start it.
    JobUnreadable,
    /// Something keeps probes from being run: a suite that is not there, a folder that cannot be read.
    ProbeProblem,
    /// Alarms with thresholds from history were added, changed or removed.
    AlarmsChanged,
    /// A model has become Legacy, nears its end of life, or is gone.
    ModelLifecycle,
    /// What happened in a week.
    WeeklyDigest,
}

/// Something told to people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// [`NOTICE_FORMAT`].
    pub assay_notice: u32,
    /// What happened.
    pub kind: NoticeKind,
    /// One line.
    pub title: String,
    /// The suite.
    pub suite: String,
    /// The application.
    pub application: String,
    /// The run.
    pub run: String,
    /// Where the summary lies.
    pub summary: String,
    /// A line for each thing worth knowing.
    pub facts: Vec<String>,
}

impl Notice {
    /// The notice of a run whose summary lies at `place`.
    pub fn of_run(summary: &Summary, place: &str) -> Self {
        let gate = summary.gate.as_ref();
        let (kind, what) = match (summary.status, gate) {
            (RunStatus::Failed, _) => (NoticeKind::RunFailed, "the run failed"),
            (RunStatus::Incomplete, _) => (NoticeKind::RunIncomplete, "the budget is used up, the run is incomplete"),
            (RunStatus::Completed, Some(verdict)) if !verdict.passed => (NoticeKind::GateFailed, "the gate failed"),
            (RunStatus::Completed, Some(_)) => (NoticeKind::RunFinished, "run finished, gate passed"),
            (RunStatus::Completed, None) => (NoticeKind::RunFinished, "run finished"),
        };
        let reasons = gate.map(|verdict| verdict.reasons.as_slice()).unwrap_or_default();
        let mut facts = shown(reasons.iter().cloned(), SHOWN_REASONS, "reasons");
        facts.extend(shown(summary.models.iter().map(numbers), SHOWN_MODELS, "models"));
        facts.extend(summary.problems.first.iter().take(SHOWN_PROBLEMS).map(ToString::to_string));
        let told = summary.problems.first.len().min(SHOWN_PROBLEMS) as u64;
        let rest = (summary.problems.errors + summary.problems.warnings).saturating_sub(told);
        if rest > 0 {
            facts.push(format!("and {rest} more problems; `assay check` lists all of a dataset"));
        }
        facts.extend(shown(summary.caveats.iter().cloned(), SHOWN_CAVEATS, "notes"));
        let facts = facts.into_iter().map(|fact| clip(fact, LONGEST_FACT)).collect();
        Self {
            assay_notice: NOTICE_FORMAT,
            kind,
            title: format!("{}: {what}", summary.suite),
            suite: summary.suite.clone(),
            application: summary.application.clone(),
            run: summary.run.clone(),
            summary: place.to_owned(),
            facts,
        }
    }

    /// The title as the topic takes it: ASCII, one line, not too long.
    pub fn subject(&self) -> String {
        let ascii = self.title.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' });
        format!("Assay: {}", ascii.collect::<String>()).chars().take(LONGEST_SUBJECT).collect()
    }
}

/// The first `most` facts, and how many of `what` are left out.
fn shown(facts: impl ExactSizeIterator<Item = String>, most: usize, what: &str) -> Vec<String> {
    let rest = facts.len().saturating_sub(most);
    let mut first: Vec<String> = facts.take(most).collect();
    if rest > 0 {
        first.push(format!("and {rest} more {what}"));
    }
    first
}

/// The numbers of a model on one line.
fn numbers(model: &ModelSummary) -> String {
    let mut parts = vec![format!("{} of {} answered", model.answered, model.samples)];
    if model.failed > 0 {
        let classes = model.failures.iter().map(|(class, failure)| format!("{class} {}", failure.count));
        let classes = classes.collect::<Vec<_>>().join(", ");
        let classes = if classes.is_empty() { classes } else { format!(" ({classes})") };
        parts.push(format!("{} failed{classes}", model.failed));
    }
    for (name, score) in &model.scores {
        let mean = score.mean.map_or("none".to_owned(), |mean| format!("{mean:.4}"));
        let unscored = match score.unscored {
            0 => String::new(),
            unscored => format!(", {unscored} unscored"),
        };
        parts.push(format!("{name} {mean} (n {}{unscored})", score.n));
    }
    match (&model.cost, model.usage) {
        (Some(cost), _) => parts.push(format!("cost {}", usd_text(cost.usd))),
        (None, Some(_)) => parts.push("cost unknown".to_owned()),
        (None, None) => {}
    }
    format!("{}: {}", clip(model.model.clone(), LONGEST_MODEL), parts.join(", "))
}

/// A notice could not be told.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// The topic refuses or cannot be reached.
    #[error("the notice topic did not take the notice: {0}")]
    Topic(String),
    /// The notice cannot be written as JSON.
    #[error("the notice cannot be written as JSON")]
    Encoding(#[from] serde_json::Error),
}

/// The topic that notices go to.
#[derive(Debug, Clone)]
pub struct Topic {
    client: Client,
    arn: String,
}

impl Topic {
    /// The topic `arn`, with the settings of `config`.
    pub fn new(config: &SdkConfig, arn: impl Into<String>) -> Self {
        Self { client: Client::new(config), arn: arn.into() }
    }

    /// Tells a notice. Its kind and suite are message attributes, so subscribers can filter.
    ///
    /// # Errors
    /// When the topic refuses or cannot be reached.
    pub async fn tell(&self, notice: &Notice) -> Result<(), NoticeError> {
        let kind = serde_json::to_value(notice.kind)?;
        let mut call = self.client.publish().topic_arn(&self.arn).subject(notice.subject());
        for (name, value) in [("kind", kind.as_str().unwrap_or_default()), ("suite", &notice.suite)] {
            let value = MessageAttributeValue::builder().data_type("String").string_value(value).build();
            call = call.message_attributes(name, value.map_err(|error| NoticeError::Topic(error.to_string()))?);
        }
        let sent = call.message(serde_json::to_string_pretty(notice)?).send().await;
        sent.map_err(|error| {
            let code = error.code().unwrap_or("no code").to_owned();
            NoticeError::Topic(format!("{code}: {}", error.message().unwrap_or("the topic could not be reached")))
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::problem::Problem;
    use serde_json::{Value, json};

    fn notice(models: &[Value], reasons: &[String], caveats: &[String], problems: Vec<Problem>) -> Notice {
        let value = json!({
            "format": 1, "assay": "1", "run": "r", "suite": "s", "application": "a", "status": "completed",
            "finished_at": "2026-01-01T00:00:00Z", "answers": {"asked": 1, "recorded": 0}, "models": models,
            "dataset": {"bucket": "b", "key": "k", "samples": 1, "bad_lines": 0},
            "gate": {"passed": false, "reasons": reasons}, "caveats": caveats,
        });
        let mut summary: Summary = serde_json::from_value(value).unwrap();
        summary.problems = problems.into();
        Notice::of_run(&summary, "s3://b/s/r/summary.json")
    }

    fn model(name: &str) -> Value {
        json!({"model": name, "samples": 30, "answered": 20, "failed": 10,
            "scores": {"f1": {"n": 20, "unscored": 0, "mean": 0.5}},
            "failures": {"rejected": {"count": 9, "example": "x"}, "throttled": {"count": 1, "example": "y"}}})
    }

    #[test]
    fn failures_are_named_by_class() {
        let notice = notice(&[model("m")], &[], &[], Vec::new());
        let line = "m: 20 of 30 answered, 10 failed (rejected 9, throttled 1), f1 0.5000 (n 20)";
        assert_eq!(notice.facts, [line]);
    }

    #[test]
    fn cost_is_told_where_a_model_was_asked() {
        let usage = json!({"input_tokens": 1, "output_tokens": 1});
        let cost =
            json!({"usd": 0.25, "input_usd": 0.25, "output_usd": 0, "price_source": "s", "price_date": "2026-11"});
        for (usage, cost, end) in [
            (json!(null), json!(null), "f1 0.5000 (n 20)"),
            (usage.clone(), json!(null), ", cost unknown"),
            (usage, cost, ", cost 0.2500 USD"),
        ] {
            let mut model = model("m");
            (model["usage"], model["cost"]) = (usage, cost);
            let notice = notice(&[model], &[], &[], Vec::new());
            assert!(notice.facts[0].ends_with(end), "{:?}", notice.facts);
        }
    }

    #[test]
    fn a_notice_is_bounded_whatever_the_run() {
        // Each of these characters takes six bytes as JSON.
        let long = "\u{1}".repeat(100_000);
        let models: Vec<Value> = (0..2000).map(|number| model(&format!("{number}{}", &long[..2000]))).collect();
        let problem = || Problem::error(&long, &long).in_field(&long).remedy(&long);
        let problems: Vec<Problem> = (0..200).map(|_| problem()).collect();
        let texts = vec![long.clone(); 2000];
        let notice = notice(&models, &texts, &texts, problems);
        assert!(serde_json::to_string(&notice).unwrap().len() < 200_000);
        assert!(serde_json::to_string_pretty(&notice).unwrap().len() < 200_000);
        assert_eq!(notice.facts.len(), 6 + 21 + 11 + 6);
        assert!(notice.facts[6].ends_with("f1 0.5000 (n 20)"), "a long name leaves room for the numbers");
        for told in ["and 1980 more models", "and 1995 more reasons", "and 1995 more notes"] {
            assert!(notice.facts.iter().any(|fact| fact == told), "{told}");
        }
        assert!(notice.facts.iter().any(|fact| fact.starts_with("and 190 more problems")));
    }
}
