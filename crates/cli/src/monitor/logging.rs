//! `assay monitor logging`: whether and where invocations of models are logged.

use crate::arguments::{Format, MonitorLogging};
use crate::error::Result;
use crate::exit::{Exit, UsageError};
use crate::{aws, output};
use assay_monitor::invocation_logging::{Delivered, InvocationLogging, Logging, Wanted, role_permissions, role_trust};

/// Shows the setting; with `--enable` turns logging on.
pub(super) async fn logging(arguments: MonitorLogging) -> Result<Exit> {
    let wanted = wanted(&arguments);
    if let Some(wanted) = &wanted {
        wanted.check()?;
    }
    let settings = aws::signed_in().await.map_err(UsageError)?;
    let region = settings.region().map(ToString::to_string).unwrap_or_default();
    let logging = InvocationLogging::new(settings);
    let there = logging.show().await?;
    let Some(wanted) = wanted else {
        print(&there, arguments.format)?;
        return Ok(Exit::Done);
    };
    there.words().iter().for_each(output::note);
    let (trust, permissions) =
        (role_trust(&wanted.role, &region), role_permissions(&wanted.role, &region, &wanted.log_group));
    output::notes(&format!("\nthe role {} needs this trust policy:\n{trust:#}", wanted.role));
    output::notes(&format!("and these permissions:\n{permissions:#}\n\n"));
    let done = logging.enable(&wanted, &there).await?;
    if done.group_created {
        output::note(format!("the log group {} was made", wanted.log_group));
    }
    output::note(if done.setting_written { "invocation logging was turned on" } else { "it was set so already" });
    print(&logging.show().await?, arguments.format)?;
    Ok(Exit::Done)
}

/// What is to be turned on, if anything.
fn wanted(arguments: &MonitorLogging) -> Option<Wanted> {
    if !arguments.enable {
        return None;
    }
    Some(Wanted {
        log_group: arguments.log_group.clone()?,
        role: arguments.role.clone()?,
        retention_days: arguments.retention_days?,
        delivered: Delivered {
            text: true,
            images: arguments.images,
            embeddings: arguments.embeddings,
            video: arguments.video,
            audio: arguments.audio,
        },
        replace: arguments.replace,
    })
}

fn print(logging: &Logging, format: Format) -> Result<()> {
    match format {
        Format::Json => output::json(logging),
        Format::Text => Ok(logging.words().iter().try_for_each(output::line)?),
    }
}
