//! The world of one test: a bucket, a topic with a queue, a stand-in for Bedrock with its jobs, and the functions between
//! them.

use crate::suites::QUESTIONS;
use assay_lambda::FunctionError;
use assay_testing::questions::answers;
use assay_testing::world::stand_in;
use assay_testing::{emulator, event, services};
use aws_config::SdkConfig;
use dataset_evaluator::Evaluator;
use local_stack::stand_in::{Behaviour, JobBehaviour, StandInOptions};
use result_parser::{Parser, handle};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

/// The model that answers where nobody names another.
pub(crate) const MODEL: &str = "amazon.nova-micro-v1:0";
/// Another.
pub(crate) const OTHER: &str = "amazon.nova-lite-v1:0";
/// The model that judges.
pub(crate) const JUDGE: &str = "amazon.nova-pro-v1:0";
/// The role that jobs run as.
pub(crate) const ROLE: &str = "arn:aws:iam::000000000000:role/jobs";

/// The world of one test, and the functions in it.
pub(crate) struct World(assay_testing::world::World);

impl Deref for World {
    type Target = assay_testing::world::World;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl World {
    /// A world whose models know the answers to [`QUESTIONS`] and make up others.
    pub(crate) async fn new(name: &str) -> Self {
        let answers = answers(MODEL, QUESTIONS.map(|(prompt, _, answer, _)| (prompt, answer)));
        let stand_in = stand_in(StandInOptions { answers, ..StandInOptions::default() });
        let (bucket, namespace) = (format!("parser-{name}"), format!("Parser/{name}"));
        let config = config(&emulator::url(), &stand_in.url()).await;
        let mut world = assay_testing::world::World::new(&bucket, &namespace, MODEL, config, stand_in).await;
        world.settings.job_role = Some(ROLE.to_owned());
        Self(world)
    }

    /// The same with jobs that go so.
    pub(crate) async fn with(name: &str, jobs: JobBehaviour) -> Self {
        let world = Self::new(name).await;
        world.set(jobs);
        world
    }

    /// How jobs go from now on.
    pub(crate) fn set(&self, jobs: JobBehaviour) {
        self.stand_in.set_behaviour(Behaviour { jobs, ..Behaviour::default() });
    }

    /// The function with its clients, as a cold start makes it.
    pub(crate) fn parser(&self) -> Parser {
        Parser::new(&self.settings, &self.config).unwrap()
    }

    /// The same with another way to S3, SNS and CloudWatch.
    pub(crate) async fn parser_at(&self, endpoint: &str) -> Parser {
        Parser::new(&self.settings, &config(endpoint, &self.stand_in.url()).await).unwrap()
    }

    /// Drops a dataset with its spec, as a suite of this name, and gives back the event of it.
    pub(crate) async fn drop(&self, suite: &str, spec: &str, dataset: &str) -> Value {
        self.put(&format!("datasets/{suite}/assay.yaml"), spec).await;
        let key = format!("datasets/{suite}/cases.jsonl");
        let e_tag = self.put(&key, dataset).await;
        event::bridged(&self.bucket, &key, &e_tag)
    }

    /// Delivers the event of a dataset, and gives back what became of it.
    pub(crate) async fn evaluate(&self, event: &Value) -> String {
        let answer = self.evaluate_at(&emulator::url(), event).await.unwrap();
        answer["objects"][0]["result"].as_str().unwrap().to_owned()
    }

    /// The same with another way to S3, SNS and CloudWatch.
    pub(crate) async fn evaluate_at(&self, endpoint: &str, event: &Value) -> Result<Value, FunctionError> {
        let config = config(endpoint, &self.stand_in.url()).await;
        let models = assay_model::bedrock(&config);
        let evaluator = Evaluator::new(&self.settings, &config, models).unwrap();
        Box::pin(dataset_evaluator::handle(event.clone(), &evaluator, None, "e")).await
    }

    /// Drops a dataset and starts its jobs.
    pub(crate) async fn start(&self, suite: &str, spec: &str, dataset: &str) {
        let event = self.drop(suite, spec, dataset).await;
        let started = self.evaluate(&event).await;
        if started != "jobs started" {
            panic!("{started}: {}", self.only_run(suite).await.problems());
        }
        assert!(self.stand_in.violations().is_empty(), "{:?}", self.stand_in.violations());
    }

    /// The same, and waits until the jobs have ended. Gives back the keys of what they wrote.
    pub(crate) async fn finish(&self, suite: &str, spec: &str, dataset: &str) -> Vec<String> {
        self.start(suite, spec, dataset).await;
        self.ended().await;
        self.outputs().await
    }

    /// Waits until all jobs of the service have ended.
    pub(crate) async fn ended(&self) {
        self.until("a job does not end", || async { self.stand_in.jobs().iter().all(|job| job.status.is_final()) })
            .await;
    }

    /// Waits until something holds.
    pub(crate) async fn until<F: Future<Output = bool>>(&self, otherwise: &str, holds: impl Fn() -> F) {
        let begun = Instant::now();
        while !holds().await {
            // Longer than anything takes here, even on a slow machine.
            assert!(begun.elapsed() < Duration::from_secs(600), "{otherwise}: {:?}", self.stand_in.jobs());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The keys of what jobs have written.
    pub(crate) async fn outputs(&self) -> Vec<String> {
        self.keys("job-output").await.into_iter().filter(|key| key.ends_with("_output.jsonl")).collect()
    }

    /// The event of an object.
    pub(crate) fn event(&self, key: &str) -> Value {
        event::bridged(&self.bucket, key, "e")
    }

    /// Delivers an event to a function that has just started.
    pub(crate) async fn deliver(&self, event: &Value) -> Result<Value, FunctionError> {
        self.deliver_to(&self.parser(), event).await
    }

    /// Delivers an event to a function.
    pub(crate) async fn deliver_to(&self, parser: &Parser, event: &Value) -> Result<Value, FunctionError> {
        Box::pin(handle(event.clone(), parser, None, "r")).await
    }

    /// Delivers the event of an object, and gives back what became of it.
    pub(crate) async fn parse(&self, key: &str) -> String {
        let answer = self.deliver(&self.event(key)).await.unwrap();
        answer["objects"][0]["result"].as_str().unwrap().to_owned()
    }

    /// Sweeps. Gives back how many runs were finished and how many troubles were told.
    pub(crate) async fn sweep(&self) -> (u64, u64) {
        let answer = self.deliver(&json!({"assay": "sweep"})).await.unwrap();
        assert_eq!(answer["sweep"], "done");
        (answer["runs"].as_u64().unwrap(), answer["troubles"].as_u64().unwrap())
    }

    /// The lines of an object, as JSON.
    pub(crate) async fn lines(&self, key: &str) -> Vec<Value> {
        self.read(key).await.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The notes of all jobs, by the job's name.
    pub(crate) async fn notes(&self) -> BTreeMap<String, Value> {
        let mut notes = BTreeMap::new();
        for key in self.keys("jobs").await.iter().filter(|key| !key.starts_with("jobs/sweep/")) {
            let note = self.json(key).await;
            notes.insert(note["job"].as_str().unwrap().to_owned(), note);
        }
        notes
    }

    /// Alters the note of a job.
    pub(crate) async fn alter(&self, job: &str, alter: impl FnOnce(&mut Value)) {
        let key = format!("jobs/{job}.json");
        let mut note = self.json(&key).await;
        alter(&mut note);
        self.put(&key, note.to_string()).await;
    }
}

/// The SDK's settings with one endpoint for Bedrock and one for everything else.
async fn config(endpoint: &str, bedrock: &str) -> SdkConfig {
    services::config(endpoint, &[("bedrock", bedrock), ("bedrock_runtime", bedrock)]).await
}
