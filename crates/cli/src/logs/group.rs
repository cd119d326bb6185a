//! Which log group holds the invocations.

use crate::error::Result;
use crate::exit::UsageError;
use assay_monitor::invocation_logging::InvocationLogging;
use aws_config::SdkConfig;

/// Holds a name or ARN that was typed to what the service takes.
///
/// # Errors
/// When it is neither.
pub(super) fn check(group: &str) -> Result<(), UsageError> {
    let (allowed, longest) = if group.starts_with("arn:") { ("._-/#:+=,@*", 2048) } else { ("._-/#", 512) };
    let wrong = group.chars().find(|c| !c.is_ascii_alphanumeric() && !allowed.contains(*c));
    match wrong {
        Some(c) => Err(UsageError(format!("--log-group holds {c:?}, which names of log groups do not have"))),
        None if group.is_empty() || group.len() > longest => {
            Err(UsageError(format!("--log-group has {} characters; names have 1 to {longest}", group.len())))
        }
        None => Ok(()),
    }
}

/// The log group that the account has set for invocations.
///
/// # Errors
/// When there is none, or nobody may look.
pub(super) async fn of_account(settings: &SdkConfig) -> Result<String> {
    let setting = InvocationLogging::new(settings).setting().await?;
    let setting = setting.filter(|setting| setting.is_on());
    let message = match setting.map(|setting| (setting.log_group, setting.s3)) {
        Some((Some(group), _)) => return Ok(group),
        Some((None, place)) => format!(
            "invocations are logged to {} alone, which cannot be asked; `assay monitor logging --enable` adds a log group, \
             or name one with --log-group",
            place.unwrap_or_default()
        ),
        None => "invocation logging is off in this account and Region, so there is nothing to ask; \
                 `assay monitor logging --enable` turns it on, or name a log group with --log-group"
            .to_owned(),
    };
    Err(UsageError(message).into())
}
