//! What a function of the stack works with in one test: a bucket, a topic with a queue, a stand-in for Bedrock, settings.

use crate::clock::until;
use crate::emulator;
use crate::run::Run;
use crate::services::{self, MetricKey, Reading};
use assay_core::spec::Settings;
use assay_store::s3;
use aws_config::SdkConfig;
use futures::TryStreamExt as _;
use local_stack::stand_in::{StandIn, StandInOptions};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The world of one test. The functions in it are the affair of each crate.
pub struct World {
    /// The bucket.
    pub bucket: String,
    /// The ways to AWS.
    pub config: SdkConfig,
    /// The objects in the bucket.
    pub store: Arc<dyn ObjectStore>,
    /// Bedrock.
    pub stand_in: StandIn,
    /// What the stack sets.
    pub settings: Settings,
    /// The queue that receives the topic's notices.
    pub queue: String,
}

impl World {
    /// Makes the bucket and a topic of the same name. The stack asks `model` where nobody names another.
    pub async fn new(bucket: &str, namespace: &str, model: &str, config: SdkConfig, stand_in: StandIn) -> Self {
        services::make_bucket(bucket).await;
        let (topic, queue) = services::make_topic(&config, bucket).await;
        let settings = settings(bucket, &topic, namespace, model);
        let store = s3(bucket, &config).unwrap();
        Self { bucket: bucket.to_owned(), config, store, stand_in, settings, queue }
    }

    /// Waits until the stand-in has noticed that no caller waits for an answer.
    pub async fn until_left(&self) {
        until("nobody waits for an answer", async || self.stand_in.totals().in_flight == 0).await;
    }

    /// Writes an object, and gives back its ETag.
    pub async fn put(&self, key: &str, text: impl Into<String>) -> String {
        let put = self.store.put(&Path::parse(key).unwrap(), text.into().into()).await.unwrap();
        put.e_tag.unwrap().trim_matches('"').to_owned()
    }

    /// Removes an object.
    pub async fn remove(&self, key: &str) {
        self.store.delete(&Path::parse(key).unwrap()).await.unwrap();
    }

    /// The text of an object.
    pub async fn read(&self, key: &str) -> String {
        let found = self.store.get(&Path::parse(key).unwrap()).await.unwrap();
        String::from_utf8(found.bytes().await.unwrap().to_vec()).unwrap()
    }

    /// A JSON object that has to be there.
    pub async fn json(&self, key: &str) -> Value {
        serde_json::from_str(&self.read(key).await).unwrap()
    }

    /// Every key below a prefix, in order.
    pub async fn keys(&self, prefix: &str) -> Vec<String> {
        let listed: Vec<_> = self.store.list(Some(&Path::from(prefix))).try_collect().await.unwrap();
        let mut keys: Vec<String> = listed.into_iter().map(|found| found.location.to_string()).collect();
        keys.sort();
        keys
    }

    /// Every object below a prefix.
    pub async fn objects(&self, prefix: &str) -> BTreeMap<String, String> {
        let mut objects = BTreeMap::new();
        for key in self.keys(prefix).await {
            let text = self.read(&key).await;
            objects.insert(key, text);
        }
        objects
    }

    /// Every run of a suite, in the order of their ids.
    pub async fn runs(&self, suite: &str) -> Vec<Run> {
        let mut runs: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (key, text) in self.objects(&format!("runs/{suite}")).await {
            let (run, name) = key.strip_prefix(&format!("runs/{suite}/")).unwrap().split_once('/').unwrap();
            runs.entry(run.to_owned()).or_default().insert(name.to_owned(), text);
        }
        runs.into_iter().map(|(id, objects)| Run { id, objects }).collect()
    }

    /// The only run of a suite.
    pub async fn only_run(&self, suite: &str) -> Run {
        let mut runs = self.runs(suite).await;
        assert_eq!(runs.len(), 1, "not one run of {suite}: {runs:?}");
        runs.remove(0)
    }

    /// Takes the notices that came to the topic.
    pub async fn notices(&self) -> Vec<Value> {
        let envelopes = services::messages(&self.queue).await;
        envelopes.iter().map(|envelope| serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap()).collect()
    }

    /// Every metric that was published.
    pub async fn metrics(&self) -> BTreeMap<MetricKey, Reading> {
        services::readings(&self.config, &self.settings.namespace).await
    }
}

/// The settings of a stack called `assay` with this bucket.
pub fn settings(bucket: &str, topic: &str, namespace: &str, model: &str) -> Settings {
    Settings {
        bucket: bucket.to_owned(),
        model_ids: vec![model.to_owned()],
        model_arns: Vec::new(),
        evidence_model_ids: Vec::new(),
        application: "Assay".to_owned(),
        namespace: namespace.to_owned(),
        notice_topic: Some(topic.to_owned()),
        concurrency: 4,
        price_table: None,
        job_role: None,
        stuck_job_hours: 12,
        stuck_human_job_days: 14,
        stack: "assay".to_owned(),
        threshold_runs: 5,
        threshold_deviations: 5,
        invocation_log_group: None,
    }
}

/// A stand-in for Bedrock that checks requests by the service's own models, and whose jobs use the emulator's buckets.
pub fn stand_in(options: StandInOptions) -> StandIn {
    let (service_model, control_model) = (Some(emulator::service_model()), Some(emulator::control_model()));
    let stand_in = StandIn::start(StandInOptions { service_model, control_model, ..options }).unwrap();
    stand_in.set_object_storage(&emulator::url());
    stand_in
}

/// A statistic of a metric that has to be there.
pub fn reading<'a>(metrics: &'a BTreeMap<MetricKey, Reading>, name: &str, subject: &str) -> &'a Reading {
    let found = metrics.get(&(name.to_owned(), subject.to_owned()));
    found.unwrap_or_else(|| panic!("no {name} of `{subject}` among {:?}", metrics.keys()))
}
