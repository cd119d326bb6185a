//! Evaluation jobs that Bedrock manages: what is asked of them, how they are started and watched, and what their output
//! says.
//!
//! A job ends in the same records as a run here does; scoring, summarising and telling are the core's. The AWS SDK is named
//! in `control` alone.

mod arrive;
mod collect;
mod context;
pub mod control;
mod convert;
mod foreign;
pub mod input;
mod ledger;
pub mod model_identifier;
mod name;
mod note;
mod observe;
pub mod output;
mod plan;
mod refuse;
mod request;
pub mod s3_uri;
mod start;
mod submit;
mod suite;
mod summary;
mod sweep;
mod trouble;

pub use arrive::arrive;
pub use collect::{Collected, Statuses, collect, settle};
pub use context::{JobContext, JobError};
pub use ledger::{LedgerError, list as list_notes, name_of as job_of_note, read as read_note};
pub use name::{is_valid_name, job_name};
pub use note::{JobNote, JobState, NOTE_FORMAT, Read, Told};
pub use observe::observe;
pub use plan::{JobRun, PlannedJob};
pub use request::{JobRequest, RequestedDataset, RequestedModel};
pub use start::{Check, Started, check, start};
pub use submit::{submit, withdraw};
pub use sweep::{Found, Settled, Sweep};
pub use trouble::{TellError, Trouble, notice, tell_trouble};
