//! What the service says of jobs, also of those that somebody else started, and also in words that are new.

use crate::jobs;
use crate::server::{Answer, Server};
use assay_job::control::JobStatus;
use jiff::Timestamp;
use serde_json::{Value, json};

const ARN: &str = "arn:aws:bedrock:eu-west-1:111122223333:evaluation-job/abcdefgh1234";

async fn described(answer: Value) -> assay_job::control::JobDescription {
    let server = Server::start(vec![Answer::ok(answer)]).await;
    server.control.describe(ARN).await.unwrap()
}

/// The service's answer to who asks for a job that was created so.
fn answer(created: &Value, job_type: &str) -> Value {
    json!({
        "jobName": created["jobName"], "jobArn": ARN, "status": "Completed", "roleArn": created["roleArn"],
        "jobType": job_type, "applicationType": created["applicationType"],
        "evaluationConfig": created["evaluationConfig"], "inferenceConfig": created["inferenceConfig"],
        "outputDataConfig": created["outputDataConfig"],
        "creationTime": "2026-11-23T04:05:06.789Z", "lastModifiedTime": "2026-11-23T04:25:06Z",
    })
}

#[tokio::test]
async fn every_kind_of_job_is_described() {
    let nova = "amazon.nova-lite-v1:0";
    let profile = "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0";
    let own = "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abcdefgh1234";
    let models: [(&[&str], Option<&str>); 11] = [
        (&[nova], None),
        (&[nova], None),
        (&[nova], None),
        (&["my-bot_v2"], None),
        (&[nova, own], None),
        (&["old", "new"], None),
        (&[profile], Some("KB12345678")),
        (&[nova], Some("KB1")),
        (&[], Some("KB12345678")),
        (&["my-rag"], None),
        (&["my-rag"], None),
    ];
    for (case, (models, knowledge_base)) in jobs::every().into_iter().zip(models) {
        let people = case.name.starts_with("human");
        let job = described(answer(&case.sent, if people { "Human" } else { "Automated" })).await;
        assert_eq!(job.name, "faq-20261123t040506z-0a1b2c3d-00");
        assert_eq!((job.arn.as_str(), &job.status), (ARN, &JobStatus::Completed));
        assert_eq!(job.is_human, people, "{}", case.name);
        assert_eq!(job.created_at, "2026-11-23T04:05:06.789Z".parse().ok());
        assert_eq!(job.modified_at, "2026-11-23T04:25:06Z".parse().ok());
        assert_eq!(job.output_uri.as_deref(), Some("s3://bucket/job-output/faq/"));
        assert_eq!(job.models, models, "{}", case.name);
        assert_eq!(job.knowledge_base.as_deref(), knowledge_base, "{}", case.name);
        let datasets: Vec<_> = case.request.datasets.iter().map(|set| (set.name.clone(), set.uri.clone())).collect();
        assert_eq!(job.datasets, datasets, "{}", case.name);
        let spec = &case.request.spec;
        let custom = spec.custom_metrics.iter().map(|metric| metric.name.clone());
        let ratings = spec.ratings.iter().map(|rating| rating.name.clone());
        let metrics: Vec<String> = spec.built_in_metrics().chain(custom).chain(ratings).collect();
        assert_eq!(job.metrics, metrics, "{}", case.name);
        assert!(job.failure_messages.is_empty());
    }
}

#[tokio::test]
async fn a_failed_job_says_why() {
    let case = jobs::every().into_iter().find(|case| case.name == "judge").unwrap();
    let mut answer = answer(&case.sent, "Automated");
    answer["status"] = "Failed".into();
    answer["failureMessages"] = json!(["first", "second"]);
    let job = described(answer).await;
    assert_eq!((job.status, job.failure_messages), (JobStatus::Failed, vec!["first".to_owned(), "second".to_owned()]));
}

#[tokio::test]
async fn what_is_missing_or_new_is_left_out() {
    let bare = described(json!({"jobArn": ARN})).await;
    assert_eq!((bare.name.as_str(), bare.created_at, bare.modified_at, bare.output_uri), ("", None, None, None));
    assert_eq!(bare.status, JobStatus::Unknown("no value was set".to_owned()));
    assert!(bare.models.is_empty() && bare.metrics.is_empty() && bare.datasets.is_empty() && !bare.is_human);
    let new = described(json!({
        "jobArn": ARN, "jobName": "n", "status": "Paused", "jobType": "Astrological", "applicationType": "Dreams",
        "somethingNew": {"a": [1]},
        "evaluationConfig": {"astrological": {"stars": 5}},
        "inferenceConfig": {"dreams": []},
        "creationTime": "2026-11-23T04:05:06Z",
    }))
    .await;
    assert_eq!(new.status, JobStatus::Unknown("Paused".to_owned()));
    assert_eq!(new.status.to_string(), "Paused");
    assert!(!new.is_human && new.models.is_empty() && new.metrics.is_empty());
    let inside = described(json!({
        "jobArn": ARN, "jobName": "n", "status": "Completed", "jobType": "Automated",
        "evaluationConfig": {"automated": {
            "datasetMetricConfigs": [
                {"taskType": "General", "dataset": {"name": "a", "datasetLocation": {"ftp": "x"}}, "metricNames": ["m"]},
                {"taskType": "Riddles", "dataset": {"name": "b"}, "metricNames": ["m", "n"]},
            ],
            "evaluatorModelConfig": {"councils": ["a"]},
        }},
        "inferenceConfig": {"models": [{"oracle": {}}, {"bedrockModel": {"modelIdentifier": "amazon.nova-lite-v1:0"}}]},
    }))
    .await;
    assert_eq!(inside.metrics, ["m", "n"]);
    assert_eq!(inside.datasets, [("a".to_owned(), None), ("b".to_owned(), None)]);
    assert_eq!(inside.models, ["amazon.nova-lite-v1:0"]);
    let rag = |config: Value| json!({"jobArn": ARN, "jobName": "n", "inferenceConfig": {"ragConfigs": config}});
    for config in [
        json!([]),
        json!([{"new": 1}]),
        json!([{"knowledgeBaseConfig": {"new": 1}}]),
        json!([{"precomputedRagSourceConfig": {"new": 1}}]),
    ] {
        let job = described(rag(config)).await;
        assert!(job.models.is_empty() && job.knowledge_base.is_none());
    }
    let external = json!([{"knowledgeBaseConfig": {"retrieveAndGenerateConfig": {
        "type": "EXTERNAL_SOURCES", "externalSourcesConfiguration": {"modelArn": "amazon.nova-lite-v1:0", "sources": []},
    }}}]);
    assert_eq!(described(rag(external)).await.models, ["amazon.nova-lite-v1:0"]);
}

#[tokio::test]
async fn every_status_is_known() {
    for (name, status) in [
        ("InProgress", JobStatus::InProgress),
        ("Completed", JobStatus::Completed),
        ("Failed", JobStatus::Failed),
        ("Stopping", JobStatus::Stopping),
        ("Stopped", JobStatus::Stopped),
        ("Deleting", JobStatus::Deleting),
    ] {
        let job = described(json!({"jobArn": ARN, "jobName": "n", "status": name})).await;
        assert_eq!((&job.status, job.status.to_string().as_str()), (&status, name));
    }
}

#[tokio::test]
async fn lists_are_read_page_by_page_from_the_oldest() {
    let summary = |name: &str, created: &str| {
        json!({
            "jobArn": ARN, "jobName": name, "status": "InProgress", "creationTime": created, "jobType": "Automated",
            "evaluationTaskTypes": ["General"], "applicationType": "RagEvaluation",
        })
    };
    let first = json!({"nextToken": "more+/=", "jobSummaries": [summary("a", "2026-11-23T04:05:06Z")]});
    let second = json!({"jobSummaries": [{"jobArn": ARN, "jobName": "b", "jobType": "Human"}]});
    let server = Server::start(vec![Answer::ok(first), Answer::ok(second), Answer::ok(json!({}))]).await;
    let after: Timestamp = "2026-10-24T00:00:00.5Z".parse().unwrap();
    let (jobs, next) = server.control.list(after, None).await.unwrap();
    assert_eq!((jobs.len(), jobs[0].name.as_str(), next.as_deref()), (1, "a", Some("more+/=")));
    assert_eq!(jobs[0].status, JobStatus::InProgress);
    assert_eq!(jobs[0].created_at, "2026-11-23T04:05:06Z".parse().ok());
    let (jobs, next) = server.control.list(after, next).await.unwrap();
    assert_eq!((jobs.len(), jobs[0].name.as_str(), jobs[0].created_at, next), (1, "b", None, None));
    assert!(matches!(jobs[0].status, JobStatus::Unknown(_)));
    assert_eq!(server.control.list(after, None).await.unwrap(), (Vec::new(), None));
    let queries: Vec<String> = server.asked().into_iter().map(|asked| asked.query).collect();
    let common = "creationTimeAfter=2026-10-24T00%3A00%3A00Z&maxResults=100";
    let order = "sortBy=CreationTime&sortOrder=Ascending";
    assert_eq!(queries[0], format!("{common}&{order}"));
    assert_eq!(queries[1], format!("{common}&nextToken=more%2B%2F%3D&{order}"));
}
