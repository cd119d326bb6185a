//! What a store can answer instead of the thing, by what can be done about it.

use assay_problem::{Classified, ErrorClass, ErrorKind};
use aws_credential_types::provider::error::CredentialsError;
use std::error::Error;

/// A store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is nothing at this place.
    #[error("`{place}` does not exist")]
    Missing {
        /// The file or key.
        place: String,
    },
    /// The caller may not do this, or nobody knows who the caller is.
    #[error("access to `{place}` is {why}")]
    Denied {
        /// The file or key.
        place: String,
        /// Denied or impossible, and what to do.
        why: &'static str,
        /// What the store said.
        source: StoreCause,
    },
    /// The place cannot be named in this store.
    #[error("`{place}` cannot be addressed: {reason}")]
    Unaddressable {
        /// The file or key.
        place: String,
        /// Why, and what to do.
        reason: String,
    },
    /// Anything else, mostly the network.
    #[error("`{place}` could not be read or written")]
    Unavailable {
        /// The file or key.
        place: String,
        /// What the store said.
        source: StoreCause,
    },
}

const NOT_ALLOWED: &str = "denied; allow s3:GetObject, s3:PutObject and s3:ListBucket there";
const NOT_KNOWN: &str = "denied; sign in again or renew the credentials";
const NO_CREDENTIALS: &str = "impossible: no AWS credentials; set AWS_PROFILE or run `aws sso login`";
/// What S3 calls credentials that it does not take. Some of these come with a status that says nothing of access.
const NOT_TAKEN: [&str; 5] =
    ["ExpiredToken", "InvalidToken", "TokenRefreshRequired", "InvalidAccessKeyId", "SignatureDoesNotMatch"];

impl StoreError {
    /// Sorts the store's answer about `place`. Of its text only what is safe to log is kept.
    pub fn new(place: &str, source: object_store::Error) -> Self {
        let place = place.to_owned();
        let (cause, code) = StoreCause::of(&source);
        let denied = |place, why| Self::Denied { place, why, source: cause.clone() };
        match source {
            object_store::Error::NotFound { .. } => Self::Missing { place },
            object_store::Error::InvalidPath { source } => Self::Unaddressable { place, reason: source.to_string() },
            source if chain(&source).any(|cause| cause.is::<CredentialsError>()) => denied(place, NO_CREDENTIALS),
            _ if code.is_some_and(|code| NOT_TAKEN.contains(&code.as_str())) => denied(place, NOT_KNOWN),
            object_store::Error::Unauthenticated { .. } => denied(place, NOT_KNOWN),
            object_store::Error::PermissionDenied { .. } => denied(place, NOT_ALLOWED),
            // The listing of a bucket that may not be listed is no such error, but has the code of one.
            _ if cause.0.ends_with(" AccessDenied") => denied(place, NOT_ALLOWED),
            _ => Self::Unavailable { place, source: cause },
        }
    }

    /// Sorts what the system says of a file in a folder.
    pub fn of_file(place: &str, source: std::io::Error) -> Self {
        Self::new(place, object_store::Error::Generic { store: "folder", source: Box::new(source) })
    }
}

impl Classified for StoreError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Denied { .. } => ErrorKind::User.named("Denied"),
            Self::Unaddressable { .. } => ErrorKind::User.named("StoreUnavailable"),
            Self::Unavailable { .. } => ErrorKind::Transient.named("StoreUnavailable"),
            // What the user names is looked for before; here something of ours is gone.
            Self::Missing { .. } => ErrorKind::Bug.named("StoreUnavailable"),
        }
    }
}

/// The short cause of a store's error: status and code of an answer, or what the system said. Never an answer's body,
/// in which S3 repeats key ids, session tokens and what was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StoreCause(String);

/// The longest cause that is kept, in characters.
const LONGEST_CAUSE: usize = 200;

impl StoreCause {
    /// The cause, and the store's code where it told one.
    fn of(error: &object_store::Error) -> (Self, Option<String>) {
        let deepest = chain(error).last().map(ToString::to_string).unwrap_or_default();
        let Some((_, answer)) = deepest.split_once("Server returned ") else {
            // What does not come from an answer has no body; should it look like one all the same, it ends before it.
            let plain = deepest.split(['<', '{', '\n']).next().unwrap_or_default().trim();
            return (Self(plain.chars().take(LONGEST_CAUSE).collect()), None);
        };
        let status = answer.split_once("status code: ").map(|(_, rest)| word(rest)).filter(|status| !status.is_empty());
        let code = answer.split_once("<Code>").map(|(_, rest)| word(rest)).filter(|code| !code.is_empty());
        let status = status.map_or_else(|| "an error in the answer".to_owned(), |status| format!("HTTP {status}"));
        let text = code.as_ref().map_or_else(|| status.clone(), |code| format!("{status} {code}"));
        (Self(text), code)
    }
}

/// The letters and digits at the beginning of `text`, as many as a code has.
fn word(text: &str) -> String {
    text.chars().take_while(char::is_ascii_alphanumeric).take(64).collect()
}

/// The error and its causes.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: &str, body: &str) -> object_store::Error {
        let text = format!("Server returned non-2xx status code: {status}: {body}");
        object_store::Error::Generic { store: "S3", source: Box::new(std::io::Error::other(text)) }
    }

    fn told(error: &StoreError) -> String {
        chain(error).map(|cause| format!("{cause} {cause:?}\n")).collect()
    }

    #[test]
    fn a_body_is_never_told_but_its_code_is() {
        let body = "<Error><Code>ExpiredToken</Code><Token-0>SECRET</Token-0></Error>";
        let error = StoreError::new("k", answer("400 Bad Request", body));
        assert!(matches!(error, StoreError::Denied { why: NOT_KNOWN, .. }), "{error:?}");
        assert!(told(&error).contains("HTTP 400 ExpiredToken") && !told(&error).contains("SECRET"), "{}", told(&error));
        for body in ["SECRET", "{\"token\": \"SECRET\"}", "<Code>SE<CRET</Code>\nSECRET", "<Code>"] {
            let error = StoreError::new("k", answer("503 Service Unavailable", body));
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
            assert!(told(&error).contains("HTTP 503") && !told(&error).contains("CRET"), "{}", told(&error));
        }
        let source = "Server returned error response: <Code>SlowDown</Code>SECRET".into();
        let error = StoreError::new("k", object_store::Error::Generic { store: "S3", source });
        assert!(told(&error).contains("SlowDown") && !told(&error).contains("SECRET"), "{}", told(&error));
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let refused = object_store::Error::PermissionDenied { path: "k".to_owned(), source: "status 403".into() };
        assert!(StoreError::new("k", refused).to_string().contains("allow s3:GetObject"));
        let source = Box::new(CredentialsError::not_loaded("no provider has any"));
        let listing = answer("403 Forbidden", "<Error><Code>AccessDenied</Code></Error>");
        assert!(StoreError::new("k", listing).to_string().contains("s3:ListBucket"));
        let unknown = object_store::Error::Unauthenticated { path: "credentials".to_owned(), source };
        let said = StoreError::new("k", unknown).to_string();
        assert!(said.contains("no AWS credentials; set AWS_PROFILE") && !said.contains("s3:GetObject"), "{said}");
    }

    #[test]
    fn the_system_s_own_words_are_kept() {
        let socket = std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "connection refused (os error 111)");
        let error = object_store::Error::Generic { store: "S3", source: Box::new(socket) };
        let (cause, code) = StoreCause::of(&error);
        assert_eq!((cause.to_string().as_str(), code), ("connection refused (os error 111)", None));
        let long = object_store::Error::Generic { store: "S3", source: "x".repeat(5000).into() };
        assert_eq!(StoreCause::of(&long).0.to_string().len(), LONGEST_CAUSE);
    }
}
