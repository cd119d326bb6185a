//! ListEvaluationJobs: pages of five, filters, order.

use local_stack::stand_in::{JobBehaviour, JobFailure};
use serde_json::{Value, json};

use super::requests::*;
use super::{World, encoded};

/// Names on each page, walked to the end.
async fn pages(world: &World, query: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut token = String::new();
    loop {
        let response = world.fetch(&format!("/evaluation-jobs?{query}{token}")).await;
        assert_eq!(response.status(), 200, "{query}");
        let answer: Value = response.json().await.unwrap();
        let summaries = answer["jobSummaries"].as_array().unwrap();
        if !summaries.is_empty() {
            super::assert_fits("ListEvaluationJobs", &answer);
        }
        pages.push(summaries.iter().map(|summary| summary["jobName"].as_str().unwrap().to_owned()).collect());
        match answer["nextToken"].as_str() {
            Some(next) => token = format!("&nextToken={next}"),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn pages_have_five_summaries_at_most() {
    let fail = vec![JobFailure { name_contains: "job-02".to_owned(), messages: vec!["no".to_owned()] }];
    let hold = vec!["job".to_owned()];
    let world = World::start("pages", JobBehaviour { hold, ..JobBehaviour::default() }).await;
    assert_eq!(pages(&world, "").await, [Vec::<String>::new()]);
    let mut arns = Vec::new();
    for number in 1..=12 {
        arns.push(world.create(&automatic(&format!("job-{number:02}"), &world.bucket)).await);
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    world.create(&retrieve_only("job-rag", &world.bucket)).await;
    let newest = pages(&world, "maxResults=1000&sortBy=CreationTime").await;
    assert_eq!(newest.iter().map(Vec::len).collect::<Vec<_>>(), [5, 5, 3]);
    assert_eq!((newest[0][0].as_str(), newest[2][2].as_str()), ("job-rag", "job-01"));
    let oldest = pages(&world, "sortOrder=Ascending").await.concat();
    assert_eq!(oldest, newest.concat().into_iter().rev().collect::<Vec<_>>());
    assert_eq!(pages(&world, "maxResults=3&nameContains=job-1").await, [["job-12", "job-11", "job-10"]]);
    assert_eq!(pages(&world, "applicationTypeEquals=RagEvaluation").await, [["job-rag"]]);

    let fifth = world.get(&arns[4]).await["creationTime"].as_str().unwrap().replace(':', "%3A");
    let before = pages(&world, &format!("creationTimeBefore={fifth}&sortOrder=Ascending")).await.concat();
    assert_eq!(before, ["job-01", "job-02", "job-03", "job-04"]);
    let after = pages(&world, &format!("creationTimeAfter={fifth}")).await.concat();
    assert_eq!(after.len(), 8);

    world.set(JobBehaviour { fail, ..JobBehaviour { hold: vec!["job-0".to_owned()], ..JobBehaviour::default() } });
    world.stop(&arns[0]).await;
    world.until(&arns[0], "Stopped").await;
    assert_eq!(pages(&world, "statusEquals=Stopped").await, [["job-01"]]);
    assert_eq!(pages(&world, "statusEquals=Completed").await, [Vec::<String>::new()]);
}

#[tokio::test]
async fn summaries_name_sources_and_leave_reasons_out() {
    let world = World::start("summaries", JobBehaviour::default()).await;
    let summary = async |body: Value| {
        let arn = world.create(&body).await;
        world.until(&arn, "Failed").await;
        let name = body["jobName"].as_str().unwrap();
        let answer: Value = world.fetch(&format!("/evaluation-jobs?nameContains={name}")).await.json().await.unwrap();
        let mut summary = answer["jobSummaries"][0].clone();
        assert_eq!(summary["jobArn"], json!(arn));
        for left_out in ["jobArn", "jobName", "creationTime", "jobType", "applicationType"] {
            assert!(summary.as_object_mut().unwrap().remove(left_out).is_some(), "{left_out}");
        }
        summary
    };
    let b = world.bucket.as_str();
    assert_eq!(
        summary(judge("a", b)).await,
        json!({
            "status": "Failed",
            "evaluationTaskTypes": ["General"],
            "modelIdentifiers": [MODEL],
            "evaluatorModelIdentifiers": [JUDGE],
            "inferenceConfigSummary": {"modelConfigSummary": {"bedrockModelIdentifiers": [MODEL]}},
        })
    );
    assert_eq!(
        summary(with(judge("b", b), "/inferenceConfig/models", json!([own("support-bot")]))).await["inferenceConfigSummary"],
        json!({"modelConfigSummary": {"precomputedInferenceSourceIdentifiers": ["support-bot"]}})
    );
    let rag = summary(retrieve_only("c", b)).await;
    assert_eq!(rag["ragIdentifiers"], json!([KNOWLEDGE_BASE]));
    assert_eq!(
        rag["inferenceConfigSummary"],
        json!({"ragConfigSummary": {"bedrockKnowledgeBaseIdentifiers": [KNOWLEDGE_BASE]}})
    );
    assert_eq!(
        summary(own_rag("d", b)).await["inferenceConfigSummary"],
        json!({"ragConfigSummary": {"precomputedRagSourceIdentifiers": ["my-rag-source"]}})
    );
    let custom = summary(custom_judge("e", b, &Value::Null)).await;
    assert_eq!(custom["customMetricsEvaluatorModelIdentifiers"], json!([JUDGE]));
}

#[tokio::test]
async fn queries_that_make_no_sense_are_refused() {
    let world = World::start("queries", JobBehaviour::default()).await;
    for query in [
        "maxResults=0",
        "maxResults=1001",
        "maxResults=many",
        "statusEquals=Done",
        "applicationTypeEquals=Any",
        "creationTimeAfter=yesterday",
        "creationTimeBefore=1700000000",
        "nextToken=elsewhere",
        "sortBy=Name",
        "sortOrder=Random",
    ] {
        assert_eq!(world.fetch(&format!("/evaluation-jobs?{query}")).await.status(), 400, "{query}");
    }
    let time = encoded("2026-01-01T00:00:00Z");
    assert_eq!(world.fetch(&format!("/evaluation-jobs?creationTimeAfter={time}")).await.status(), 200);
}
