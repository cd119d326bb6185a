//! Notices: what people are told of a run, and the adapter to the topic that tells them.
//!
//! A notice names numbers and places; questions and answers stay in the bucket.

use crate::run::{RunStatus, Summary};
use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use aws_sdk_sns::error::ProvideErrorMetadata;
use aws_sdk_sns::types::MessageAttributeValue;
use serde::{Deserialize, Serialize};

/// The version of the notice's format.
pub const NOTICE_FORMAT: u32 = 1;
/// The longest subject that the topic takes, in characters.
const LONGEST_SUBJECT: usize = 100;
/// How many problems a notice names.
const SHOWN_PROBLEMS: usize = 10;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A run was evaluated, and passed its gate if it has one.
    RunFinished,
    /// A run could not be evaluated.
    RunFailed,
    /// A run was evaluated and did not pass its gate.
    GateFailed,
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
            (RunStatus::Completed, Some(verdict)) if !verdict.passed => (NoticeKind::GateFailed, "the gate failed"),
            (RunStatus::Completed, Some(_)) => (NoticeKind::RunFinished, "run finished, gate passed"),
            (RunStatus::Completed, None) => (NoticeKind::RunFinished, "run finished"),
        };
        let mut facts: Vec<String> = gate.iter().flat_map(|verdict| verdict.reasons.clone()).collect();
        for model in &summary.models {
            let mut parts = vec![format!("{} of {} answered", model.answered, model.samples)];
            for (name, score) in &model.scores {
                let mean = score.mean.map_or("none".to_owned(), |mean| format!("{mean:.4}"));
                let unscored = match score.unscored {
                    0 => String::new(),
                    unscored => format!(", {unscored} unscored"),
                };
                parts.push(format!("{name} {mean} (n {}{unscored})", score.n));
            }
            facts.push(format!("{}: {}", model.model, parts.join(", ")));
        }
        facts.extend(summary.problems.first.iter().take(SHOWN_PROBLEMS).map(ToString::to_string));
        let shown = summary.problems.first.len().min(SHOWN_PROBLEMS) as u64;
        let rest = summary.problems.errors + summary.problems.warnings - shown;
        if rest > 0 {
            facts.push(format!("and {rest} more problems; `assay check` lists all of a dataset"));
        }
        facts.extend(summary.caveats.iter().cloned());
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
