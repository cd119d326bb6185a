//! The world of one test: a bucket, a topic with a queue, a stand-in for Bedrock with its jobs, and the functions between
//! them.

use crate::run::Run;
use crate::services::{self, MetricKey, Reading, http};
use crate::{emulator, event};
use assay_core::settings::Settings;
use assay_core::store::s3;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use dataset_evaluator::Evaluator;
use futures::TryStreamExt as _;
use local_stack::stand_in::{Answers, Behaviour, JobBehaviour, Missing, Recordings, StandIn, StandInOptions};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use result_parser::{Parser, ParserError, handle};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The model that answers where nobody names another.
pub const MODEL: &str = "amazon.nova-micro-v1:0";
/// Another.
pub const OTHER: &str = "amazon.nova-lite-v1:0";
/// The model that judges.
pub const JUDGE: &str = "amazon.nova-pro-v1:0";
/// The role that jobs run as.
pub const ROLE: &str = "arn:aws:iam::000000000000:role/jobs";
/// The secret key of every request; it may appear nowhere.
pub const SECRET: &str = "fake/SECRET+key/that+is+never+written";

/// Two questions, their references, what [`MODEL`] answers, and the F1 of that.
pub const QUESTIONS: [(&str, &str, &str, f64); 2] =
    [("What is the capital of France?", "Paris is", "Paris", 2.0 / 3.0), ("Two plus two?", "four", "four", 1.0)];

pub struct World {
    pub bucket: String,
    pub config: SdkConfig,
    pub store: Arc<dyn ObjectStore>,
    pub stand_in: StandIn,
    pub settings: Settings,
    pub queue: String,
}

impl World {
    /// A world whose models know the answers to [`QUESTIONS`] and make up others.
    pub async fn new(name: &str) -> Self {
        let mut recordings = Recordings::default();
        for (prompt, _, answer, _) in QUESTIONS {
            recordings.add(MODEL, prompt, answer);
        }
        let answers = Answers::Recorded { recordings: Arc::new(recordings), missing: Missing::Deterministic };
        let (service_model, control_model) = (Some(emulator::service_model()), Some(emulator::control_model()));
        let options = StandInOptions { answers, service_model, control_model, ..StandInOptions::default() };
        let stand_in = StandIn::start(options).unwrap();
        stand_in.set_object_storage(&emulator::url());
        let bucket = format!("parser-{name}");
        services::make_bucket(&bucket).await;
        let config = config(&emulator::url(), &stand_in.url()).await;
        let (topic, queue) = services::make_topic(&config, &bucket).await;
        Self {
            store: s3(&bucket, &config).unwrap(),
            config,
            stand_in,
            settings: Settings {
                bucket: bucket.clone(),
                model_ids: vec![MODEL.to_owned()],
                application: "Assay".to_owned(),
                namespace: format!("Parser/{name}"),
                notice_topic: Some(topic),
                concurrency: 4,
                price_table: None,
                job_role: Some(ROLE.to_owned()),
                stuck_job_hours: 12,
                stuck_human_job_days: 14,
            },
            bucket,
            queue,
        }
    }

    /// The same with jobs that go so.
    pub async fn with(name: &str, jobs: JobBehaviour) -> Self {
        let world = Self::new(name).await;
        world.set(jobs);
        world
    }

    /// How jobs go from now on.
    pub fn set(&self, jobs: JobBehaviour) {
        self.stand_in.set_behaviour(Behaviour { jobs, ..Behaviour::default() });
    }

    /// The function with its clients, as a cold start makes it.
    pub fn parser(&self) -> Parser {
        Parser::new(&self.settings, &self.config).unwrap()
    }

    /// The same with another way to S3, SNS and CloudWatch.
    pub async fn parser_at(&self, endpoint: &str) -> Parser {
        Parser::new(&self.settings, &config(endpoint, &self.stand_in.url()).await).unwrap()
    }

    pub async fn put(&self, key: &str, text: impl Into<String>) -> String {
        let put = self.store.put(&Path::parse(key).unwrap(), text.into().into()).await.unwrap();
        put.e_tag.unwrap().trim_matches('"').to_owned()
    }

    /// Drops a dataset with its spec, as a suite of this name, and gives back the event of it.
    pub async fn drop(&self, suite: &str, spec: &str, dataset: &str) -> Value {
        self.put(&format!("datasets/{suite}/assay.yaml"), spec).await;
        let key = format!("datasets/{suite}/cases.jsonl");
        let e_tag = self.put(&key, dataset).await;
        event::bridged(&self.bucket, &key, &e_tag)
    }

    /// Delivers the event of a dataset, and gives back what became of it.
    pub async fn evaluate(&self, event: &Value) -> String {
        let models = assay_core::model::bedrock(&self.config);
        let evaluator = Evaluator::new(&self.settings, &self.config, models).unwrap();
        let answer = Box::pin(dataset_evaluator::handle(event.clone(), &evaluator, None, "e")).await.unwrap();
        answer["objects"][0]["result"].as_str().unwrap().to_owned()
    }

    /// Drops a dataset and starts its jobs.
    pub async fn start(&self, suite: &str, spec: &str, dataset: &str) {
        let event = self.drop(suite, spec, dataset).await;
        let started = self.evaluate(&event).await;
        if started != "jobs started" {
            panic!("{started}: {}", self.only_run(suite).await.problems());
        }
        assert!(self.stand_in.violations().is_empty(), "{:?}", self.stand_in.violations());
    }

    /// The same, and waits until the jobs have ended. Gives back the keys of what they wrote.
    pub async fn finish(&self, suite: &str, spec: &str, dataset: &str) -> Vec<String> {
        self.start(suite, spec, dataset).await;
        self.ended().await;
        self.outputs().await
    }

    /// Waits until all jobs of the service have ended.
    pub async fn ended(&self) {
        self.until("a job does not end", || async { self.stand_in.jobs().iter().all(|job| job.status.is_final()) })
            .await;
    }

    /// Waits until something holds.
    pub async fn until<F: Future<Output = bool>>(&self, otherwise: &str, holds: impl Fn() -> F) {
        let begun = Instant::now();
        while !holds().await {
            assert!(begun.elapsed() < Duration::from_secs(60), "{otherwise}: {:?}", self.stand_in.jobs());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The keys of what jobs have written.
    pub async fn outputs(&self) -> Vec<String> {
        self.keys("job-output").await.into_iter().filter(|key| key.ends_with("_output.jsonl")).collect()
    }

    /// The event of an object.
    pub fn event(&self, key: &str) -> Value {
        event::bridged(&self.bucket, key, "e")
    }

    /// Delivers an event to a function that has just started.
    pub async fn deliver(&self, event: &Value) -> Result<Value, ParserError> {
        self.deliver_to(&self.parser(), event).await
    }

    /// Delivers an event to a function.
    pub async fn deliver_to(&self, parser: &Parser, event: &Value) -> Result<Value, ParserError> {
        Box::pin(handle(event.clone(), parser, None, "r")).await
    }

    /// Delivers the event of an object, and gives back what became of it.
    pub async fn parse(&self, key: &str) -> String {
        let answer = self.deliver(&self.event(key)).await.unwrap();
        answer["objects"][0]["result"].as_str().unwrap().to_owned()
    }

    /// Sweeps. Gives back how many runs were finished and how many troubles were told.
    pub async fn sweep(&self) -> (u64, u64) {
        let answer = self.deliver(&json!({"assay": "sweep"})).await.unwrap();
        assert_eq!(answer["sweep"], "done");
        (answer["runs"].as_u64().unwrap(), answer["troubles"].as_u64().unwrap())
    }

    /// Every key below a prefix, in order.
    pub async fn keys(&self, prefix: &str) -> Vec<String> {
        let listed: Vec<_> = self.store.list(Some(&Path::from(prefix))).try_collect().await.unwrap();
        let mut keys: Vec<String> = listed.into_iter().map(|found| found.location.to_string()).collect();
        keys.sort();
        keys
    }

    pub async fn read(&self, key: &str) -> String {
        let got = self.store.get(&Path::parse(key).unwrap()).await.unwrap();
        String::from_utf8(got.bytes().await.unwrap().to_vec()).unwrap()
    }

    /// The lines of an object, as JSON.
    pub async fn lines(&self, key: &str) -> Vec<Value> {
        self.read(key).await.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Every run of a suite, in the order of their ids.
    pub async fn runs(&self, suite: &str) -> Vec<Run> {
        let folder = format!("runs/{suite}");
        let mut runs: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for key in self.keys(&folder).await {
            let (run, name) = key[folder.len() + 1..].split_once('/').unwrap();
            runs.entry(run.to_owned()).or_default().insert(name.to_owned(), self.read(&key).await);
        }
        runs.into_iter().map(|(id, objects)| Run { id, objects }).collect()
    }

    pub async fn only_run(&self, suite: &str) -> Run {
        let mut runs = self.runs(suite).await;
        assert_eq!(runs.len(), 1, "not one run of {suite}: {runs:?}");
        runs.remove(0)
    }

    /// The notes of all jobs, by the job's name.
    pub async fn notes(&self) -> BTreeMap<String, Value> {
        let mut notes = BTreeMap::new();
        for key in self.keys("jobs").await.iter().filter(|key| !key.starts_with("jobs/sweep/")) {
            let note: Value = serde_json::from_str(&self.read(key).await).unwrap();
            notes.insert(note["job"].as_str().unwrap().to_owned(), note);
        }
        notes
    }

    /// Alters the note of a job.
    pub async fn alter(&self, job: &str, alter: impl FnOnce(&mut Value)) {
        let key = format!("jobs/{job}.json");
        let mut note: Value = serde_json::from_str(&self.read(&key).await).unwrap();
        alter(&mut note);
        self.put(&key, note.to_string()).await;
    }

    /// Takes the notices that came to the topic.
    pub async fn notices(&self) -> Vec<Value> {
        let envelopes = services::messages(&self.queue).await;
        envelopes.iter().map(|envelope| serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap()).collect()
    }

    /// The kinds of the notices that came, in order.
    pub async fn kinds(&self) -> Vec<String> {
        let notices = self.notices().await;
        notices.iter().map(|notice| notice["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// Every metric that was published.
    pub async fn metrics(&self) -> BTreeMap<MetricKey, Reading> {
        services::readings(&self.config, &self.settings.namespace).await
    }

    /// Asserts that the suite has one run, which was told once, and nothing else was told.
    pub async fn assert_told_once(&self, suite: &str) -> Run {
        assert_eq!(self.kinds().await, ["run_finished"]);
        self.assert_concluded_once(suite).await
    }

    /// Asserts that the suite has one run, whose metrics were published once.
    pub async fn assert_concluded_once(&self, suite: &str) -> Run {
        let run = self.only_run(suite).await;
        assert_eq!(run.stage(), "done");
        let metrics = self.metrics().await;
        assert_eq!(reading(&metrics, "RunCompleted", suite).count, 1.0);
        for ((name, subject), found) in metrics.iter().filter(|((name, _), _)| name.starts_with("Samples")) {
            assert_eq!(found.count, 1.0, "{name} of {subject}");
        }
        let answered = run.records().len() as f64;
        for ((name, subject), found) in metrics.iter().filter(|((name, _), _)| name == "JobScore") {
            assert!(found.count <= answered, "{name} of {subject}: {} of {answered} answers", found.count);
        }
        assert!(self.notes().await.values().all(|note| note["settled"] == true), "{:?}", self.notes().await);
        run
    }

    /// Starts a job at the service as somebody else does, and gives back its ARN.
    pub async fn create(&self, body: &Value) -> String {
        let url = format!("{}/evaluation-jobs", self.stand_in.url());
        let answer = http().post(url).header("content-type", "application/json").body(body.to_string());
        let answer: Value = answer.send().await.unwrap().json().await.unwrap();
        answer["jobArn"].as_str().unwrap_or_else(|| panic!("no job: {answer}")).to_owned()
    }

    /// Removes a job that is over from the service.
    pub async fn delete(&self, arn: &str) {
        let url = format!("{}/evaluation-jobs/batch-delete", self.stand_in.url());
        let body = json!({"jobIdentifiers": [arn]}).to_string();
        let answer = http().post(url).header("content-type", "application/json").body(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
        assert!(self.stand_in.jobs().iter().all(|job| job.arn != arn));
    }
}

/// The SDK's settings with one endpoint for Bedrock and one for everything else, as a file tells them.
async fn config(endpoint: &str, bedrock: &str) -> SdkConfig {
    let text = format!(
        "[default]\nregion = us-east-1\naws_access_key_id = test\naws_secret_access_key = {SECRET}\n\
         endpoint_url = {endpoint}\nservices = split\n\n\
         [services split]\nbedrock =\n  endpoint_url = {bedrock}\nbedrock_runtime =\n  endpoint_url = {bedrock}\n"
    );
    let files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, text).build();
    aws_config::defaults(BehaviorVersion::latest()).profile_files(files).load().await
}

/// [`QUESTIONS`] as a dataset with ids and categories.
pub fn dataset() -> String {
    let line = |(number, (prompt, reference, _, _)): (usize, &(&str, &str, &str, f64))| {
        let (id, category) = (format!("s{}", number + 1), format!("c{}", number + 1));
        json!({"id": id, "prompt": prompt, "referenceResponse": reference, "category": category}).to_string() + "\n"
    };
    QUESTIONS.iter().enumerate().map(line).collect()
}

/// So many different questions as a dataset.
pub fn many(count: usize) -> String {
    let line = |number| {
        let prompt = format!("question {number} of this dataset, asked once");
        json!({"id": format!("s{number}"), "prompt": prompt, "referenceResponse": format!("{number} once")})
    };
    (0..count).map(|number| line(number).to_string() + "\n").collect()
}

/// A statistic of a metric that has to be there.
pub fn reading<'a>(metrics: &'a BTreeMap<MetricKey, Reading>, name: &str, subject: &str) -> &'a Reading {
    let found = metrics.get(&(name.to_owned(), subject.to_owned()));
    found.unwrap_or_else(|| panic!("no {name} of `{subject}` among {:?}", metrics.keys()))
}

/// The spec of a suite with one automatic job.
pub fn automatic() -> String {
    format!(
        "scorers: [f1]\nonline: false\njobs: [{{kind: automatic, task: QuestionAndAnswer, metrics: [Accuracy, Robustness], models: [{{id: '{MODEL}'}}]}}]\n"
    )
}
