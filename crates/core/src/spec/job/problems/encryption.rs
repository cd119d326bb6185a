//! The key that encrypts what a job keeps: in which forms it is named.

use crate::spec::findings::Findings;
use crate::spec::job::JobSpec;
use crate::spec::job::arn::Arn;

pub(super) fn check(job: &JobSpec, found: &mut Findings<'_>) {
    if job.encryption_key.as_deref().is_some_and(|key| !is_key(key)) {
        let remedy = "give a key ARN, an alias ARN, a key id or `alias/<name>`";
        found.wrong("encryption_key", "not the name of a key", remedy);
    }
}

fn is_key(key: &str) -> bool {
    let id = |text: &str| text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let in_alias = |byte: u8| byte.is_ascii_alphanumeric() || b"-_/".contains(&byte);
    let alias =
        |text: &str| text.strip_prefix("alias/").is_some_and(|name| !name.is_empty() && name.bytes().all(in_alias));
    match Arn::parse(key) {
        Some(arn) => {
            let key = arn.resource.strip_prefix("key/").is_some_and(id);
            arn.service == "kms" && !arn.account.is_empty() && (key || alias(arn.resource))
        }
        None => id(key) || alias(key),
    }
}
