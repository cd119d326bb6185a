//! The world of one test: a bucket, a topic with a queue, a stand-in for Bedrock, and the function between them.

use assay_lambda::FunctionError;
use assay_testing::clock::until;
pub(crate) use assay_testing::questions::{QUESTIONS, dataset, many};
use assay_testing::services::SECRET;
pub(crate) use assay_testing::world::reading;
use assay_testing::world::stand_in;
use assay_testing::{emulator, event, questions::answers};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use dataset_evaluator::{Evaluator, handle};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandInOptions};
use serde_json::Value;
use std::ops::{Deref, DerefMut};
use std::time::Duration;
use tokio::time::Instant;

/// The model that is asked where nobody names another.
pub(crate) const MODEL: &str = "us.example.first-v1:0";

/// The world of one test, and the function in it.
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
        let answers = answers(MODEL, QUESTIONS.map(|(prompt, _, answer)| (prompt, answer)));
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
        let (bucket, namespace) = (format!("function-{name}"), format!("Function/{name}"));
        let config = config(&emulator::url());
        Self(assay_testing::world::World::new(&bucket, &namespace, MODEL, config, stand_in(options)).await)
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
        event::bridged(&self.bucket, key, &self.put(key, text).await)
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

    /// Delivers an event to a function that has all the time it needs, and gives back what became of its one object.
    pub(crate) async fn deliver(&self, event: &Value, request: &str) -> String {
        let answer = self.deliver_for(event, None, request).await.unwrap();
        answer["objects"][0]["result"].as_str().unwrap().to_owned()
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
