//! The format of notices: what people and chat tools read of a run, a job or anything else that happened.
//!
//! A notice names numbers and places; prompts and responses stay in the bucket. It is bounded, as the topic refuses long
//! messages. What stands in the notice of a run, and sending it, is left to others.

mod facts;

pub use facts::LONGEST_FACT;

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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_notice_of_no_run_names_none() {
        let digest = Notice::new(NoticeKind::WeeklyDigest, "the week\nof 24 November", vec!["x".repeat(2000)]);
        let value = serde_json::to_value(&digest).unwrap();
        let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["assay_notice", "facts", "kind", "title"]);
        assert_eq!((digest.title.as_str(), digest.facts[0].chars().count()), ("the week of 24 November", 501));
        assert_eq!(serde_json::from_value::<Notice>(value).unwrap(), digest);
    }
}
