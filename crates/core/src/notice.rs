//! Notices: what people are told, and the adapter to the topic that tells them.
//!
//! A notice names numbers and places; questions and answers stay in the bucket. It is bounded, as the topic refuses
//! long messages: the summary holds everything. What is told of a run and of a job is in files of their own.

mod console;
mod facts;
mod job;
mod pairs;
mod regression;
mod run;

pub use job::JobNews;
pub use run::RunNews;

use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use aws_sdk_sns::error::ProvideErrorMetadata;
use aws_sdk_sns::types::MessageAttributeValue;
use serde::{Deserialize, Serialize};

/// The version of the notice's format.
pub const NOTICE_FORMAT: u32 = 1;
/// The longest subject that the topic takes, in characters.
const LONGEST_SUBJECT: usize = 100;

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
    /// The suite, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suite: Option<String>,
    /// The application, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// The run, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Where the summary of the run lies, or the note of the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Where the page for people lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// An address of the AWS console that opens this page; where it lies in S3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// A line for each thing worth knowing.
    pub facts: Vec<String>,
}

impl Notice {
    /// A notice that is about no run: `title` is one line, `facts` are bounded. Suite, application and places are set on it
    /// where they mean something.
    pub fn new(kind: NoticeKind, title: impl Into<String>, facts: Vec<String>) -> Self {
        Self {
            assay_notice: NOTICE_FORMAT,
            kind,
            title: facts::line(title.into()),
            suite: None,
            application: None,
            run: None,
            summary: None,
            report: None,
            link: None,
            facts: facts::bounded(facts),
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

    /// An address of the AWS console that opens the object `s3://bucket/key`; none for other places. Region and partition
    /// are those of the topic, as a stack has its topic where its bucket is.
    pub fn link_to(&self, place: &str) -> Option<String> {
        console::object(&self.arn, place)
    }

    /// Tells a notice. Its kind and, where it has one, its suite are message attributes, so subscribers can filter.
    ///
    /// # Errors
    /// When the topic refuses or cannot be reached.
    pub async fn tell(&self, notice: &Notice) -> Result<(), NoticeError> {
        let kind = serde_json::to_value(notice.kind)?;
        let mut call = self.client.publish().topic_arn(&self.arn).subject(notice.subject());
        // The topic refuses an attribute without a value.
        let attributes = [("kind", kind.as_str()), ("suite", notice.suite.as_deref())];
        for (name, value) in attributes {
            let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
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
mod tests;
