//! Errors as Lambda shows them: a stable class, and the whole chain of causes.

use assay_core::publish::AnnounceError;
use assay_core::publish::metrics::MetricError;
use assay_core::publish::notice::NoticeError;
use assay_core::spec::RunError;
use assay_function::{EvaluationError, dropped_objects};
use assay_store::StoreError;
use dataset_evaluator::EvaluatorError;
use lambda_runtime::Diagnostic;

fn unavailable() -> StoreError {
    let socket = std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "connection refused (os error 111)");
    let source = object_store::Error::Generic { store: "S3", source: Box::new(socket) };
    StoreError::new("datasets/s/a.jsonl", source)
}

fn denied() -> StoreError {
    let source = object_store::Error::PermissionDenied { path: "k".to_owned(), source: "status 403".into() };
    StoreError::new("datasets/s/a.jsonl", source)
}

#[test]
fn every_error_has_a_stable_class() {
    let record = RunError::Record { part: "p".to_owned(), line: 3, reason: "broken".to_owned() };
    let model = RunError::Model { model: "m".to_owned(), reason: "no".to_owned() };
    let unknown = dropped_objects(&serde_json::json!({})).unwrap_err();
    let cases: [(EvaluationError, &str); 10] = [
        (EvaluationError::Incomplete { answered: 3, total: 7 }, "Incomplete"),
        (denied().into(), "Denied"),
        (unavailable().into(), "StoreUnavailable"),
        (RunError::Lost.into(), "ClaimLost"),
        (AnnounceError::Lost.into(), "ClaimLost"),
        (record.into(), "UnreadableRecord"),
        (model.into(), "RunFailed"),
        (AnnounceError::Metrics(MetricError::CloudWatch("x".to_owned())).into(), "NotAnnounced"),
        (AnnounceError::Notice(NoticeError::Topic("x".to_owned())).into(), "NotAnnounced"),
        (AnnounceError::Store(denied()).into(), "Denied"),
    ];
    let cases = cases.map(|(error, class)| (EvaluatorError::from(error), class));
    for (error, class) in cases.into_iter().chain([(unknown.into(), "UnknownEvent")]) {
        let said = error.to_string();
        assert_eq!(error.class(), class, "{said}");
        let diagnostic = Diagnostic::from(error);
        assert_eq!(diagnostic.error_type, class);
        assert!(diagnostic.error_message.starts_with(&said), "{}", diagnostic.error_message);
    }
}

#[test]
fn a_diagnostic_tells_the_whole_chain_of_causes_once() {
    let diagnostic = Diagnostic::from(EvaluatorError::from(EvaluationError::from(unavailable())));
    let said = diagnostic.error_message;
    assert!(said.starts_with("`datasets/s/a.jsonl` could not be read or written"), "{said}");
    assert_eq!(said.matches("connection refused (os error 111)").count(), 1, "{said}");
    assert!(!said.contains('\n'));
    let incomplete = Diagnostic::from(EvaluatorError::from(EvaluationError::Incomplete { answered: 3, total: 7 }));
    assert!(incomplete.error_message.contains("3 of 7"), "{}", incomplete.error_message);
}
