//! What the forwarder to Slack needs in a local stack: the secret, and its way to the stand-in.

use crate::environment::Environment;
use crate::stack::deployment::{self, Variables};

const PUT_SECRET: &str = include_str!("put_secret.py");

/// The template's parameter that names the secret.
pub(super) const PARAMETER: &str = "SlackSecret";
/// The secret's name.
pub const SECRET_NAME: &str = "assay/slack";
/// The forwarder's logical id.
pub(super) const FORWARDER: &str = "AlarmForwarder";
/// The forwarder's variable that leads it to the stand-in.
pub(super) const ENDPOINT: &str = "SLACK_ENDPOINT_URL";

/// Keeps `text` in the emulator's Secrets Manager.
pub(super) async fn put_secret(environment: &Environment, variables: &Variables, text: &str) -> anyhow::Result<()> {
    deployment::python(environment, variables, PUT_SECRET, &[SECRET_NAME, text]).await.map(drop)
}
