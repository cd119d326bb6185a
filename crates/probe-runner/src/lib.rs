//! The function `probe-runner`: the suites below `probes/`, asked again by the schedule and held against their baselines.
//!
//! [`handle`] is what Lambda calls and what a test calls. A *round* is one go over the probes: what it asks is written down
//! once, and every delivery and every hourly watch goes on from there. How one dataset becomes a run that is told is
//! `assay-function`'s; the run itself is the core's.

mod alarms;
mod digest;
mod error;
mod event;
mod heartbeat;
mod ledger;
mod lifecycle;
mod news;
mod occasion;
mod probes;
mod round;
mod scores;
mod tidy;
mod wanted;
mod watch;
mod work;

pub use error::RunnerError;
pub use event::{Asked, EventError, asked};
pub use occasion::Occasion;
pub use wanted::Wanted;

use assay_core::collect::Stop;
use assay_core::spec::Settings;
use assay_function::Evaluator;
use assay_model::Models;
use assay_monitor::cloudwatch::CloudWatch;
use assay_monitor::lifecycle::Catalogue;
use assay_store::PlaceError;
use aws_config::SdkConfig;
use jiff::Timestamp;
use serde_json::Value;
use std::sync::OnceLock;
use tokio::time::Instant;

/// Everything the function keeps between invocations.
pub struct Runner {
    evaluator: Evaluator,
    /// Made when alarms or the dashboard are looked at.
    cloudwatch: OnceLock<CloudWatch>,
    /// Made when the life of models is looked at.
    catalogue: OnceLock<Catalogue>,
}

impl Runner {
    /// Makes the clients with the settings of `config`; `models` makes those who are asked.
    ///
    /// # Errors
    /// When the bucket's store refuses its settings.
    pub fn new(settings: &Settings, config: &SdkConfig, models: Models) -> Result<Self, PlaceError> {
        let evaluator = Evaluator::new(settings, config, models)?;
        Ok(Self { evaluator, cloudwatch: OnceLock::new(), catalogue: OnceLock::new() })
    }

    /// CloudWatch's alarms and dashboards.
    fn cloudwatch(&self) -> &CloudWatch {
        self.cloudwatch.get_or_init(|| CloudWatch::new(&self.evaluator.config))
    }

    /// What Bedrock says of models.
    fn catalogue(&self) -> &Catalogue {
        self.catalogue.get_or_init(|| Catalogue::new(&self.evaluator.config))
    }
}

/// One invocation.
#[derive(Clone, Copy)]
struct Invocation<'a> {
    runner: &'a Runner,
    /// When it has to end.
    stop: &'a Stop,
    /// Its id, which Lambda keeps when it tries an event again.
    request_id: &'a str,
}

/// Does what `event` asks for, and answers what became of it.
///
/// # Errors
/// When the event should come again: something is not done, or something passing failed. One suite that fails keeps no
/// other from being asked; what is done is not done again.
pub async fn handle(
    event: Value,
    runner: &Runner,
    deadline: Option<Instant>,
    request_id: &str,
) -> Result<Value, RunnerError> {
    let stop = Stop::default();
    let _timer = deadline.map(|deadline| stop.before(deadline));
    let invocation = Invocation { runner, stop: &stop, request_id };
    let answer = match asked(&event, request_id, Timestamp::now())? {
        Asked::Probes(wanted) => Box::pin(round::run(invocation, wanted)).await,
        Asked::Watch => Box::pin(watch::watch(invocation)).await,
        Asked::Digest(occasion) => Box::pin(digest::digest(invocation, &occasion)).await,
    };
    answer.inspect_err(|error| tracing::error!(class = error.class(), error = %error.chain(), "not done"))
}
