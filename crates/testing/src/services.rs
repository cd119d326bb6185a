//! The services around the function, seen from outside: what came to the topic, and what the metrics say.

use crate::emulator;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Metric, MetricDataQuery, MetricStat};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// The secret key of every request; it may appear nowhere.
pub const SECRET: &str = "fake/SECRET+key/that+is+never+written";

/// The SDK's settings as a file says them: one endpoint for everything but these services, by the names that the Rust SDK
/// knows them by (others call `cloudwatch-logs` `cloudwatch_logs`).
pub async fn config(endpoint: &str, others: &[(&str, &str)]) -> SdkConfig {
    let others: String = others.iter().map(|(name, url)| format!("{name} =\n  endpoint_url = {url}\n")).collect();
    let text = format!(
        "[default]\nregion = us-east-1\naws_access_key_id = test\naws_secret_access_key = {SECRET}\n\
         endpoint_url = {endpoint}\nservices = split\n\n[services split]\n{others}"
    );
    let files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, text).build();
    aws_config::defaults(BehaviorVersion::latest()).profile_files(files).load().await
}

/// An HTTP client that asks no proxy.
pub fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Makes an empty bucket.
pub async fn make_bucket(bucket: &str) {
    let made = http().put(format!("{}/{bucket}", emulator::url())).send().await.unwrap();
    assert!(made.status().is_success(), "{made:?}");
}

async fn sqs(operation: &str, body: Value) -> Value {
    let signed =
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0";
    let request = http()
        .post(emulator::url())
        .header("X-Amz-Target", format!("AmazonSQS.{operation}"))
        .header("Content-Type", "application/x-amz-json-1.0")
        .header("Authorization", signed);
    let answer = request.body(body.to_string()).send().await.unwrap();
    let text = answer.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("SQS said to {operation}: {text}"))
}

/// Makes a topic and a queue that hears of everything it is told. Gives back the topic's ARN and the queue's URL.
pub async fn make_topic(config: &SdkConfig, name: &str) -> (String, String) {
    let sns = aws_sdk_sns::Client::new(config);
    let topic = sns.create_topic().name(name).send().await.unwrap().topic_arn.unwrap();
    let queue = sqs("CreateQueue", json!({"QueueName": name})).await["QueueUrl"].as_str().unwrap().to_owned();
    let attributes = sqs("GetQueueAttributes", json!({"QueueUrl": queue, "AttributeNames": ["QueueArn"]})).await;
    let arn = attributes["Attributes"]["QueueArn"].as_str().unwrap();
    sns.subscribe().topic_arn(&topic).protocol("sqs").endpoint(arn).send().await.unwrap();
    (topic, queue)
}

/// Takes every message out of a queue.
pub async fn messages(queue: &str) -> Vec<Value> {
    let mut bodies = Vec::new();
    loop {
        let wanted = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1});
        let received = sqs("ReceiveMessage", wanted).await;
        let Some(found) = received["Messages"].as_array().filter(|found| !found.is_empty()) else { return bodies };
        for message in found {
            bodies.push(serde_json::from_str(message["Body"].as_str().unwrap()).unwrap());
            sqs("DeleteMessage", json!({"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]})).await;
        }
    }
}

/// What CloudWatch says of one metric.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The sum of all values.
    pub sum: f64,
    /// How many values there are.
    pub count: f64,
    /// The median.
    pub p50: f64,
    /// Names and values of the dimensions.
    pub dimensions: BTreeMap<String, String>,
}

/// A metric's name, and its model; the suite where it is of no model. Behind a slash, which of the job's metrics it is.
pub type MetricKey = (String, String);

/// Every metric of a namespace.
pub async fn readings(config: &SdkConfig, namespace: &str) -> BTreeMap<MetricKey, Reading> {
    let client = aws_sdk_cloudwatch::Client::new(config);
    let listed = client.list_metrics().namespace(namespace).send().await.unwrap();
    let mut readings = BTreeMap::new();
    for metric in listed.metrics() {
        let dimension = |name: Option<&str>, value: Option<&str>| (name.unwrap().to_owned(), value.unwrap().to_owned());
        let dimensions: BTreeMap<_, _> = metric.dimensions().iter().map(|d| dimension(d.name(), d.value())).collect();
        let mut subject = dimensions.get("ModelId").or(dimensions.get("Suite")).cloned().unwrap_or_default();
        if let Some(metric) = dimensions.get("Metric") {
            subject = format!("{subject}/{metric}");
        }
        let values = statistics(&client, metric).await;
        let reading = Reading { sum: values["Sum"], count: values["SampleCount"], p50: values["p50"], dimensions };
        let key = (metric.metric_name().unwrap().to_owned(), subject);
        assert!(readings.insert(key.clone(), reading).is_none(), "{key:?} is there with different dimensions");
    }
    readings
}

async fn statistics(client: &aws_sdk_cloudwatch::Client, metric: &Metric) -> BTreeMap<&'static str, f64> {
    const NAMES: [(&str, &str); 3] = [("q0", "Sum"), ("q1", "SampleCount"), ("q2", "p50")];
    let query = |(id, statistic): &(&str, &str)| {
        let wanted = MetricStat::builder().metric(metric.clone()).period(86_400).stat(*statistic).build();
        MetricDataQuery::builder().id(*id).metric_stat(wanted).build()
    };
    let day = Duration::from_secs(86_400);
    let answer = client
        .get_metric_data()
        .start_time(DateTime::from(SystemTime::now() - day))
        .end_time(DateTime::from(SystemTime::now() + day))
        .set_metric_data_queries(Some(NAMES.iter().map(query).collect()));
    let answer = answer.send().await.unwrap();
    let value = |id: &str| {
        let result = answer.metric_data_results().iter().find(|result| result.id() == Some(id)).unwrap();
        // A run at midnight is seen in two periods.
        result.values().iter().sum()
    };
    NAMES.iter().map(|(id, name)| (*name, value(id))).collect()
}
