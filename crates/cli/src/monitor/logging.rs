//! `assay monitor logging`: whether and where invocations of models are logged.

use crate::arguments::{Format, MonitorLogging};
use crate::aws;
use crate::error::Result;
use crate::exit::{Exit, UsageError};
use assay_monitor::invocation_logging::{Delivered, InvocationLogging, Logging, Wanted, role_permissions, role_trust};
use assay_report::{clean, clean_json};
use std::io::Write;

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
    there.words().iter().for_each(|line| eprintln!("{}", clean(line)));
    eprintln!("\nthe role {} needs this trust policy:\n{:#}", wanted.role, role_trust(&wanted.role, &region));
    eprintln!("and these permissions:\n{:#}\n", role_permissions(&wanted.role, &region, &wanted.log_group));
    let done = logging.enable(&wanted, &there).await?;
    if done.group_created {
        eprintln!("the log group {} was made", wanted.log_group);
    }
    eprintln!("{}", if done.setting_written { "invocation logging was turned on" } else { "it was set so already" });
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
    let mut out = std::io::stdout().lock();
    match format {
        Format::Json => writeln!(out, "{}", clean_json(&serde_json::to_string_pretty(logging)?))?,
        Format::Text => {
            for line in logging.words() {
                writeln!(out, "{}", clean(&line))?;
            }
        }
    }
    Ok(())
}
