//! The parts of an ARN, as far as the service's patterns have them in common.
//!
//! What the resource may be is left to whoever asks.

/// `arn:<partition>:<service>:<region>:<account>:<resource>`
pub(super) struct Arn<'a> {
    pub(super) service: &'a str,
    /// Twelve digits, or nothing where the service itself owns the resource.
    pub(super) account: &'a str,
    /// Kind and name, as in `provisioned-model/abcdefgh1234`.
    pub(super) resource: &'a str,
}

impl<'a> Arn<'a> {
    /// The parts of `text`, where partition, Region and account have their form.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, resource] = parts[..] else { return None };
        let partition = partition == "aws" || partition.strip_prefix("aws-").is_some_and(|rest| !rest.is_empty());
        let account_has_form = account.is_empty() || is_account(account);
        (partition && is_word(region, 20) && account_has_form).then_some(Self { service, account, resource })
    }

    /// Kind and name of the resource.
    pub(super) fn kind_and_name(&self) -> (&'a str, &'a str) {
        self.resource.split_once('/').unwrap_or((self.resource, ""))
    }
}

/// Small letters, digits and hyphens: at least one, at most `longest`.
pub(super) fn is_word(text: &str, longest: usize) -> bool {
    let bytes = text.as_bytes();
    (1..=longest).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
