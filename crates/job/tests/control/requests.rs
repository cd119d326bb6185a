//! What is sent for each kind of job, against JSON written by hand and against AWS's own model of the service.

use crate::jobs;
use crate::server::{Answer, Server};
use local_stack::environment::Environment;
use local_stack::stand_in::ServiceModel;
use serde_json::json;

const ARN: &str = "arn:aws:bedrock:eu-west-1:111122223333:evaluation-job/abcdefgh1234";

async fn service_model() -> ServiceModel {
    let path = Environment::prepare().await.unwrap().bedrock_model().unwrap();
    ServiceModel::load(&path).unwrap()
}

#[tokio::test]
async fn every_kind_of_job_is_sent_as_the_service_wants_it() {
    let model = service_model().await;
    for case in jobs::every() {
        let server = Server::start(vec![Answer::ok(json!({"jobArn": ARN}))]).await;
        assert_eq!(server.control.create(&case.request).await.as_deref(), Ok(ARN), "{}", case.name);
        let asked = server.asked();
        assert_eq!(asked.len(), 1, "{}", case.name);
        assert_eq!((asked[0].method.as_str(), asked[0].path.as_str()), ("POST", "/evaluation-jobs"));
        assert_eq!(asked[0].body, case.sent, "{}", case.name);
        let violations = model.check_input("CreateEvaluationJob", &[], &asked[0].body);
        // The guide demands the task General of jobs with a judge; the model of the API does not list it.
        let demanded = case.sent.to_string().contains(r#""taskType":"General""#);
        let unlisted = violations.iter().filter(|violation| violation.path.ends_with("taskType"));
        assert_eq!(unlisted.count(), usize::from(demanded), "{}: {violations:#?}", case.name);
        assert_eq!(violations.len(), usize::from(demanded), "{}: {violations:#?}", case.name);
    }
}

#[tokio::test]
async fn a_request_that_lacks_a_part_is_told_before_anything_is_sent() {
    let server = Server::start(vec![Answer::ok(json!({"jobArn": ARN}))]).await;
    for mut case in jobs::every() {
        case.request.models.clear();
        case.request.sources.clear();
        let error = server.control.create(&case.request).await;
        let told = match case.name {
            "RAG that retrieves" => {
                assert!(error.is_ok());
                continue;
            }
            "RAG of recorded answers" | "RAG of recorded passages" => "lacks the name under which answers are recorded",
            name if name.starts_with("RAG") => "lacks the model that answers",
            _ => "lacks whoever answers",
        };
        assert!(error.as_ref().unwrap_err().to_string().contains(told), "{}: {error:?}", case.name);
        assert!(error.unwrap_err().to_string().starts_with("rejected: "));
    }
    for mut case in jobs::every().into_iter().filter(|case| case.request.evaluator.is_some()) {
        case.request.evaluator = None;
        let error = server.control.create(&case.request).await.unwrap_err();
        assert!(error.to_string().contains("lacks the model that judges"), "{error}");
    }
    let asked = server.asked().len();
    let mut human = jobs::every().into_iter().find(|case| case.name == "human").unwrap();
    human.request.spec.flow_definition = None;
    let error = server.control.create(&human.request).await.unwrap_err();
    assert!(error.to_string().contains("flow_definition_arn"), "{error}");
    assert_eq!((asked, server.asked().len()), (1, 1), "only the job that retrieves needs no model");
}

#[tokio::test]
async fn the_other_operations_name_the_job() {
    let server = Server::start(vec![Answer::ok(json!({}))]).await;
    server.control.stop(ARN).await.unwrap();
    let _ = server.control.describe(ARN).await;
    let asked = server.asked();
    let arn = ARN.replace(':', "%3A").replace('/', "%2F");
    let places: Vec<(&str, &str)> = asked.iter().map(|asked| (asked.method.as_str(), asked.path.as_str())).collect();
    assert_eq!(
        places,
        [("POST", &*format!("/evaluation-job/{arn}/stop")), ("GET", &*format!("/evaluation-jobs/{arn}"))]
    );
}
