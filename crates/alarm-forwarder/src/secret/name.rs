//! Where the secret is kept, as a person names it.

/// The name of a secret in Secrets Manager, or of a parameter in SSM's Parameter Store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretName {
    /// A secret: its name or ARN.
    Secret(String),
    /// A parameter: its name or ARN.
    Parameter(String),
}

impl SecretName {
    /// Reads a name. An ARN says of which service it is. A name that begins with `/` is a parameter's, as SSM writes paths;
    /// `ssm:` and `secretsmanager:` before a name say it for any other.
    ///
    /// # Errors
    /// When it is no name, and why. The text is not repeated: it may be the secret itself.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        if let Some(resource) = text.strip_prefix("arn:") {
            let mut parts = resource.split(':').skip(1);
            let (service, resource) = (parts.next(), parts.nth(2));
            return match (service, resource) {
                (Some("secretsmanager"), Some("secret")) => Ok(Self::Secret(text.to_owned())),
                (Some("ssm"), Some(name)) if name.starts_with("parameter/") => Ok(Self::Parameter(text.to_owned())),
                _ => Err("the ARN is neither that of a secret nor that of a parameter"),
            };
        }
        let (make, name): (fn(String) -> Self, &str) = match text.split_once(':') {
            Some(("ssm", name)) => (Self::Parameter, name),
            Some(("secretsmanager", name)) => (Self::Secret, name),
            _ if text.starts_with('/') => (Self::Parameter, text),
            _ => (Self::Secret, text),
        };
        let is_token = ["xoxb-", "xoxp-", "xoxe", "xapp-"].iter().any(|beginning| name.starts_with(beginning));
        let may_stand = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
        // Without `https://` a webhook's address could be a name.
        let is_webhook = name.contains("://") || name.to_ascii_lowercase().contains("hooks.slack");
        if is_token || is_webhook {
            return Err(
                "this is the secret itself, where only its name may stand: whoever sees the function would see it",
            );
        }
        if name.is_empty() || name.len() > 2048 || !name.chars().all(may_stand) {
            return Err("not the name of a secret or a parameter");
        }
        Ok(make(name.to_owned()))
    }

    /// The name or ARN, without what says of which service it is.
    pub fn name(&self) -> &str {
        match self {
            Self::Secret(name) | Self::Parameter(name) => name,
        }
    }

    /// What it is, and the action that reads it.
    pub(super) fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::Secret(_) => ("secret", "secretsmanager:GetSecretValue"),
            Self::Parameter(_) => ("parameter", "ssm:GetParameter"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_arns_say_where_a_secret_is_kept() {
        let secret = |name: &str| Ok(SecretName::Secret(name.to_owned()));
        let parameter = |name: &str| Ok(SecretName::Parameter(name.to_owned()));
        let arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:slack-AbCdEf";
        let gov = "arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/assay/slack";
        for (text, expected) in [
            ("slack", secret("slack")),
            ("team/slack", secret("team/slack")),
            ("/team/slack", parameter("/team/slack")),
            ("ssm:slack", parameter("slack")),
            ("secretsmanager:/slack", secret("/slack")),
            (arn, secret(arn)),
            (gov, parameter(gov)),
        ] {
            assert_eq!(SecretName::read(text), expected, "{text}");
        }
        for text in ["arn:aws:s3:::bucket", "arn:aws:ssm:r:1:document/x", "a b", "ssm:", "https://x", "xoxb-1"] {
            assert!(SecretName::read(text).is_err(), "{text}");
        }
    }
}
