//! Errors as Lambda and the log show them: whatever the kind, the invocation fails with a stable class and the whole chain
//! of causes, and the log has them once, as an error.

use assay_core::publish::AnnounceError;
use assay_core::publish::metrics::MetricError;
use assay_core::publish::notice::NoticeError;
use assay_core::spec::RunError;
use assay_function::{EvaluationError, dropped_objects};
use assay_lambda::{FunctionError, log_error};
use assay_problem::ErrorKind::{self, Bug, Claim, Interrupted, Transient, User};
use assay_store::StoreError;
use lambda_runtime::Diagnostic;
use local_stack::captured_log::CapturedLog;
use serde_json::Value;

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
    let evaluation: [(EvaluationError, ErrorKind, &str); 11] = [
        (EvaluationError::Incomplete { answered: 3, total: 7 }, Interrupted, "Incomplete"),
        (denied().into(), User, "Denied"),
        (unavailable().into(), Transient, "StoreUnavailable"),
        (RunError::Lost.into(), Claim, "ClaimLost"),
        (AnnounceError::Lost.into(), Claim, "ClaimLost"),
        // As the tool counts it.
        (record.into(), Bug, "UnreadableRecord"),
        (model.into(), User, "RunFailed"),
        (RunError::Broken("x".to_owned()).into(), Bug, "RunFailed"),
        (AnnounceError::Metrics(MetricError::CloudWatch("x".to_owned())).into(), Transient, "NotAnnounced"),
        (AnnounceError::Notice(NoticeError::Topic("x".to_owned())).into(), Transient, "NotAnnounced"),
        (AnnounceError::Store(denied()).into(), User, "Denied"),
    ];
    let unknown = dropped_objects(&serde_json::json!({})).unwrap_err();
    let mut cases: Vec<(FunctionError, ErrorKind, &str)> = vec![(unknown.into(), User, "UnknownEvent")];
    cases.extend(evaluation.map(|(error, kind, class)| (error.into(), kind, class)));
    for (error, kind, class) in cases {
        let said = error.to_string();
        assert_eq!((error.kind(), error.class()), (kind, class), "{said}");
        let log = CapturedLog::default();
        tracing::subscriber::with_default(log.subscriber("info"), || log_error!(error, "not done", key = "k"));
        let diagnostic = Diagnostic::from(error);
        assert_eq!(diagnostic.error_type, class);
        assert!(diagnostic.error_message.starts_with(&said), "{}", diagnostic.error_message);
        let line: Value = serde_json::from_str(&log.text()).unwrap();
        let fields = &line["fields"];
        assert_eq!(
            (&line["level"], &fields["message"], &fields["key"]),
            (&"ERROR".into(), &"not done".into(), &"k".into())
        );
        assert_eq!(fields["class"], class);
        assert_eq!(fields["error"], diagnostic.error_message);
    }
}

#[test]
fn a_diagnostic_tells_the_whole_chain_of_causes_once() {
    let diagnostic = Diagnostic::from(FunctionError::from(EvaluationError::from(unavailable())));
    let said = diagnostic.error_message;
    assert!(said.starts_with("`datasets/s/a.jsonl` could not be read or written"), "{said}");
    assert_eq!(said.matches("connection refused (os error 111)").count(), 1, "{said}");
    assert!(!said.contains('\n'));
    let incomplete = Diagnostic::from(FunctionError::from(EvaluationError::Incomplete { answered: 3, total: 7 }));
    assert!(incomplete.error_message.contains("3 of 7"), "{}", incomplete.error_message);
}
