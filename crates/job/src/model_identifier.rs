//! Models as a job takes them: from what a spec names to what the service is told, and back.
//!
//! Which forms a role takes at all is told by the core, so that specs and requests cannot differ. Whether there is such a
//! model is left to the service.

use assay_core::spec::{ModelRole, is_profile_id};

/// Where jobs run, as far as ARNs name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// `aws`, or of another cloud of AWS: `aws-us-gov`.
    pub partition: String,
    /// The Region of the jobs.
    pub region: String,
    /// Twelve digits.
    pub id: String,
}

/// Something that the service would refuse. Lower case, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}; {remedy}")]
pub struct Refused {
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub remedy: String,
}

impl Account {
    /// The account of a role, whose ARN names no Region.
    ///
    /// # Errors
    /// When `role` is not the ARN of a role.
    pub fn of_role(role: &str, region: &str) -> Result<Self, Refused> {
        let parts: Vec<&str> = role.splitn(6, ':').collect();
        match parts[..] {
            ["arn", partition, "iam", "", id, resource]
                if resource.starts_with("role/")
                    && id.len() == 12
                    && id.bytes().all(|byte| byte.is_ascii_digit())
                    && (partition == "aws" || partition.starts_with("aws-")) =>
            {
                Ok(Self { partition: partition.to_owned(), region: region.to_owned(), id: id.to_owned() })
            }
            _ => Err(Refused {
                message: format!("`{role}` is not the ARN of a role"),
                remedy: "give `arn:aws:iam::<account>:role/<name>`".to_owned(),
            }),
        }
    }
}

impl Account {
    /// The ARN of the evaluation job `id` of this account and Region.
    pub fn job_arn(&self, id: &str) -> String {
        let Self { partition, region, id: owner } = self;
        format!("arn:{partition}:bedrock:{region}:{owner}:evaluation-job/{id}")
    }
}

/// A model that answers, as the service takes it.
///
/// The id of an inference profile becomes a whole ARN: of bare ids the service takes some geographies and refuses others
/// (`global.`, `us-gov.`). Ids of models and ARNs stay as they are.
///
/// # Errors
/// When the service takes nothing of this form as a model that answers.
pub fn generator(id: &str, account: &Account) -> Result<String, Refused> {
    identifier(id, ModelRole::Generator, account)
}

/// A model that judges, as the service takes it; profile ids as in [`generator`].
///
/// # Errors
/// When the service takes nothing of this form as a model that judges.
pub fn evaluator(id: &str, account: &Account) -> Result<String, Refused> {
    identifier(id, ModelRole::Evaluator, account)
}

fn identifier(id: &str, role: ModelRole, account: &Account) -> Result<String, Refused> {
    if let Some(message) = role.refusal(id) {
        return Err(Refused { message, remedy: role.remedy().to_owned() });
    }
    let Account { partition, region, id: owner } = account;
    Ok(match is_profile_id(id) {
        true => format!("arn:{partition}:bedrock:{region}:{owner}:inference-profile/{id}"),
        false => id.to_owned(),
    })
}

/// A model as people name it: the id in the ARN of a foundation model or of a profile of the service; anything else is
/// left as it is.
pub fn short_name(identifier: &str) -> &str {
    let Some(resource) = identifier.strip_prefix("arn:").and_then(|rest| rest.splitn(5, ':').nth(4)) else {
        return identifier;
    };
    let named = ["foundation-model/", "inference-profile/"].iter().find_map(|kind| resource.strip_prefix(kind));
    named.unwrap_or(identifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account::of_role("arn:aws-us-gov:iam::111122223333:role/service/jobs", "us-gov-west-1").unwrap()
    }

    #[test]
    fn an_account_is_that_of_its_role() {
        let Account { partition, region, id } = account();
        assert_eq!((&*partition, &*region, &*id), ("aws-us-gov", "us-gov-west-1", "111122223333"));
        for role in ["", "jobs", "arn:aws:iam::1:role/jobs", "arn:aws:iam::111122223333:user/me", "arn:aws:s3:::bucket"]
        {
            let refused = Account::of_role(role, "us-east-1").unwrap_err().to_string();
            assert_eq!(
                refused,
                format!("`{role}` is not the ARN of a role; give `arn:aws:iam::<account>:role/<name>`")
            );
        }
    }

    #[test]
    fn profiles_become_whole_arns_and_come_back() {
        let arn = |id: &str| format!("arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:inference-profile/{id}");
        for id in [
            "us.amazon.nova-pro-v1:0",
            "eu.amazon.nova-pro-v1:0",
            "apac.amazon.nova-pro-v1:0",
            "jp.anthropic.claude-haiku-4-5-20251001-v1:0",
            "au.anthropic.claude-haiku-4-5-20251001-v1:0",
            "us-gov.amazon.nova-pro-v1:0",
            "global.anthropic.claude-haiku-4-5-20251001-v1:0",
        ] {
            assert_eq!(generator(id, &account()).unwrap(), arn(id));
            assert_eq!(evaluator(id, &account()).unwrap(), arn(id));
            assert_eq!(short_name(&arn(id)), id);
            assert_eq!(short_name(id), id);
        }
    }

    #[test]
    fn other_identifiers_stay_as_they_are() {
        let router = "arn:aws:bedrock:us-east-1:111122223333:default-prompt-router/anthropic.claude:1";
        for id in [
            "amazon.nova-micro-v1:0",
            "openai.gpt-5.5",
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0",
            "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdefgh1234",
            router,
        ] {
            assert_eq!(generator(id, &account()).unwrap(), id);
        }
        let refused = evaluator(router, &account()).unwrap_err().to_string();
        assert!(refused.starts_with("a prompt router cannot be the evaluator; give a model id"), "{refused}");
        assert!(generator("nova", &account()).is_err());
    }

    #[test]
    fn short_names_are_those_of_models_and_profiles_alone() {
        for (identifier, name) in [
            ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0", "amazon.nova-micro-v1:0"),
            (
                "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdefgh1234",
                "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdefgh1234",
            ),
            ("foundation-model/x", "foundation-model/x"),
            ("my-rag", "my-rag"),
            ("arn:", "arn:"),
            ("", ""),
        ] {
            assert_eq!(short_name(identifier), name);
        }
    }
}
