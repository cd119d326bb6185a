//! The world of one test: a bucket with probes, a topic with a queue, a stand-in for Bedrock, and the function between them.

use assay_core::spec::Settings;
use assay_lambda::FunctionError;
use assay_store::s3;
use assay_testing::clock::{Invocation, until};
use assay_testing::emulator;
use assay_testing::run::Run;
use assay_testing::services::{self, MetricKey, Reading};
use aws_config::{BehaviorVersion, SdkConfig};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use futures::TryStreamExt as _;
use local_stack::stand_in::{Answers, Behaviour, Fault, FaultRule, Missing, Recordings, StandIn, StandInOptions};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use probe_runner::{Runner, handle};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::time::Instant;

/// The model that is asked where nobody names another.
pub(crate) const MODEL: &str = "us.example.first-v1:0";
/// Another.
pub(crate) const OTHER: &str = "us.example.second-v1:0";
/// The secret key of every request; it may appear nowhere.
pub(crate) const SECRET: &str = "fake/SECRET+key/that+is+never+written";
/// Two questions, their references and answers.
pub(crate) const QUESTIONS: [(&str, &str, &str); 2] =
    [("What is the capital of France?", "Paris is the capital", "Paris"), ("Two plus two?", "four", "four")];

pub(crate) struct World {
    pub bucket: String,
    pub config: SdkConfig,
    /// The settings of whoever asks models.
    pub models: SdkConfig,
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
        let answers = Answers::Recorded { recordings: Arc::new(recordings), missing: Missing::Deterministic };
        Self::of(name, stand_in(answers)).await
    }

    /// The same with models that answer so many questions and hold all others.
    pub(crate) async fn holding(name: &str, answers: u64) -> Self {
        let world = Self::new(name).await;
        world.hold_after(answers);
        world
    }

    /// A world whose models give these answers.
    pub(crate) async fn with(name: &str, answers: Answers) -> Self {
        Self::of(name, stand_in(answers)).await
    }

    /// The same world once its models give other answers.
    pub(crate) async fn answering(self, answers: Answers) -> Self {
        let stand_in = stand_in(answers);
        let config = config(&emulator::url(), &stand_in.url()).await;
        let models = self::config(&stand_in.url(), &stand_in.url()).await;
        Self { config, models, stand_in, ..self }
    }

    async fn of(name: &str, stand_in: StandIn) -> Self {
        let bucket = format!("probes-{name}");
        services::make_bucket(&bucket).await;
        let config = config(&emulator::url(), &stand_in.url()).await;
        let (topic, queue) = services::make_topic(&config, &bucket).await;
        Self {
            store: s3(&bucket, &config).unwrap(),
            config,
            models: self::config(&stand_in.url(), &stand_in.url()).await,
            stand_in,
            settings: settings(&bucket, &topic, &format!("Probes/{name}")),
            bucket,
            queue,
        }
    }

    /// The function with its clients, as a cold start makes it.
    pub(crate) fn runner(&self) -> Runner {
        runner(&self.settings, &self.config, &self.models)
    }

    /// The same with another way to S3, SNS and CloudWatch.
    pub(crate) async fn runner_at(&self, endpoint: &str) -> Runner {
        runner(&self.settings, &config(endpoint, &self.stand_in.url()).await, &self.models)
    }

    pub(crate) async fn put(&self, key: &str, text: &str) {
        self.store.put(&Path::parse(key).unwrap(), text.to_owned().into()).await.unwrap();
    }

    /// Puts an object at a key that the store cannot address.
    pub(crate) async fn put_anywhere(&self, key: &str, text: &str) {
        let url = format!("{}/{}/{key}", emulator::url(), self.bucket);
        let put = services::http().put(url).body(text.to_owned()).send().await.unwrap();
        assert!(put.status().is_success(), "{put:?}");
    }

    pub(crate) async fn remove(&self, key: &str) {
        self.store.delete(&Path::parse(key).unwrap()).await.unwrap();
    }

    /// Lets models answer so many questions from now on and hold all others.
    pub(crate) fn hold_after(&self, answers: u64) {
        let hold = FaultRule::always(Fault::Hold).for_operation("Converse").after(answers);
        self.stand_in.set_behaviour(Behaviour::default().with(hold));
    }

    /// Lets models answer every question, including those that are held.
    pub(crate) fn release(&self) {
        self.stand_in.set_behaviour(Behaviour::default());
    }

    /// Waits until so many questions have arrived and only the last four have no answer.
    pub(crate) async fn until_held(&self, asked: usize) {
        let what = format!("four of {asked} questions are held");
        until(&what, async || (self.asked(), self.stand_in.totals().in_flight) == (asked, 4)).await;
    }

    /// Waits until the stand-in has noticed that no caller waits for an answer.
    pub(crate) async fn until_left(&self) {
        until("nobody waits for an answer", async || self.stand_in.totals().in_flight == 0).await;
    }

    /// Delivers an event as Lambda does, in an invocation that ends at a moment, if it ends.
    pub(crate) async fn deliver_for(
        &self,
        event: &Value,
        ends: Option<Instant>,
        request: &str,
    ) -> Result<Value, FunctionError> {
        Box::pin(handle(event.clone(), &self.runner(), ends, request)).await
    }

    /// Delivers an event in an invocation whose time ends once so many questions have arrived in all and the last four are
    /// held.
    pub(crate) async fn deliver_cut_off(
        &self,
        event: &Value,
        request: &str,
        asked: usize,
    ) -> Result<Value, FunctionError> {
        let invocation = Invocation::begin();
        let ending = async {
            self.until_held(asked).await;
            invocation.stop_asking().await;
            invocation.stop_waiting().await;
        };
        let (ended, ()) = tokio::join!(self.deliver_for(event, Some(invocation.ends), request), ending);
        drop(invocation);
        self.until_left().await;
        ended
    }

    /// Delivers an event to a function that has all the time it needs.
    pub(crate) async fn deliver(&self, event: &Value, request: &str) -> Value {
        self.deliver_for(event, None, request).await.unwrap()
    }

    /// A round of the schedule at this time.
    pub(crate) async fn round(&self, at: &str) -> Value {
        self.deliver(&scheduled(at), "r").await
    }

    pub(crate) async fn watch(&self) -> Value {
        self.deliver(&json!({"assay": "watch"}), "w").await
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

    /// A JSON object that has to be there.
    pub(crate) async fn json(&self, key: &str) -> Value {
        let objects = self.objects(key.rsplit_once('/').unwrap().0).await;
        serde_json::from_str(objects.get(key).unwrap_or_else(|| panic!("no {key} in {:?}", objects.keys()))).unwrap()
    }

    /// Every run of a suite, in the order of their ids.
    pub(crate) async fn runs(&self, suite: &str) -> Vec<Run> {
        let mut runs: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (key, text) in self.objects(&format!("runs/{suite}")).await {
            let (run, name) = key.strip_prefix(&format!("runs/{suite}/")).unwrap().split_once('/').unwrap();
            runs.entry(run.to_owned()).or_default().insert(name.to_owned(), text);
        }
        runs.into_iter().map(|(id, objects)| Run { id, objects }).collect()
    }

    pub(crate) async fn only_run(&self, suite: &str) -> Run {
        let mut runs = self.runs(suite).await;
        assert_eq!(runs.len(), 1, "not one run of {suite}: {runs:?}");
        runs.remove(0)
    }

    /// Takes the notices that came to the topic.
    pub(crate) async fn notices(&self) -> Vec<Value> {
        let envelopes = services::messages(&self.queue).await;
        envelopes.iter().map(|envelope| serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap()).collect()
    }

    /// Takes the notices, and gives back the facts of the only one of this kind.
    pub(crate) async fn facts(&self, kind: &str) -> Vec<String> {
        let notices = self.notices().await;
        let mut found = notices.iter().filter(|notice| notice["kind"] == kind);
        let facts = found.next().unwrap_or_else(|| panic!("no {kind} among {notices:?}"))["facts"].clone();
        assert!(found.next().is_none(), "more than one {kind}: {notices:?}");
        serde_json::from_value(facts).unwrap()
    }

    /// Takes the notices, and gives back their kinds in order of the alphabet.
    pub(crate) async fn kinds(&self) -> Vec<String> {
        let notices = self.notices().await;
        let mut kinds: Vec<String> = notices.iter().map(|notice| notice["kind"].as_str().unwrap().to_owned()).collect();
        kinds.sort();
        kinds
    }

    /// How many questions models were asked.
    pub(crate) fn asked(&self) -> usize {
        self.stand_in.calls().iter().filter(|call| call.operation == "Converse").count()
    }

    /// Every metric that was published.
    pub(crate) async fn metrics(&self) -> BTreeMap<MetricKey, Reading> {
        services::readings(&self.config, &self.settings.namespace).await
    }
}

fn stand_in(answers: Answers) -> StandIn {
    let (service_model, control_model) = (Some(emulator::service_model()), Some(emulator::control_model()));
    let options = StandInOptions { answers, service_model, control_model, ..StandInOptions::default() };
    let stand_in = StandIn::start(options).unwrap();
    stand_in.set_object_storage(&emulator::url());
    stand_in
}

/// The settings of a stack with this bucket.
pub(crate) fn settings(bucket: &str, topic: &str, namespace: &str) -> Settings {
    Settings {
        bucket: bucket.to_owned(),
        model_ids: vec![MODEL.to_owned()],
        model_arns: Vec::new(),
        evidence_model_ids: Vec::new(),
        application: "Assay".to_owned(),
        namespace: namespace.to_owned(),
        notice_topic: Some(topic.to_owned()),
        concurrency: 4,
        price_table: None,
        job_role: Some("arn:aws:iam::000000000000:role/jobs".to_owned()),
        stuck_job_hours: 12,
        stuck_human_job_days: 14,
        stack: bucket.to_owned(),
        threshold_runs: 5,
        threshold_deviations: 5,
        invocation_log_group: None,
    }
}

/// The function of a stack, whose models are asked with settings of their own.
pub(crate) fn runner(settings: &Settings, config: &SdkConfig, models: &SdkConfig) -> Runner {
    Runner::new(settings, config, assay_model::bedrock(models)).unwrap()
}

/// The SDK's settings with one endpoint for Bedrock's control plane and one for everything else, as a file tells them.
pub(crate) async fn config(endpoint: &str, bedrock: &str) -> SdkConfig {
    split(endpoint, &[("bedrock", bedrock)]).await
}

/// The same with an endpoint of its own for the invocation log. Other SDKs than Rust's call the service `cloudwatch_logs`.
pub(crate) async fn logging(endpoint: &str, bedrock: &str, logs: &str) -> SdkConfig {
    split(endpoint, &[("bedrock", bedrock), ("cloudwatch-logs", logs)]).await
}

async fn split(endpoint: &str, services: &[(&str, &str)]) -> SdkConfig {
    let services: String = services.iter().map(|(name, url)| format!("{name} =\n  endpoint_url = {url}\n")).collect();
    let text = format!(
        "[default]\nregion = us-east-1\naws_access_key_id = test\naws_secret_access_key = {SECRET}\n\
         endpoint_url = {endpoint}\nservices = split\n\n[services split]\n{services}"
    );
    let files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, text).build();
    aws_config::defaults(BehaviorVersion::latest()).profile_files(files).load().await
}

/// The schedule's event at this time.
pub(crate) fn scheduled(at: &str) -> Value {
    json!({"assay": "probes", "at": at})
}

/// A moment so many hours ago, as a schedule tells it.
pub(crate) fn hours_ago(hours: i64) -> String {
    let moment = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours);
    jiff::Timestamp::from_second(moment.as_second()).unwrap().to_string()
}

/// [`QUESTIONS`] as a dataset.
pub(crate) fn dataset() -> String {
    let lines = QUESTIONS
        .iter()
        .map(|(prompt, reference, _)| json!({"prompt": prompt, "referenceResponse": reference}).to_string() + "\n");
    lines.collect()
}

/// So many different questions as a dataset.
pub(crate) fn many(count: usize) -> String {
    many_about("this dataset", count)
}

/// The same, different from those about other subjects.
pub(crate) fn many_about(subject: &str, count: usize) -> String {
    let line = |number| {
        let prompt = format!("question {number} of {subject}, asked once");
        json!({"id": format!("s{number}"), "prompt": prompt, "referenceResponse": format!("{number} once")})
    };
    (0..count).map(|number| line(number).to_string() + "\n").collect()
}

/// A statistic of a metric that has to be there.
pub(crate) fn reading<'a>(metrics: &'a BTreeMap<MetricKey, Reading>, name: &str, subject: &str) -> &'a Reading {
    let found = metrics.get(&(name.to_owned(), subject.to_owned()));
    found.unwrap_or_else(|| panic!("no {name} of `{subject}` among {:?}", metrics.keys()))
}

/// What became of each probe of a round, by suite.
pub(crate) fn results(answer: &Value) -> BTreeMap<String, String> {
    let probes = answer["probes"].as_array().unwrap_or_else(|| panic!("no round that has ended: {answer}"));
    let text = |probe: &Value, name: &str| probe[name].as_str().unwrap().to_owned();
    probes.iter().map(|probe| (text(probe, "suite"), text(probe, "result"))).collect()
}
