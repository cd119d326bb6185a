//! The note of a job, `jobs/<job>.json`: what it was asked and what became of it. Everything that has to outlive a function is
//! here, so that whoever comes by can go on: start a job that had to wait, notice its end, tell it once.

use crate::request::JobRequest;
use assay_core::spec::DatasetIdentity;
use assay_problem::Problems;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The version of the note's format. A reader refuses a higher one.
pub const NOTE_FORMAT: u32 = 1;

/// What is known of one job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobNote {
    /// [`NOTE_FORMAT`].
    pub format: u32,
    /// The version of Assay that wrote it.
    pub assay: String,
    /// The job's name.
    pub job: String,
    /// How the service names it, once it was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The suite.
    pub suite: String,
    /// The application that the suite belongs to.
    pub application: String,
    /// The run that it is for. The jobs of one run are compared where they ask different models.
    pub run: String,
    /// Every job of the run, in order; this one among them.
    pub jobs: Vec<String>,
    /// What the job was asked; none for a job that somebody else started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<JobRequest>,
    /// Who answers in a job that somebody else started, as the service names them; of our own the request tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answerers: Vec<String>,
    /// Whether people rate, who may take weeks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_human: bool,
    /// Whose samples it evaluates.
    pub dataset: DatasetIdentity,
    /// Lines of the dataset that could not go into any job of the run.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    pub bad_lines: u64,
    /// The class labels of the dataset, where the suite's own scorers classify answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// What is wrong with the dataset and the spec, or should be kept in mind; with the first job of the run alone.
    #[serde(default, skip_serializing_if = "Problems::is_empty")]
    pub problems: Problems,
    /// How many samples it was given; none where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<u64>,
    /// Where the samples lie by which its output is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples_key: Option<String>,
    /// The only metric that was asked, where it was just one: older output leaves its name out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_metric: Option<String>,
    /// The folder of its output in the bucket; none while it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_folder: Option<String>,
    /// How far it is.
    pub state: JobState,
    /// What the service said when it failed, was stopped or was refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<String>,
    /// When the note was made.
    pub noted_at: Timestamp,
    /// When the job was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When its end was noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// What was read of its output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Read>,
    /// What people were told of it.
    #[serde(default, skip_serializing_if = "Told::is_empty")]
    pub told: Told,
    /// Whether its run is done, so that nobody has to look at it again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It is not started yet: the service has no room for it, or did not answer.
    Waiting,
    /// The service works on it.
    InProgress,
    /// It is done.
    Completed,
    /// It failed.
    Failed,
    /// Somebody stopped it.
    Stopped,
    /// The service refused to start it.
    Refused,
    /// The service does not know it any more.
    Gone,
    /// Its output goes somewhere else; nothing is done about it.
    Elsewhere,
}

impl JobState {
    /// Whether it can change by itself.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::InProgress)
    }

    /// Whether it ended without a result.
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Failed | Self::Stopped | Self::Refused | Self::Gone)
    }

    /// Its name, as in the note.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Refused => "refused",
            Self::Gone => "gone",
            Self::Elsewhere => "elsewhere",
        }
    }
}

/// What was read of a job's output.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// The objects.
    pub files: Vec<String>,
    /// Answers that were found.
    pub answers: u64,
    /// Lines that could not be read. They are kept in the run's folder `unread`.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    pub unread: u64,
    /// Answers whose question is not among the samples that the job was given.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    pub strangers: u64,
    /// Why the first of the lines could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_reason: Option<String>,
}

/// What people were told of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// That it failed, was stopped or was refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trouble: bool,
    /// That it takes long.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stuck: bool,
    /// That its output cannot be read, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
}

impl Told {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl JobNote {
    /// That of a job which waits, alone in its run, with nothing known of it yet.
    pub fn new(job: &str, (suite, application): (&str, &str), run: &str, dataset: DatasetIdentity) -> Self {
        Self {
            format: NOTE_FORMAT,
            assay: assay_core::VERSION.to_owned(),
            job: job.to_owned(),
            arn: None,
            suite: suite.to_owned(),
            application: application.to_owned(),
            run: run.to_owned(),
            jobs: vec![job.to_owned()],
            request: None,
            answerers: Vec::new(),
            is_human: false,
            dataset,
            bad_lines: 0,
            labels: Vec::new(),
            problems: Problems::default(),
            samples: None,
            samples_key: None,
            only_metric: None,
            output_folder: None,
            state: JobState::Waiting,
            messages: Vec::new(),
            noted_at: Timestamp::now(),
            started_at: None,
            ended_at: None,
            read: None,
            told: Told::default(),
            settled: false,
        }
    }

    /// Which of the run's jobs it is, from 0.
    pub fn member(&self) -> usize {
        self.jobs.iter().position(|job| *job == self.job).unwrap_or_default()
    }

    /// The last part of the ARN: the folder of its output.
    pub fn id(&self) -> Option<&str> {
        self.arn.as_deref()?.rsplit('/').next()
    }

    /// Whether it is a job of ours of which nobody has written down that the service has it.
    pub fn is_lost(&self) -> bool {
        self.arn.is_none() && !self.is_foreign()
    }

    /// Whether somebody else started it.
    pub fn is_foreign(&self) -> bool {
        self.request.is_none()
    }
}
