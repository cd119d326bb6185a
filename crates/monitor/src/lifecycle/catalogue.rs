//! The adapter to what Bedrock says of models and profiles: the only file here that names its SDK.

use super::{LifeState, ModelLife, Subject};
use assay_model::{Advice, ServiceError};
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_bedrock::Client;
use aws_sdk_bedrock::config::Builder;
use aws_sdk_bedrock::types::{FoundationModelDetails, FoundationModelLifecycleStatus};
use aws_smithy_types::DateTime;
use futures::{StreamExt, stream};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout_at};

/// How often an operation is tried in all.
const ATTEMPTS: u32 = 4;
/// How long one attempt may take.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(15);

/// How many models are looked at side by side: the service allows few requests a second.
const SIDE_BY_SIDE: usize = 4;

/// How long may be looked. What takes longer is unavailable; the others are known all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookLimits {
    /// At one model.
    pub each: Duration,
    /// At all of them.
    pub all: Duration,
}

impl Default for LookLimits {
    fn default() -> Self {
        Self { each: Duration::from_secs(30), all: Duration::from_secs(60) }
    }
}

/// What is known of foundation models by id: several profiles have the same model behind them, which is asked for once.
type Known = Mutex<BTreeMap<String, Arc<OnceCell<ModelLife>>>>;

const MODEL: Advice = Advice::new("allow bedrock:GetFoundationModel", "check the id and the Region");
const PROFILE: Advice = Advice::new("allow bedrock:GetInferenceProfile on the profile", "check the id and the Region");

/// What the service says of models, in the Region and with the credentials of its settings.
#[derive(Debug, Clone)]
pub struct Catalogue {
    client: Client,
    limits: LookLimits,
}

impl Catalogue {
    /// A client with retries of its own: throttling, failures of the service and broken connections are tried again.
    pub fn new(config: &SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .operation_attempt_timeout(LONGEST_ATTEMPT)
            .build();
        let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS);
        let config = Builder::from(config).retry_config(retries).timeout_config(timeouts).build();
        Self { client: Client::from_conf(config), limits: LookLimits::default() }
    }

    /// The same with other limits.
    pub fn within(self, limits: LookLimits) -> Self {
        Self { limits, ..self }
    }

    /// The life of each of these models at the time `now`, in their order, each once. It never fails as a whole: what could
    /// not be looked at, or not in time, says so in its own state.
    pub async fn look<'a>(&self, models: impl IntoIterator<Item = &'a str>, now: Timestamp) -> Vec<ModelLife> {
        let mut seen = BTreeSet::new();
        let models: Vec<&str> = models.into_iter().filter(|model| seen.insert(*model)).collect();
        let (known, end) = (Known::default(), Instant::now() + self.limits.all);
        let looks = models.into_iter().map(|model| self.life_until(model, now, &known, end));
        stream::iter(looks).buffered(SIDE_BY_SIDE).collect().await
    }

    async fn life_until(&self, model: &str, now: Timestamp, known: &Known, end: Instant) -> ModelLife {
        let end = end.min(Instant::now() + self.limits.each);
        timeout_at(end, self.life(model, now, known)).await.unwrap_or_else(|_| {
            let said = "no answer in time; the next look tries again".to_owned();
            ModelLife::new(model, LifeState::Unavailable { said })
        })
    }

    async fn life(&self, model: &str, now: Timestamp, known: &Known) -> ModelLife {
        match Subject::of(model) {
            Subject::WithoutLife(what) => ModelLife::new(model, LifeState::WithoutLife { what: what.to_owned() }),
            Subject::Profile(id) => self.of_profile(model, &id, now, known).await,
            Subject::FoundationModel(id) => {
                let life = self.of_model(&id, now, known).await;
                if matches!(life.state, LifeState::Missing { .. }) && Subject::may_be_profile(&id) {
                    let of_profile = self.of_profile(model, &id, now, known).await;
                    if of_profile.foundation_model.is_some() {
                        return of_profile;
                    }
                }
                ModelLife { model: model.to_owned(), ..life }
            }
        }
    }

    /// The life of the models behind a profile: the nearest end of all of them. They are asked for by id in this Region,
    /// as the service knows no ARNs of other Regions here.
    async fn of_profile(&self, model: &str, id: &str, now: Timestamp, known: &Known) -> ModelLife {
        let call = self.client.get_inference_profile().inference_profile_identifier(id);
        let profile = match call.send().await {
            Ok(profile) => profile,
            Err(error) => return ModelLife::new(model, state_of(ServiceError::of(PROFILE, &error))),
        };
        let ids: BTreeSet<&str> =
            profile.models.iter().filter_map(|found| found.model_arn.as_deref()).map(model_id).collect();
        let mut lives = Vec::new();
        for id in ids {
            lives.push(self.of_model(id, now, known).await);
        }
        match ModelLife::nearest(lives) {
            Some(life) => ModelLife { model: model.to_owned(), ..life },
            None => {
                let said = "the profile names no foundation model".to_owned();
                ModelLife::new(model, LifeState::Unclear { said })
            }
        }
    }

    /// The life of a foundation model by id or ARN.
    async fn of_model(&self, id: &str, now: Timestamp, known: &Known) -> ModelLife {
        let cell = {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(id.to_owned()).or_default())
        };
        cell.get_or_init(|| self.ask_model(id, now)).await.clone()
    }

    async fn ask_model(&self, id: &str, now: Timestamp) -> ModelLife {
        let call = self.client.get_foundation_model().model_identifier(id);
        let life = match call.send().await {
            Ok(found) => match found.model_details {
                Some(details) => of_details(id, details, now),
                None => {
                    let said = "the answer tells nothing of the model".to_owned();
                    ModelLife::new(id, LifeState::Unclear { said })
                }
            },
            Err(error) => ModelLife::new(id, state_of(ServiceError::of(MODEL, &error))),
        };
        ModelLife { foundation_model: Some(model_id(id).to_owned()), ..life }
    }
}

/// The id in the ARN of a foundation model; an id as it is.
fn model_id(name: &str) -> &str {
    name.rsplit_once("foundation-model/").map_or(name, |(_, id)| id)
}

/// The identifier is all that these requests hold: where one is refused, there is no model of that name.
fn state_of(error: ServiceError) -> LifeState {
    match error {
        ServiceError::Missing(said) => LifeState::Missing { said },
        ServiceError::Rejected(said) => LifeState::Missing { said: format!("{said}; check the id") },
        ServiceError::Denied(said) => LifeState::Denied { said },
        other => LifeState::Unavailable { said: other.to_string() },
    }
}

fn of_details(id: &str, details: FoundationModelDetails, now: Timestamp) -> ModelLife {
    let Some(lifecycle) = details.model_lifecycle else {
        return ModelLife::new(id, LifeState::Unclear { said: "the service gives no state".to_owned() });
    };
    let state = match &lifecycle.status {
        FoundationModelLifecycleStatus::Active => LifeState::Active,
        FoundationModelLifecycleStatus::Legacy => LifeState::Legacy,
        other => LifeState::Unclear { said: other.as_str().to_owned() },
    };
    let at = |time: Option<DateTime>| time.and_then(|time| Timestamp::from_second(time.secs()).ok());
    ModelLife {
        legacy_since: at(lifecycle.legacy_time),
        extended_access_since: at(lifecycle.public_extended_access_time),
        ..ModelLife::new(id, state).ending(at(lifecycle.end_of_life_time), now)
    }
}
