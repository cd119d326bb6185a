//! Evaluation jobs: the part of Bedrock's control plane that creates, shows, stops and deletes them, and a worker that
//! finishes them.
//!
//! What a request must keep to is in `rules`, what a dataset must in `dataset`; the worker writes what `output` makes.

mod behaviour;
mod book;
mod builtin_datasets;
mod create;
mod dataset;
mod job;
mod list;
mod members;
mod operations;
mod output;
mod request;
mod rules;
mod scores;
mod storage;
mod worker;

pub use behaviour::{JobBehaviour, JobFailure, OutputVariant};
pub use job::{EvaluationJob, JobStatus};
pub use rules::evaluation_job_rules;
pub use scores::deterministic_score;

pub(crate) use book::JobBook;
pub(crate) use create::CreateJob;
pub(crate) use list::ListJobs;
pub(crate) use operations::{DeleteJobs, GetJob, StopJob};
pub(crate) use storage::Storage;
