//! Commands that look at models in use: the invocation log, how long models live, whether calls are logged.

mod lifecycle;
mod logging;
mod logs;

use super::tool::{Ended, Tool};
use local_stack::environment::Environment;
use local_stack::insights::{LogsScript, LogsStandIn};
use local_stack::stand_in::{Behaviour, ServiceModel, StandIn, StandInOptions};
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};

const ROLE: &str = "arn:aws:iam::111122223333:role/logs";
const GROUP: &str = "/bedrock/calls";

/// The tool beside stand-ins for Bedrock and CloudWatch Logs.
struct World {
    tool: Tool,
    bedrock: StandIn,
    logs: LogsStandIn,
}

fn models() -> &'static (Arc<ServiceModel>, Arc<ServiceModel>) {
    static LOADED: OnceLock<(Arc<ServiceModel>, Arc<ServiceModel>)> = OnceLock::new();
    LOADED.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let environment = runtime.block_on(Environment::prepare()).unwrap();
        let load = |path: std::path::PathBuf| Arc::new(ServiceModel::load(&path).unwrap());
        (load(environment.bedrock_model().unwrap()), load(environment.logs_model().unwrap()))
    })
}

impl World {
    fn new(behaviour: Behaviour, script: LogsScript) -> Self {
        let (control_model, logs_model) = models().clone();
        let options = StandInOptions { behaviour, control_model: Some(control_model), ..StandInOptions::default() };
        let bedrock = StandIn::start(options).unwrap();
        let logs = LogsStandIn::start(script, Some(logs_model)).unwrap();
        let tool = Tool::beside(&bedrock)
            .with("AWS_ENDPOINT_URL_BEDROCK", &bedrock.url())
            .with("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", &logs.url());
        Self { tool, bedrock, logs }
    }

    /// With invocation logging on, to [`GROUP`].
    fn logging(script: LogsScript) -> Self {
        let world = Self::new(Behaviour::default(), script);
        let setting =
            json!({"cloudWatchConfig": {"logGroupName": GROUP, "roleArn": ROLE}, "textDataDeliveryEnabled": true});
        world.bedrock.set_invocation_logging(Some(setting));
        world
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let ended = self.tool.run(arguments);
        assert!(self.logs.violations().is_empty(), "{:?}", self.logs.violations());
        assert!(self.bedrock.violations().is_empty(), "{:?}", self.bedrock.violations());
        ended
    }
}

/// The one JSON document on standard output.
#[track_caller]
fn document(ended: &Ended) -> Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", ended.out, ended.err))
}
