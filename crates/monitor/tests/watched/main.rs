//! The adapters on the wire: the stand-ins over real HTTP, every request checked against AWS's own service models.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod insights;
mod lives;
mod logging;
mod overview;

use std::sync::{Arc, OnceLock};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use local_stack::environment::Environment;
use local_stack::insights::{LogsScript, LogsStandIn};
use local_stack::stand_in::{Behaviour, ServiceModel, StandIn, StandInOptions};

/// The service models of Bedrock's control plane and of CloudWatch Logs.
fn models() -> &'static (Arc<ServiceModel>, Arc<ServiceModel>) {
    static LOADED: OnceLock<(Arc<ServiceModel>, Arc<ServiceModel>)> = OnceLock::new();
    LOADED.get_or_init(|| {
        let load = async || {
            let environment = Environment::prepare().await.unwrap();
            let of = |path: std::path::PathBuf| Arc::new(ServiceModel::load(&path).unwrap());
            (of(environment.bedrock_model().unwrap()), of(environment.logs_model().unwrap()))
        };
        let run = move || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(load());
        std::thread::spawn(run).join().unwrap()
    })
}

fn bedrock(behaviour: Behaviour) -> StandIn {
    let control_model = Some(Arc::clone(&models().0));
    StandIn::start(StandInOptions { behaviour, control_model, ..StandInOptions::default() }).unwrap()
}

fn logs(script: LogsScript) -> LogsStandIn {
    LogsStandIn::start(script, Some(Arc::clone(&models().1))).unwrap()
}

/// Settings for the service at `url`.
fn settings(url: &str) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}
