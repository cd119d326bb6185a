//! What people are told of a managed job.

use super::facts::shown;
use assay_notice::{Notice, NoticeKind};

/// How many messages of the service are told.
const SHOWN_MESSAGES: usize = 10;

/// Something that happened to a managed job.
#[derive(Debug, Clone, Copy)]
pub struct JobNews<'a> {
    /// What.
    pub kind: NoticeKind,
    /// The job.
    pub job: &'a str,
    /// Its suite.
    pub suite: &'a str,
    /// The application that the suite belongs to.
    pub application: &'a str,
    /// The run that it is for.
    pub run: &'a str,
    /// Where its note lies.
    pub note: &'a str,
    /// What the service says of it.
    pub messages: &'a [String],
}

impl From<JobNews<'_>> for Notice {
    fn from(news: JobNews<'_>) -> Self {
        let what = match news.kind {
            NoticeKind::JobStopped => "was stopped",
            NoticeKind::JobStuck => "is not done after a long time",
            NoticeKind::JobUnreadable => "cannot be taken further",
            _ => "failed",
        };
        let title = format!("{}: the job {} {what}", news.suite, news.job);
        let messages = shown(news.messages.iter().cloned(), SHOWN_MESSAGES, "messages");
        Self {
            suite: Some(news.suite.to_owned()),
            application: Some(news.application.to_owned()),
            run: Some(news.run.to_owned()),
            summary: Some(news.note.to_owned()),
            ..Self::new(news.kind, title, messages)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_notice::LONGEST_FACT;

    #[test]
    fn a_job_is_told_with_what_the_service_says() {
        let messages = vec!["x".repeat(2000), "no access".to_owned()];
        let kind = NoticeKind::JobFailed;
        let (job, suite, application, run, note) = ("faq-1", "faq", "Assay", "r", "s3://b/jobs/faq-1.json");
        let notice = Notice::from(JobNews { kind, job, suite, application, run, note, messages: &messages });
        assert_eq!(notice.title, "faq: the job faq-1 failed");
        assert_eq!((notice.facts[0].chars().count(), notice.facts[1].as_str()), (LONGEST_FACT + 1, "no access"));
        assert_eq!(notice.subject(), "Assay: faq: the job faq-1 failed");
    }
}
