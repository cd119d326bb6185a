//! The world of one test: a bucket, a topic with a queue, a stand-in for Bedrock, and the function between them.

use assay_core::spec::Settings;
use assay_lambda::FunctionError;
use assay_store::s3;
use assay_testing::clock::until;
use assay_testing::run::Run;
use assay_testing::services::{self, MetricKey, Reading};
use assay_testing::{emulator, event};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use dataset_evaluator::{Evaluator, handle};
use futures::TryStreamExt as _;
use local_stack::stand_in::{Answers, Behaviour, Fault, FaultRule, Recordings, StandIn, StandInOptions};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The model that is asked where nobody names another.
pub(crate) const MODEL: &str = "us.example.first-v1:0";
/// The secret key of every request; it may appear nowhere.
pub(crate) const SECRET: &str = "fake/SECRET+key/that+is+never+written";

/// Two questions, their references and answers.
pub(crate) const QUESTIONS: [(&str, &str, &str); 2] =
    [("What is the capital of France?", "Paris is the capital", "Paris"), ("Two plus two?", "four", "four")];

pub(crate) struct World {
    pub bucket: String,
    pub config: SdkConfig,
    pub store: Arc<dyn ObjectStore>,
    pub stand_in: StandIn,
    pub settings: Settings,
    pub queue: String,
}

impl World {
    /// A world whose models know the answers to [`QUESTIONS`] and make up others.
    pub(crate) async fn new(name: &str) -> Self {
        let mut recordings = Recordings::default();
        for (prompt, _, answer) in QUESTIONS {
            recordings.add(MODEL, prompt, answer);
        }
        let missing = local_stack::stand_in::Missing::Deterministic;
        let answers = Answers::Recorded { recordings: Arc::new(recordings), missing };
        Self::with(name, StandInOptions { answers, ..StandInOptions::default() }).await
    }

    /// A world whose models make up an answer to everything, after `latency`.
    pub(crate) async fn slow(name: &str, latency: Duration) -> Self {
        Self::with(name, StandInOptions { latency, ..StandInOptions::default() }).await
    }

    /// A world whose models make up an answer to so many questions and hold all others.
    pub(crate) async fn holding(name: &str, answers: u64) -> Self {
        Self::with(name, StandInOptions { behaviour: holding(answers), ..StandInOptions::default() }).await
    }

    async fn with(name: &str, options: StandInOptions) -> Self {
        let bucket = format!("function-{name}");
        let config = config(&emulator::url());
        services::make_bucket(&bucket).await;
        let (topic, queue) = services::make_topic(&config, &bucket).await;
        let (service_model, control_model) = (Some(emulator::service_model()), Some(emulator::control_model()));
        let options = StandInOptions { service_model, control_model, ..options };
        Self {
            store: s3(&bucket, &config).unwrap(),
            config,
            stand_in: StandIn::start(options).unwrap(),
            settings: Settings {
                bucket: bucket.clone(),
                model_ids: vec![MODEL.to_owned()],
                model_arns: Vec::new(),
                evidence_model_ids: Vec::new(),
                application: "Assay".to_owned(),
                namespace: format!("Function/{name}"),
                notice_topic: Some(topic),
                concurrency: 4,
                price_table: None,
                job_role: None,
                stuck_job_hours: 12,
                stuck_human_job_days: 14,
                stack: "assay".to_owned(),
                threshold_runs: 5,
                threshold_deviations: 5,
                invocation_log_group: None,
            },
            bucket,
            queue,
        }
    }

    /// The function with its clients, as a cold start makes it.
    pub(crate) fn evaluator(&self) -> Evaluator {
        self.evaluator_at(&emulator::url())
    }

    /// The same with other ways to AWS.
    pub(crate) fn evaluator_at(&self, endpoint: &str) -> Evaluator {
        let models = assay_model::bedrock(&config(&self.stand_in.url()));
        Evaluator::new(&self.settings, &config(endpoint), models).unwrap()
    }

    /// Puts an object, and gives back EventBridge's event of it.
    pub(crate) async fn drop(&self, key: &str, text: &str) -> Value {
        let put = self.store.put(&Path::parse(key).unwrap(), text.to_owned().into()).await.unwrap();
        event::bridged(&self.bucket, key, put.e_tag.unwrap().trim_matches('"'))
    }

    /// Delivers an event as Lambda does, in an invocation that ends at a moment, if it ends.
    pub(crate) async fn deliver_for(
        &self,
        event: &Value,
        ends: Option<Instant>,
        request: &str,
    ) -> Result<Value, FunctionError> {
        handle(event.clone(), &self.evaluator(), ends, request).await
    }

    /// Waits until so many questions have arrived in all and only the last `held` of them have no answer.
    pub(crate) async fn until_held(&self, asked: u64, held: u32) {
        let what = format!("{held} of {asked} questions are held");
        until(&what, async || {
            let totals = self.stand_in.totals();
            (totals.calls, totals.in_flight) == (asked, held)
        })
        .await;
    }

    /// Waits until the stand-in has noticed that no caller waits for an answer.
    pub(crate) async fn until_left(&self) {
        until("nobody waits for an answer", async || self.stand_in.totals().in_flight == 0).await;
    }

    /// Delivers an event to a function that has all the time it needs, and gives back what became of its one object.
    pub(crate) async fn deliver(&self, event: &Value, request: &str) -> String {
        let answer = self.deliver_for(event, None, request).await.unwrap();
        answer["objects"][0]["result"].as_str().unwrap().to_owned()
    }

    /// Every object below a prefix.
    pub(crate) async fn objects(&self, prefix: &str) -> BTreeMap<String, String> {
        let listed: Vec<_> = self.store.list(Some(&Path::from(prefix))).try_collect().await.unwrap();
        let mut objects = BTreeMap::new();
        for found in listed {
            let bytes = self.store.get(&found.location).await.unwrap().bytes().await.unwrap();
            objects.insert(found.location.to_string(), String::from_utf8(bytes.to_vec()).unwrap());
        }
        objects
    }

    /// What the only run of a suite wrote.
    pub(crate) async fn only_run(&self, suite: &str) -> Run {
        let mut runs: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (key, text) in self.objects(&format!("runs/{suite}")).await {
            let (run, name) = key.strip_prefix(&format!("runs/{suite}/")).unwrap().split_once('/').unwrap();
            runs.entry(run.to_owned()).or_default().insert(name.to_owned(), text);
        }
        assert_eq!(runs.len(), 1, "not one run of {suite}: {:?}", runs.keys());
        let (id, objects) = runs.pop_first().unwrap();
        Run { id, objects }
    }

    pub(crate) async fn put(&self, key: &str, text: &str) {
        self.store.put(&Path::parse(key).unwrap(), text.to_owned().into()).await.unwrap();
    }

    /// Takes the notices that came to the topic.
    pub(crate) async fn notices(&self) -> Vec<Value> {
        let envelopes = services::messages(&self.queue).await;
        envelopes.iter().map(|envelope| serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap()).collect()
    }

    /// Every metric that was published.
    pub(crate) async fn metrics(&self) -> BTreeMap<MetricKey, Reading> {
        services::readings(&self.config, &self.settings.namespace).await
    }
}

/// Answers so many questions, and holds all others until another behaviour is set.
pub(crate) fn holding(answers: u64) -> Behaviour {
    Behaviour::default().with(FaultRule::always(Fault::Hold).after(answers))
}

/// The SDK's settings with one endpoint for everything.
pub(crate) fn config(endpoint: &str) -> SdkConfig {
    let credentials = Credentials::new("test", SECRET, None, None, "tests");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

/// [`QUESTIONS`] as a dataset.
pub(crate) fn dataset() -> String {
    let lines = QUESTIONS.iter().map(|(prompt, reference, _)| {
        serde_json::json!({"prompt": prompt, "referenceResponse": reference}).to_string() + "\n"
    });
    lines.collect()
}

/// So many different questions as a dataset.
pub(crate) fn many(count: usize) -> String {
    let line = |number| {
        let prompt = format!("question {number} of this dataset, asked once");
        serde_json::json!({"id": format!("s{number}"), "prompt": prompt, "referenceResponse": format!("{number} once")})
    };
    (0..count).map(|number| line(number).to_string() + "\n").collect()
}

/// A statistic of a metric that has to be there.
pub(crate) fn reading<'a>(metrics: &'a BTreeMap<MetricKey, Reading>, name: &str, subject: &str) -> &'a Reading {
    let found = metrics.get(&(name.to_owned(), subject.to_owned()));
    found.unwrap_or_else(|| panic!("no {name} of `{subject}` among {:?}", metrics.keys()))
}
