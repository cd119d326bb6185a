//! What the stack put into the environment of this function. The secret is named here; what it holds never is.

use crate::secret::SecretName;
use crate::slack::Endpoint;
use assay_problem::Problem;

/// What the stack says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwarderSettings {
    /// `ASSAY_BUCKET`: the bucket of the stack, where it is written down what was posted.
    pub bucket: String,
    /// `ASSAY_SLACK_SECRET`: where webhooks or the token are kept.
    pub secret: SecretName,
    /// `SLACK_ENDPOINT_URL`: a stand-in for Slack on this machine; none in the cloud.
    pub endpoint: Option<Endpoint>,
}

impl ForwarderSettings {
    /// Reads the settings from the environment of the process.
    ///
    /// # Errors
    /// Every variable that is missing or wrong, a line each.
    pub fn from_environment() -> Result<Self, String> {
        Self::read(|name| std::env::var(name).ok()).map_err(|problems| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            problems.join("\n")
        })
    }

    /// Reads the settings through `variable`.
    ///
    /// # Errors
    /// Every variable that is missing or wrong. No message repeats a value: somebody may have put the webhook itself there.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let get = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut problems = Vec::new();
        let mut wrong = |name: &str, message: &str, remedy: &str| {
            problems.push(Problem::error("environment", message).in_field(name).remedy(remedy));
        };
        let bucket = get("ASSAY_BUCKET");
        if bucket.is_none() {
            wrong("ASSAY_BUCKET", "the variable is not set", "set it to the stack's bucket");
        }
        let secret = match get("ASSAY_SLACK_SECRET").map(|name| SecretName::read(&name)) {
            Some(Ok(secret)) => Some(secret),
            Some(Err(reason)) => {
                let remedy = "name the secret, or the SSM parameter, that holds the webhook, by the stack's parameter SlackSecret";
                wrong("ASSAY_SLACK_SECRET", reason, remedy);
                None
            }
            None => {
                let remedy = "name a secret, or an SSM parameter, by the stack's parameter SlackSecret";
                wrong("ASSAY_SLACK_SECRET", "the variable is not set", remedy);
                None
            }
        };
        let endpoint = match get("SLACK_ENDPOINT_URL").map(|url| Endpoint::read(&url)) {
            Some(Err(reason)) => {
                wrong("SLACK_ENDPOINT_URL", reason, "leave it out; only a test sets it, to http://127.0.0.1:PORT");
                None
            }
            read => read.and_then(Result::ok),
        };
        match (bucket, secret) {
            (Some(bucket), Some(secret)) if problems.is_empty() => Ok(Self { bucket, secret, endpoint }),
            _ => Err(problems),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(secret: &str, endpoint: &str) -> Result<ForwarderSettings, String> {
        let read = ForwarderSettings::read(|name| match name {
            "ASSAY_BUCKET" => Some("b".to_owned()),
            "ASSAY_SLACK_SECRET" => Some(secret.to_owned()),
            _ => Some(endpoint.to_owned()),
        });
        read.map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn an_endpoint_is_on_this_machine_or_it_is_none() {
        assert!(read("s", "").unwrap().endpoint.is_none());
        assert!(read("s", "http://127.0.0.1:4000").unwrap().endpoint.is_some());
        assert!(read("s", "https://proxy.example.com").unwrap_err().contains("SLACK_ENDPOINT_URL"));
    }

    #[test]
    fn every_variable_that_is_missing_is_named() {
        let problems = ForwarderSettings::read(|_| None).unwrap_err();
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|said| said.contains("the stack's parameter SlackSecret")), "{said:?}");
        let fields: Vec<String> = problems.into_iter().filter_map(|problem| problem.field).collect();
        assert_eq!(fields, ["ASSAY_BUCKET", "ASSAY_SLACK_SECRET"]);
    }

    #[test]
    fn a_webhook_in_the_environment_is_refused_and_not_repeated() {
        for secret in [
            "https://hooks.slack.com/services/T0/B0/token",
            "hooks.slack.com/services/T0/B0/token",
            "hooks.slack-gov.com/services/T0/B0/token",
            "secretsmanager:Hooks.Slack.com/services/T0/B0/token",
            "xoxb-1-token",
            "{\"webhook\": \"token\"}",
        ] {
            let said = read(secret, "").unwrap_err();
            assert!(said.contains("ASSAY_SLACK_SECRET") && !said.contains("token"), "{said}");
        }
    }
}
