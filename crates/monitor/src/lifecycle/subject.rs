//! What an identifier stands for, by its form alone.

/// Beginnings of the ids of the service's inference profiles, before the first dot.
const GEOGRAPHIES: [&str; 7] = ["us", "eu", "apac", "jp", "au", "us-gov", "global"];

/// Resources of an ARN that have no life that the service announces, and their names.
const WITHOUT_LIFE: [(&str, &str); 8] = [
    ("provisioned-model", "a provisioned model"),
    ("imported-model", "an imported model"),
    ("custom-model", "a custom model"),
    ("custom-model-deployment", "the deployment of a custom model"),
    ("default-prompt-router", "a prompt router"),
    ("prompt-router", "a prompt router"),
    ("prompt", "a prompt"),
    ("endpoint", "an endpoint of SageMaker"),
];

/// What an identifier stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A foundation model, by its id or ARN.
    FoundationModel(String),
    /// An inference profile, of the service or of the account, by its id or ARN.
    Profile(String),
    /// Something whose end the service does not announce: what it is.
    WithoutLife(&'static str),
}

impl Subject {
    /// What `model`, as it is configured, stands for. What has no form that is known is taken for a foundation model: the
    /// service then says that there is none.
    pub fn of(model: &str) -> Self {
        let Some(rest) = model.strip_prefix("arn:") else {
            let is_profile = model.split_once('.').is_some_and(|(first, _)| GEOGRAPHIES.contains(&first));
            return if is_profile { Self::Profile(model.to_owned()) } else { Self::FoundationModel(model.to_owned()) };
        };
        let resource = rest.splitn(5, ':').nth(4).unwrap_or_default();
        let kind = resource.split(['/', ':']).next().unwrap_or_default();
        match kind {
            "inference-profile" | "application-inference-profile" => Self::Profile(model.to_owned()),
            _ => match WITHOUT_LIFE.iter().find(|(name, _)| *name == kind) {
                Some((_, what)) => Self::WithoutLife(what),
                None => Self::FoundationModel(model.to_owned()),
            },
        }
    }

    /// Whether an id that no foundation model has may be that of a profile: its first part could be a geography that came
    /// later, as in `ca.amazon.nova-lite-v1:0`.
    pub(super) fn may_be_profile(id: &str) -> bool {
        let parts: Vec<&str> = id.splitn(3, '.').collect();
        matches!(parts[..], [first, _, _] if !id.starts_with("arn:")
            && (2..=8).contains(&first.len())
            && first.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_told_apart_by_their_form() {
        let profile = |id: &str| Subject::Profile(id.to_owned());
        let model = |id: &str| Subject::FoundationModel(id.to_owned());
        let arn = |resource: &str| format!("arn:aws:bedrock:us-east-1:111122223333:{resource}");
        for id in [
            "us.amazon.nova-lite-v1:0",
            "global.anthropic.claude-haiku-4-5-20251001-v1:0",
            "us-gov.amazon.nova-pro-v1:0",
            &arn("inference-profile/us.amazon.nova-lite-v1:0"),
            &arn("application-inference-profile/abcdefgh1234"),
        ] {
            assert_eq!(Subject::of(id), profile(id));
        }
        for id in [
            "amazon.nova-lite-v1:0",
            "openai.gpt-5.5",
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
            "ca.amazon.nova-lite-v1:0",
            "nonsense",
            "arn:",
            "",
        ] {
            assert_eq!(Subject::of(id), model(id));
        }
        for (resource, what) in [
            ("provisioned-model/abcdefgh1234", "a provisioned model"),
            ("imported-model/abcdefgh1234", "an imported model"),
            ("custom-model/amazon.nova-lite-v1:0/abcdefgh1234", "a custom model"),
            ("custom-model-deployment/abcdefgh1234", "the deployment of a custom model"),
            ("default-prompt-router/anthropic.claude:1", "a prompt router"),
            ("prompt/ABCDEFGH12:1", "a prompt"),
        ] {
            assert_eq!(Subject::of(&arn(resource)), Subject::WithoutLife(what));
        }
        let endpoint = "arn:aws:sagemaker:us-east-1:111122223333:endpoint/e";
        assert_eq!(Subject::of(endpoint), Subject::WithoutLife("an endpoint of SageMaker"));
    }

    #[test]
    fn geographies_that_came_later_are_tried() {
        assert!(Subject::may_be_profile("ca.amazon.nova-lite-v1:0"));
        for id in ["amazon.nova-lite-v1:0", "nonsense", "arn:aws.a.b", "x1.amazon.nova", ""] {
            assert!(!Subject::may_be_profile(id), "{id}");
        }
    }
}
