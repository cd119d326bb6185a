//! Which models a job takes as what: by the form of their identifiers alone.
//!
//! The forms are those of the service's own model of its API (`EvaluationBedrockModelIdentifier` and
//! `EvaluatorModelIdentifier`). Whether there is such a model is left to the service, and making whole ARNs of profile ids
//! to whoever makes requests.

use super::arn::{Arn, is_word};

/// What a model does in a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelRole {
    /// It answers.
    Generator,
    /// It judges.
    Evaluator,
}

/// The geographies of the service's inference profiles, as their ids begin with them.
const GEOGRAPHIES: [&str; 7] = ["us", "eu", "apac", "jp", "au", "us-gov", "global"];

/// What an ARN names, and whether that may judge.
const RESOURCES: [(&str, &str, bool); 7] = [
    ("foundation-model", "a foundation model", true),
    ("inference-profile", "an inference profile", true),
    ("application-inference-profile", "an application inference profile", false),
    ("provisioned-model", "a provisioned model", false),
    ("imported-model", "an imported model", false),
    ("default-prompt-router", "a prompt router", false),
    ("prompt-router", "a prompt router", false),
];

impl ModelRole {
    /// What is wrong with `id` in this role, if its form tells.
    pub fn refusal(self, id: &str) -> Option<String> {
        let (what, evaluates) = if id.starts_with("arn:") { of_arn(id) } else { of_id(id) };
        match (what, self) {
            (None, _) => Some(format!("`{id}` is no model that evaluation jobs know")),
            (Some(what), Self::Evaluator) if !evaluates => Some(format!("{what} cannot be the evaluator")),
            _ => None,
        }
    }

    /// What would be right in this role.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Generator => {
                "give a model id, an inference profile id, or the ARN of a foundation model, an inference profile, a \
                 provisioned or imported model, a prompt router or a SageMaker endpoint"
            }
            Self::Evaluator => {
                "give a model id, an inference profile id, or the ARN of a foundation model or an inference profile of \
                 the service"
            }
        }
    }
}

/// What names the profile of a geography: `us.amazon.nova-lite-v1:0`.
pub fn is_profile_id(id: &str) -> bool {
    id.split_once('.').is_some_and(|(geography, model)| GEOGRAPHIES.contains(&geography) && is_model_id(model))
}

type Form = (Option<&'static str>, bool);

const UNKNOWN: Form = (None, false);

fn of_id(id: &str) -> Form {
    // The service also takes geographies of two to four letters that are not listed above.
    let other =
        |geography: &str| (2..=4).contains(&geography.len()) && geography.bytes().all(|b| b.is_ascii_lowercase());
    let model = id.split_once('.').is_some_and(|(geography, model)| other(geography) && is_model_id(model));
    if model || is_model_id(id) || is_profile_id(id) { (Some("a model"), true) } else { UNKNOWN }
}

fn of_arn(text: &str) -> Form {
    let Some(arn) = Arn::parse(text) else { return UNKNOWN };
    let (kind, name) = arn.kind_and_name();
    let owned = !arn.account.is_empty();
    if arn.service == "sagemaker" {
        let known = owned && kind == "endpoint" && is_word(name, 63);
        return if known { (Some("a SageMaker endpoint"), false) } else { UNKNOWN };
    }
    let of_geography =
        |(geography, model): (&str, &str)| geography.len() >= 2 && is_word(geography, 8) && is_model_id(model);
    let well_formed = match kind {
        "foundation-model" => !owned && is_model_id(name),
        "inference-profile" => owned && name.split_once('.').is_some_and(of_geography),
        "default-prompt-router" | "prompt-router" => owned && !name.is_empty(),
        _ => owned && name.len() == 12 && is_word(name, 12),
    };
    let known = RESOURCES.iter().find(|(known, _, _)| *known == kind && arn.service == "bedrock" && well_formed);
    known.map_or(UNKNOWN, |(_, what, evaluates)| (Some(*what), *evaluates))
}

/// `provider.model`, with at most one more part after a full stop or a colon.
fn is_model_id(id: &str) -> bool {
    let Some((provider, model)) = id.split_once('.') else { return false };
    let (name, version) = model.split_once(['.', ':']).map_or((model, None), |(name, version)| (name, Some(version)));
    let well_formed = match version {
        Some(version) => is_word(name, 63) && is_word(version, 63),
        None => model.len() >= 2 && is_word(model, 126),
    };
    is_word(provider, 63) && well_formed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the service's patterns take: identifier, as generator, as evaluator.
    #[test]
    fn roles_take_what_the_service_takes() {
        let owned = |rest: &str| format!("arn:aws:bedrock:us-east-1:111122223333:{rest}");
        for (id, generates, evaluates) in [
            ("amazon.nova-micro-v1:0".to_owned(), true, true),
            ("openai.gpt-5.5".to_owned(), true, true),
            ("deepseek.r1".to_owned(), true, true),
            ("us.amazon.nova-pro-v1:0".to_owned(), true, true),
            ("global.anthropic.claude-haiku-4-5-20251001-v1:0".to_owned(), true, true),
            ("us-gov.amazon.nova-pro-v1:0".to_owned(), true, true),
            ("arn:aws-cn:bedrock:cn-north-1::foundation-model/amazon.nova-micro-v1:0".to_owned(), true, true),
            (owned("inference-profile/global.anthropic.claude-haiku-4-5-20251001-v1:0"), true, true),
            (owned("inference-profile/us-gov.amazon.nova-pro-v1:0"), true, true),
            (owned("application-inference-profile/abcdefgh1234"), true, false),
            (owned("provisioned-model/abcdefgh1234"), true, false),
            (owned("imported-model/abcdefgh1234"), true, false),
            (owned("default-prompt-router/anthropic.claude:1"), true, false),
            (owned("prompt-router/abcdefgh1234"), true, false),
            ("arn:aws:sagemaker:us-east-1:111122223333:endpoint/mine".to_owned(), true, false),
            (owned("custom-model-deployment/abcdefgh1234"), false, false),
            (owned("prompt/ABCDEFGHIJ:1"), false, false),
            (owned("provisioned-model/short"), false, false),
            ("arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-pro-v1:0".to_owned(), false, false),
            (
                "arn:aws:lambda:us-east-1:111122223333:inference-profile/us.amazon.nova-pro-v1:0".to_owned(),
                false,
                false,
            ),
            ("arn:aws:bedrock".to_owned(), false, false),
            (owned("nothing"), false, false),
            ("nova".to_owned(), false, false),
            ("amazon.nova lite".to_owned(), false, false),
            ("Amazon.nova-lite".to_owned(), false, false),
            ("amazon.nova-lite-v1:0:300k".to_owned(), false, false),
        ] {
            assert_eq!(ModelRole::Generator.refusal(&id).is_none(), generates, "{id}");
            assert_eq!(ModelRole::Evaluator.refusal(&id).is_none(), evaluates, "{id}");
        }
    }

    #[test]
    fn profiles_are_told_from_models() {
        assert!(is_profile_id("apac.amazon.nova-lite-v1:0") && is_profile_id("us-gov.amazon.nova-pro-v1:0"));
        assert!(!is_profile_id("amazon.nova-lite-v1:0") && !is_profile_id("openai.gpt-5.5"));
        assert!(!is_profile_id("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0"));
    }
}
