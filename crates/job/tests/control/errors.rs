//! What becomes of each error of the service.

use crate::jobs;
use crate::server::{Answer, Server, config};
use assay_job::JobRequest;
use assay_job::control::{Control, ControlError};
use assay_problem::Classified;
use aws_credential_types::credential_fn::provide_credentials_fn;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_credential_types::provider::error::CredentialsError;
use jiff::Timestamp;
use serde_json::json;

const ARN: &str = "arn:aws:bedrock:eu-west-1:111122223333:evaluation-job/abcdefgh1234";

/// Attempts of an operation whose error may pass.
const ATTEMPTS: usize = 6;

/// The word with which the error begins.
fn word(error: &ControlError) -> String {
    error.to_string().split(':').next().unwrap_or_default().to_owned()
}

fn request() -> JobRequest {
    jobs::every().remove(0).request
}

#[tokio::test]
async fn errors_are_sorted_by_what_helps() {
    for (status, code, class, passing, attempts, words) in [
        (429, "ThrottlingException", "throttled", true, ATTEMPTS, "it passes by itself"),
        (429, "", "throttled", true, 1, "it passes by itself"),
        (500, "InternalServerException", "unavailable", true, ATTEMPTS, "(500): no"),
        (503, "ServiceUnavailableException", "unavailable", true, ATTEMPTS, "(503): no"),
        (502, "", "unavailable", true, ATTEMPTS, "error (502)"),
        (
            403,
            "AccessDeniedException",
            "denied",
            false,
            1,
            "bedrock:CreateEvaluationJob, bedrock:TagResource, and iam:PassRole",
        ),
        (403, "UnrecognizedClientException", "denied", false, 1, "sign in again"),
        (403, "ExpiredTokenException", "denied", false, 1, "sign in again"),
        (403, "InvalidSignatureException", "denied", false, 1, "sign in again"),
        (403, "", "denied", false, 1, "iam:PassRole"),
        (400, "ValidationException", "rejected", false, 1, "mend the suite's `jobs`"),
        (400, "SomethingNewException", "rejected", false, 1, "SomethingNewException (400): no"),
        (400, "ConflictException", "name in use", false, 1, "drop the dataset again, or `assay job start --again`"),
        (400, "ServiceQuotaExceededException", "quota used up", true, 1, "wait until other jobs have ended"),
        (404, "ResourceNotFoundException", "missing", false, 1, "check that role, models"),
        (404, "", "missing", false, 1, "check that role, models"),
    ] {
        let server = Server::start(vec![Answer::error(status, code)]).await;
        let error = server.control.create(&request()).await.unwrap_err();
        assert_eq!((word(&error).as_str(), error.is_transient()), (class, passing), "{code}: {error}");
        assert_eq!(server.asked().len(), attempts, "{code}");
        assert!(error.to_string().contains(words) && error.to_string().contains(code), "{error}");
    }
}

#[tokio::test]
async fn each_operation_names_what_to_allow() {
    let server = Server::start(vec![Answer::error(403, "AccessDeniedException")]).await;
    let told = |error: ControlError| {
        assert_eq!(word(&error), "denied");
        error.to_string()
    };
    let control = &server.control;
    assert!(told(control.describe(ARN).await.unwrap_err()).contains("bedrock:GetEvaluationJob"));
    assert!(told(control.list(Timestamp::UNIX_EPOCH, None).await.unwrap_err()).contains("bedrock:ListEvaluationJobs"));
    assert!(told(control.stop(ARN).await.unwrap_err()).contains("bedrock:StopEvaluationJob"));
    let server = Server::start(vec![Answer::error(404, "ResourceNotFoundException")]).await;
    let gone = server.control.describe(ARN).await.unwrap_err();
    assert!(word(&gone) == "missing" && gone.to_string().contains("somebody may have removed the job"), "{gone}");
    let server = Server::start(vec![Answer::error(400, "ConflictException")]).await;
    let ended = server.control.stop(ARN).await.unwrap_err();
    assert!(word(&ended) == "rejected" && ended.to_string().contains("the job's state"), "{ended}");
}

#[tokio::test]
async fn throttling_that_passes_is_not_noticed() {
    let throttled = Answer::error(429, "ThrottlingException");
    let created = Answer::ok(json!({"jobArn": ARN}));
    let script = vec![throttled.clone(), Answer::error(503, ""), throttled, created];
    let server = Server::start(script).await;
    assert_eq!(server.control.create(&request()).await.as_deref(), Ok(ARN));
    let asked = server.asked();
    assert_eq!(asked.len(), 4);
    assert!(asked.iter().all(|again| again.body == asked[0].body), "the same token each time");
}

#[tokio::test]
async fn answers_that_cannot_be_read_and_servers_that_are_not_there_are_passing() {
    let server = Server::start(vec![Answer::raw(200, "<html>")]).await;
    let error = server.control.describe(ARN).await.unwrap_err();
    assert_eq!((word(&error).as_str(), error.is_transient()), ("unavailable", true), "{error}");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = Control::new(&config(&format!("http://{free}"))).describe(ARN).await.unwrap_err();
    assert!(word(&error) == "unavailable" && error.to_string().contains("the connection failed"), "{error}");
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let server = Server::start(vec![Answer::ok(json!({}))]).await;
    let failing = provide_credentials_fn(async || Err(CredentialsError::not_loaded("none here")));
    for provider in [None, Some(SharedCredentialsProvider::new(failing))] {
        let mut config = config(&server.url).into_builder();
        config.set_credentials_provider(provider);
        let error = Control::new(&config.build()).describe(ARN).await.unwrap_err();
        assert!(word(&error) == "denied" && error.to_string().contains("check credentials"), "{error}");
    }
    assert!(server.asked().is_empty());
}
