//! Why an event has to come again, as Lambda, alarms and the log see it: one form for every error of every function.
//!
//! Whatever its kind, an error makes the invocation fail and stands in the log as an error. By its kind alone, a claim that
//! another delivery holds would be a success, and what passes or is the user's a warning; alarms on failed invocations, and
//! whoever searches the log for errors, count on these today.

use assay_problem::{Classified, ErrorKind, chain};
use lambda_runtime::Diagnostic;
use std::error::Error;
use std::fmt;

/// An error of a function. Lambda delivers the event again.
pub struct FunctionError(Box<dyn Classified + Send + Sync>);

impl FunctionError {
    /// Who can do something about it.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind()
    }

    /// The stable name of its class, as `errorType` of the invocation.
    pub fn class(&self) -> &'static str {
        self.0.class()
    }

    /// The error with all its causes, on one line.
    pub fn chain(&self) -> String {
        chain(&*self.0)
    }
}

impl<E: Classified + Send + Sync + 'static> From<E> for FunctionError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The runtime logs an error that a function returns in this form, and people read it.
impl fmt::Debug for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain())
    }
}

impl Error for FunctionError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl From<FunctionError> for Diagnostic {
    fn from(error: FunctionError) -> Self {
        Self { error_type: error.class().to_owned(), error_message: error.chain() }
    }
}

/// Logs an error that keeps an event, or a part of it, from being done: its class, all its causes, and any further fields.
#[macro_export]
macro_rules! log_error {
    ($error:expr, $message:literal $(, $($fields:tt)+)?) => {
        ::tracing::error!($($($fields)+,)? class = $error.class(), error = %$error.chain(), $message)
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the note was not written")]
    struct Unwritten(#[source] std::io::Error);

    impl Classified for Unwritten {
        fn classify(&self) -> assay_problem::ErrorClass {
            ErrorKind::Transient.named("NoteUnwritten")
        }
    }

    #[test]
    fn an_error_is_its_class_and_the_chain_of_its_causes() {
        let error = FunctionError::from(Unwritten(std::io::Error::other("disk full")));
        assert_eq!(error.kind(), ErrorKind::Transient);
        assert_eq!(error.to_string(), "the note was not written");
        assert_eq!(format!("{error:?}"), "the note was not written: disk full");
        let Diagnostic { error_type, error_message } = error.into();
        assert_eq!(
            (error_type.as_str(), error_message.as_str()),
            ("NoteUnwritten", "the note was not written: disk full")
        );
    }
}
