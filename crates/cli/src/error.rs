//! Errors of the tool: what is said of them, and their kind, from which the exit code follows.

use assay_problem::{Classified, ErrorKind};
use std::error::Error;
use std::fmt;

/// An error of the tool. Any error of ours becomes one, and keeps its kind.
#[derive(Debug)]
pub(crate) struct ToolError {
    kind: ErrorKind,
    said: String,
    reader_gone: bool,
}

/// What a part of the tool returns.
pub(crate) type Result<T, E = ToolError> = std::result::Result<T, E>;

impl ToolError {
    /// Something that nobody foresees.
    pub(crate) fn unexpected(said: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Bug, said: said.into(), reader_gone: false }
    }

    /// An error of a library that no error of ours stands for.
    pub(crate) fn unsorted(error: impl Error) -> Self {
        Self::unexpected(with_causes(&error))
    }

    /// Who can do something about it.
    pub(crate) fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the reader of our output went away. The output's own error is meant, not one that a store's error holds.
    pub(crate) fn is_reader_gone(&self) -> bool {
        self.reader_gone
    }

    /// The same error, after what was being done.
    pub(crate) fn context(self, doing: &str) -> Self {
        Self { said: format!("{doing}: {}", self.said), ..self }
    }
}

impl<E: Classified + 'static> From<E> for ToolError {
    fn from(error: E) -> Self {
        let whole: &(dyn Error + 'static) = &error;
        let of_system = whole.downcast_ref::<std::io::Error>();
        Self {
            kind: error.kind(),
            said: with_causes(whole),
            reader_gone: of_system.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe),
        }
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

/// An error and each of its causes.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Says what was being done when something failed.
pub(crate) trait Context<T> {
    /// The same result; an error stands after what was being done.
    fn with_context(self, doing: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Into<ToolError>> Context<T> for std::result::Result<T, E> {
    fn with_context(self, doing: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| error.into().context(&doing()))
    }
}
