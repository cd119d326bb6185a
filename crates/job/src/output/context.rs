//! What has to be known to read a line, and why one cannot be read.

use thiserror::Error;

/// What is known of the job when its output is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// The metric, as the job was asked for it (`Builtin.Correctness`, `BrandVoice`), if it was just one. Scores without
    /// a name, which older runs have, take it; without it they are called `unknown`.
    pub only_metric: Option<String>,
}

/// Why a line cannot be read. Neither prompts nor answers are told.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// It is no JSON, or nested too deeply.
    #[error("not valid JSON at column {column}")]
    InvalidJson {
        /// Where, in bytes, from 1.
        column: usize,
    },
    /// A key that matters has a value of a type that no known output has.
    #[error("a value of another type than expected at column {column}")]
    UnexpectedType {
        /// Where, in bytes, from 1.
        column: usize,
    },
    /// It is none of the records that jobs write.
    #[error("no automatedEvaluationResult, conversationTurns or humanEvaluationResult")]
    UnknownKind,
    /// A score is a list or an object.
    #[error("a score is no number")]
    ScoreIsNoNumber,
    /// Nothing tells whose the scores are.
    #[error("one list of scores for several answers")]
    SeveralAnswers,
    /// People rated an answer that cannot be found in the line.
    #[error("a rating names an answer that is not there")]
    UnknownAnswer,
    /// A conversation in which nothing was asked.
    #[error("a conversation without turns")]
    NoTurns,
}
