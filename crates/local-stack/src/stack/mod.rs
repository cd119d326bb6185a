//! The deployed stack on one machine: emulator, stand-ins for Bedrock and Slack, the functions and the real template, started
//! together.
//!
//! Each part is a module of its own; here they are put together and named for those who use them.

pub mod deployment;
pub mod folder;
pub mod functions;
pub mod slack;
pub mod template;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use crate::emulator::{Emulator, REGION};
use crate::environment::Environment;
use crate::places;
use crate::slack::SlackStandIn;
use crate::stack::deployment::{Deployment, Variables};
use crate::stack::folder::StackFolder;
use crate::stand_in::{ServiceModel, StandIn, StandInOptions};

const LOGS: &str = include_str!("logs.py");

/// What may differ from one local stack to another.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The emulator's port; a free one where it is not given.
    pub port: Option<u16>,
    /// The template's parameters. `Architecture` is this machine's unless given; `ModelIds` has to be given.
    pub parameters: BTreeMap<String, String>,
    /// Further environment variables of every deployed function.
    pub function_variables: BTreeMap<String, String>,
    /// What the secret says from which the forwarder learns its webhooks, which all lead to the stand-in for Slack. Without it
    /// the template is deployed as for somebody who has no Slack: without the forwarder.
    pub slack_secret: Option<String>,
    /// How the Bedrock stand-in behaves. It checks requests against botocore's service models unless others are given.
    pub stand_in: StandInOptions,
}

/// A deployed stack. Dropping it ends everything that was started for it.
#[derive(Debug)]
pub struct LocalStack {
    // Fields are dropped in this order: the functions end before what they talk to.
    emulator: Emulator,
    stand_in: StandIn,
    slack: Option<SlackStandIn>,
    environment: Environment,
    deployment: Deployment,
    variables: Variables,
    folder: StackFolder,
}

impl LocalStack {
    /// Starts the emulator and the stand-ins, builds the functions meanwhile, deploys the template and points the functions
    /// at the stand-ins.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let environment = Environment::prepare().await?;
        let stand_in = start_stand_in(options.stand_in, &environment)?;
        let slack = options.slack_secret.as_ref().map(|_| SlackStandIn::start(None)).transpose()?;
        let folder = StackFolder::make(&places::target().join("local-stack"))?;

        eprintln!("building the functions");
        let laid_out = deployment::lay_out(folder.path());
        let started = Emulator::start(&environment, folder.path(), options.port);
        let ((), mut emulator) = tokio::try_join!(laid_out, started)?;
        stand_in.set_object_storage(&emulator.url());

        eprintln!("deploying template.yaml into the emulator at {}", emulator.url());
        let variables = variables(&emulator.url(), folder.path());
        let mut added = options.function_variables;
        for name in ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL_BEDROCK"] {
            added.insert(name.to_owned(), stand_in.url());
        }
        let mut parameters = options.parameters;
        parameters.entry("Architecture".to_owned()).or_insert_with(|| architecture().to_owned());
        if slack.is_some() {
            parameters.entry(slack::PARAMETER.to_owned()).or_insert_with(|| slack::SECRET_NAME.to_owned());
        }
        let added_to = |logical_id: &str| {
            let mut added = added.clone();
            if let Some(slack) = slack.as_ref().filter(|_| logical_id == slack::FORWARDER) {
                added.insert(slack::ENDPOINT.to_owned(), slack.url());
            }
            added
        };
        let deploying = async {
            if let Some(text) = &options.slack_secret {
                slack::put_secret(&environment, &variables, text).await?;
            }
            let deployment = deployment::deploy(&environment, folder.path(), &variables, &parameters).await?;
            deployment::add_function_variables(&environment, &variables, &deployment, added_to).await?;
            anyhow::Ok(deployment)
        };
        let deployment = deploying.await;
        // A dead emulator explains a failed deployment better than the deployment's own message.
        emulator.check_alive()?;
        Ok(Self { emulator, stand_in, slack, environment, deployment: deployment?, variables, folder })
    }

    /// The bucket to drop files into.
    pub fn bucket(&self) -> anyhow::Result<&str> {
        self.output("BucketName")
    }

    /// The topic that every notice goes to.
    pub fn notice_topic_arn(&self) -> anyhow::Result<&str> {
        self.output("NoticeTopicArn")
    }

    /// The template's outputs.
    pub fn outputs(&self) -> &BTreeMap<String, String> {
        &self.deployment.outputs
    }

    /// One of the template's outputs.
    pub fn output(&self, name: &str) -> anyhow::Result<&str> {
        let value = self.deployment.outputs.get(name);
        value.map(String::as_str).with_context(|| format!("the template has no output `{name}`"))
    }

    /// The deployed name of a function, by its logical id in the template.
    pub fn function(&self, logical_id: &str) -> anyhow::Result<&str> {
        let name = self.deployment.functions.get(logical_id);
        name.map(String::as_str).with_context(|| format!("the template has no function `{logical_id}`"))
    }

    /// The emulator.
    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }

    /// Bedrock as the functions see it, runtime and evaluation jobs: what it was asked, and how it is to behave.
    pub fn stand_in(&self) -> &StandIn {
        &self.stand_in
    }

    /// Slack as the forwarder sees it; fails where the stack has no forwarder.
    pub fn slack(&self) -> anyhow::Result<&SlackStandIn> {
        self.slack.as_ref().context("the stack was deployed without a secret for Slack, so it has no forwarder")
    }

    /// Fails, with the end of its log, once the emulator is gone.
    pub fn check_alive(&mut self) -> anyhow::Result<()> {
        self.emulator.check_alive()
    }

    /// The Python environment.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The endpoint of every emulated service.
    pub fn url(&self) -> String {
        self.emulator.url()
    }

    /// The Region that everything was deployed to.
    pub fn region(&self) -> &'static str {
        REGION
    }

    /// Environment variables with which any AWS tool works on this stack.
    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// The folder with the emulator's log, the edited template and the functions' binaries.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a Python script with boto3 against this stack and gives back what it printed.
    pub async fn python(&self, script: &str, arguments: &[&str]) -> anyhow::Result<String> {
        deployment::python(&self.environment, &self.variables, script, arguments).await
    }

    /// What a function logged, oldest first; by its logical id in the template.
    pub async fn logs(&self, logical_id: &str) -> anyhow::Result<String> {
        self.python(LOGS, &[self.function(logical_id)?]).await
    }
}

fn start_stand_in(mut options: StandInOptions, environment: &Environment) -> anyhow::Result<StandIn> {
    if options.service_model.is_none() {
        options.service_model = Some(Arc::new(ServiceModel::load(&environment.bedrock_runtime_model()?)?));
    }
    if options.control_model.is_none() {
        options.control_model = Some(Arc::new(ServiceModel::load(&environment.bedrock_model()?)?));
    }
    StandIn::start(options)
}

/// Points AWS tools at the emulator and keeps the user's own AWS settings out of it.
fn variables(url: &str, folder: &Path) -> Variables {
    let settings = [
        ("AWS_ENDPOINT_URL", url),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("SAM_CLI_TELEMETRY", "0"),
    ];
    let mut variables: Variables = settings.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        variables.insert(name.to_owned(), "/dev/null".to_owned());
    }
    variables.insert("HOME".to_owned(), folder.display().to_string());
    variables
}

/// Lambda's name for this machine's processor, for which the functions are built here.
fn architecture() -> &'static str {
    if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" }
}
