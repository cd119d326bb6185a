//! The world of one test: a bucket with probes, a topic with a queue, a stand-in for Bedrock, and the function between them.

use assay_core::spec::Settings;
use assay_lambda::FunctionError;
use assay_testing::clock::{Invocation, until};
use assay_testing::questions::answers;
pub(crate) use assay_testing::questions::{QUESTIONS, dataset, many, many_about};
pub(crate) use assay_testing::world::reading;
use assay_testing::world::{self, stand_in};
use assay_testing::{emulator, services};
use aws_config::SdkConfig;
use local_stack::stand_in::{Answers, Behaviour, Fault, FaultRule, StandInOptions};
use probe_runner::{Runner, handle};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use tokio::time::Instant;

/// The model that is asked where nobody names another.
pub(crate) const MODEL: &str = "us.example.first-v1:0";
/// Another.
pub(crate) const OTHER: &str = "us.example.second-v1:0";

/// The world of one test, and the function in it.
pub(crate) struct World {
    base: assay_testing::world::World,
    /// The settings of whoever asks models.
    pub models: SdkConfig,
}

impl Deref for World {
    type Target = assay_testing::world::World;

    fn deref(&self) -> &Self::Target {
        &self.base
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.base
    }
}

impl World {
    /// A world whose models know the answers to [`QUESTIONS`] and make up others.
    pub(crate) async fn new(name: &str) -> Self {
        Self::with(name, answers(MODEL, QUESTIONS.map(|(prompt, _, answer)| (prompt, answer)))).await
    }

    /// The same with models that answer so many questions and hold all others.
    pub(crate) async fn holding(name: &str, answers: u64) -> Self {
        let world = Self::new(name).await;
        world.hold_after(answers);
        world
    }

    /// A world whose models give these answers.
    pub(crate) async fn with(name: &str, answers: Answers) -> Self {
        let (bucket, namespace) = (format!("probes-{name}"), format!("Probes/{name}"));
        let stand_in = stand_in(StandInOptions { answers, ..StandInOptions::default() });
        let models = config(&stand_in.url(), &stand_in.url()).await;
        let config = config(&emulator::url(), &stand_in.url()).await;
        let mut base = assay_testing::world::World::new(&bucket, &namespace, MODEL, config, stand_in).await;
        base.settings = settings(&bucket, base.settings.notice_topic.as_deref().unwrap_or_default(), &namespace);
        Self { base, models }
    }

    /// The same world once its models give other answers.
    pub(crate) async fn answering(mut self, answers: Answers) -> Self {
        self.stand_in = stand_in(StandInOptions { answers, ..StandInOptions::default() });
        self.config = config(&emulator::url(), &self.stand_in.url()).await;
        self.models = config(&self.stand_in.url(), &self.stand_in.url()).await;
        self
    }

    /// The function with its clients, as a cold start makes it.
    pub(crate) fn runner(&self) -> Runner {
        runner(&self.settings, &self.config, &self.models)
    }

    /// The same with another way to S3, SNS and CloudWatch.
    pub(crate) async fn runner_at(&self, endpoint: &str) -> Runner {
        runner(&self.settings, &config(endpoint, &self.stand_in.url()).await, &self.models)
    }

    /// Puts an object at a key that the store cannot address.
    pub(crate) async fn put_anywhere(&self, key: &str, text: &str) {
        let url = format!("{}/{}/{key}", emulator::url(), self.bucket);
        let put = services::http().put(url).body(text.to_owned()).send().await.unwrap();
        assert!(put.status().is_success(), "{put:?}");
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
}

/// The settings of a stack with this bucket, which has its name.
pub(crate) fn settings(bucket: &str, topic: &str, namespace: &str) -> Settings {
    Settings {
        job_role: Some("arn:aws:iam::000000000000:role/jobs".to_owned()),
        stack: bucket.to_owned(),
        ..world::settings(bucket, topic, namespace, MODEL)
    }
}

/// The function of a stack, whose models are asked with settings of their own.
pub(crate) fn runner(settings: &Settings, config: &SdkConfig, models: &SdkConfig) -> Runner {
    Runner::new(settings, config, assay_model::bedrock(models)).unwrap()
}

/// The SDK's settings with one endpoint for Bedrock's control plane and one for everything else.
pub(crate) async fn config(endpoint: &str, bedrock: &str) -> SdkConfig {
    services::config(endpoint, &[("bedrock", bedrock)]).await
}

/// The same with an endpoint of its own for the invocation log.
pub(crate) async fn logging(endpoint: &str, bedrock: &str, logs: &str) -> SdkConfig {
    services::config(endpoint, &[("bedrock", bedrock), ("cloudwatch-logs", logs)]).await
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

/// What became of each probe of a round, by suite.
pub(crate) fn results(answer: &Value) -> BTreeMap<String, String> {
    let probes = answer["probes"].as_array().unwrap_or_else(|| panic!("no round that has ended: {answer}"));
    let text = |probe: &Value, name: &str| probe[name].as_str().unwrap().to_owned();
    probes.iter().map(|probe| (text(probe, "suite"), text(probe, "result"))).collect()
}
