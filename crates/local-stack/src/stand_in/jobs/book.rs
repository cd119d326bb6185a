//! The book of evaluation jobs: which there are and where each of them stands.
//!
//! Requests reach it checked; what a job does while it is under way is the worker's business.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::behaviour::JobBehaviour;
use super::job::{EvaluationJob, Job, JobStatus, now};
use super::request::JobRequest;
use crate::emulator::REGION;
use crate::stand_in::errors::{ErrorKind, ServiceError};

/// Letters of a job's id.
const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// All jobs of one stand-in.
#[derive(Debug, Default)]
pub(crate) struct JobBook {
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    /// In the order of creation.
    jobs: Vec<Job>,
    /// The ARN and the body that a request token stands for. The service forgets tokens one day; this book does not.
    tokens: HashMap<String, (String, Value)>,
    created: u64,
}

impl JobBook {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        // Each change is made in one step, so the pages are whole also when a thread died while it held them.
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a new job down and gives back its ARN, and whether it is new: a repeated request is not.
    pub(super) fn create(
        &self,
        request: &Arc<JobRequest>,
        body: &Value,
        behaviour: &JobBehaviour,
    ) -> Result<(String, bool), ServiceError> {
        let mut pages = self.pages();
        if let Some((arn, first)) = request.client_request_token.as_ref().and_then(|token| pages.tokens.get(token)) {
            if first == body {
                return Ok((arn.clone(), false));
            }
            let message = "The client request token was used before with other parameters.";
            return Err(ServiceError::new(ErrorKind::Conflict, message));
        }
        let name = &request.job_name;
        if pages.jobs.iter().any(|job| job.request.job_name == *name && job.request.account() == request.account()) {
            let message = format!("The evaluation job name {name} is already in use in this account and Region.");
            return Err(ServiceError::new(ErrorKind::Conflict, message));
        }
        let created = now();
        let number = pages.created + 1;
        let job = Job {
            number,
            arn: arn(request, number, created.as_nanosecond()),
            request: Arc::clone(request),
            body: body.clone(),
            status: JobStatus::InProgress,
            is_concluding: false,
            failure_messages: Vec::new(),
            created,
            modified: created,
        };
        let (most, kind) = if job.is_human() {
            (behaviour.max_concurrent_human, "human-based")
        } else {
            (behaviour.max_concurrent_automated, "automated")
        };
        let under_way = pages.jobs.iter().filter(|other| !other.status.is_final());
        if under_way.filter(|other| other.is_human() == job.is_human()).count() >= most {
            let message = format!("You have reached the limit of {most} concurrent {kind} evaluation jobs.");
            return Err(ServiceError::new(ErrorKind::ServiceQuotaExceeded, message));
        }
        let arn = job.arn.clone();
        pages.created = number;
        pages.jobs.push(job);
        if let Some(token) = &request.client_request_token {
            pages.tokens.insert(token.clone(), (arn.clone(), body.clone()));
        }
        Ok((arn, true))
    }

    /// All jobs, in the order of creation, as tests look at them.
    pub(crate) fn views(&self) -> Vec<EvaluationJob> {
        self.pages().jobs.iter().map(Job::view).collect()
    }

    /// All jobs, in the order of creation.
    pub(super) fn all(&self) -> Vec<Job> {
        self.pages().jobs.clone()
    }

    pub(super) fn get(&self, arn: &str) -> Option<Job> {
        self.pages().jobs.iter().find(|job| job.arn == arn).cloned()
    }

    pub(super) fn status(&self, arn: &str) -> Option<JobStatus> {
        self.with(arn, |job| job.status)
    }

    /// Asks a job to stop. What the service says of one that is over is not documented; a conflict is what fits.
    pub(super) fn stop(&self, arn: &str) -> Result<(), ServiceError> {
        let mut pages = self.pages();
        let job = pages.jobs.iter_mut().find(|job| job.arn == arn).ok_or_else(|| unknown(arn))?;
        match job.status {
            JobStatus::Stopping => Ok(()),
            JobStatus::InProgress if !job.is_concluding => {
                job.change(JobStatus::Stopping);
                Ok(())
            }
            status => {
                let message = format!("The evaluation job cannot be stopped, its status is {}.", status.name());
                Err(ServiceError::new(ErrorKind::Conflict, message))
            }
        }
    }

    /// Takes a job that is over out of the book.
    pub(super) fn delete(&self, arn: &str) -> Result<(), ServiceError> {
        let mut pages = self.pages();
        let place = pages.jobs.iter().position(|job| job.arn == arn).ok_or_else(|| unknown(arn))?;
        let status = pages.jobs[place].status;
        if !status.is_final() {
            let message = format!("The evaluation job cannot be deleted, its status is {}.", status.name());
            return Err(ServiceError::new(ErrorKind::Conflict, message));
        }
        pages.jobs.remove(place);
        Ok(())
    }

    /// Marks a job whose output is about to be written; false when it is no longer in progress.
    pub(super) fn begin_conclusion(&self, arn: &str) -> bool {
        self.with(arn, |job| {
            job.is_concluding = job.status == JobStatus::InProgress;
            job.is_concluding
        })
        .unwrap_or(false)
    }

    pub(super) fn complete(&self, arn: &str) {
        self.with(arn, |job| job.change(JobStatus::Completed));
    }

    pub(super) fn stopped(&self, arn: &str) {
        self.with(arn, |job| job.change(JobStatus::Stopped));
    }

    /// Ends a job without output: as failed, or as stopped where that was asked for before.
    pub(super) fn fail(&self, arn: &str, messages: Vec<String>) {
        self.with(arn, |job| {
            if job.status == JobStatus::Stopping {
                job.change(JobStatus::Stopped);
            } else if job.status == JobStatus::InProgress {
                // No more and no longer than the service's model allows.
                let cut = |message: String| message.chars().take(2048).collect();
                job.failure_messages = messages.into_iter().take(20).map(cut).collect();
                job.change(JobStatus::Failed);
            }
        });
    }

    fn with<T>(&self, arn: &str, work: impl FnOnce(&mut Job) -> T) -> Option<T> {
        self.pages().jobs.iter_mut().find(|job| job.arn == arn).map(work)
    }
}

impl Job {
    fn change(&mut self, status: JobStatus) {
        self.status = status;
        self.modified = now();
    }
}

/// The refusal of a job that nobody knows.
pub(super) fn unknown(arn: &str) -> ServiceError {
    ServiceError::new(ErrorKind::ResourceNotFound, format!("The evaluation job could not be found: {arn}"))
}

/// An ARN that no other job has, whichever stand-in wrote into the same bucket.
fn arn(request: &JobRequest, number: u64, created: i128) -> String {
    let digest = Sha256::digest(format!("{} {number} {created} {}", request.job_name, std::process::id()));
    let id: String =
        digest.iter().take(12).map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect();
    format!("arn:aws:bedrock:{REGION}:{}:evaluation-job/{id}", request.account())
}
