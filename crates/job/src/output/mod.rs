//! What a job has written into its bucket: where it lies, and what its lines say.
//!
//! Pure: reading objects and making records of what is read are left to `collect`.

mod automatic;
mod context;
mod evaluations;
mod human;
mod input;
mod key;
mod line;
mod mended;
mod one_or_many;
mod outcome;
mod python_text;
mod rag;
mod text;

pub use context::{Context, Unreadable};
pub use key::OutputKey;
pub use line::read_line;

use assay_core::record::Evaluation;
use serde_json::{Map, Value};

/// What a job says of one answer to one prompt.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JudgedAnswer {
    /// What was asked; empty where the output does not tell.
    pub prompt: String,
    /// The acceptable answers that the job was given.
    pub references: Vec<String>,
    /// The group that the prompt belongs to.
    pub category: Option<String>,
    /// Who answered, as the output names it: a model id, an ARN, the label of recorded answers; of a job that only
    /// retrieves, the knowledge base. Empty where the output does not tell, as the key of the file may.
    pub model: String,
    /// The answer; none where nothing was generated.
    pub response: Option<String>,
    /// Why the model stopped, where that is told.
    pub stop_reason: Option<String>,
    /// Which turn of a conversation, from 0; none for single questions and for conversations of one turn.
    pub turn: Option<u32>,
    /// What was said of the answer.
    pub evaluations: Vec<Evaluation>,
    /// What was retrieved, and the like: kept in the record, looked at by nobody.
    pub metadata: Map<String, Value>,
}
