//! What can be done about an error, whichever crate it comes from.
//!
//! Each error type of ours says it once, through [`Classified`]. The exit code of the tool, the `errorType` of a Lambda
//! invocation and what is retried follow from it, and are decided where each of them is made.

use std::error::Error;

/// Who can do something about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Nobody has to: the same may succeed at another time.
    Transient,
    /// The user, by changing settings, permissions, a file or an argument.
    User,
    /// Nobody: another process holds the claim and does the work.
    Claim,
    /// Nobody has to: it was stopped, or its time was over, and the next attempt continues from there.
    Interrupted,
    /// The developers: something happened that Assay does not foresee.
    Bug,
}

impl ErrorKind {
    /// The class of errors of this kind that is called `name`.
    pub fn named(self, name: &'static str) -> ErrorClass {
        ErrorClass { kind: self, name }
    }
}

/// A class of errors: its kind, and its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrorClass {
    /// Who can do something about it.
    pub kind: ErrorKind,
    /// The stable name: `errorType` of an invocation, and `class` in the log. Alarms and retries may match it.
    pub name: &'static str,
}

/// An error of ours.
pub trait Classified: Error {
    /// Its class. An error that passes another one on gives that one's class, unless it names the class anew.
    fn classify(&self) -> ErrorClass;

    /// Who can do something about it.
    fn kind(&self) -> ErrorKind {
        self.classify().kind
    }

    /// The stable name of its class.
    fn class(&self) -> &'static str {
        self.classify().name
    }

    /// The error with all its causes, on one line.
    fn chain(&self) -> String
    where
        Self: Sized,
    {
        chain(self)
    }

    /// Returns whether the same may succeed at another time without anybody doing anything.
    fn is_transient(&self) -> bool {
        self.kind() == ErrorKind::Transient
    }
}

/// The system's word on a file or a stream of ours that nothing else has put into words.
impl Classified for std::io::Error {
    fn classify(&self) -> ErrorClass {
        ErrorKind::Bug.named("Io")
    }
}

/// JSON of ours that cannot be written or read back.
impl Classified for serde_json::Error {
    fn classify(&self) -> ErrorClass {
        ErrorKind::Bug.named("Json")
    }
}

/// An error with all its causes, on one line.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // A transparent error and its source say the same.
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

/// The deepest cause of an error, where the reason is.
pub fn deepest(error: &(dyn Error + 'static)) -> String {
    std::iter::successors(Some(error), |&error| error.source()).last().map(ToString::to_string).unwrap_or_default()
}
