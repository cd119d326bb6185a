//! What can be typed after `assay monitor lifecycle` and `assay monitor logging`.

use super::Format;
use clap::Args;

/// Arguments of `assay monitor lifecycle`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 3: a model is not known to the service, has ended, or ends in less than 60 days; 2: nobody may \
look at one; 4: one, or a spec, could not be looked at."
)]
pub(crate) struct MonitorLifecycle {
    /// A model id, inference profile id or ARN; may be given several times.
    #[arg(long = "model", value_name = "ID", required_unless_present = "place")]
    pub models: Vec<String>,
    /// The bucket or folder whose specs below `probes/` and `datasets/` name further models.
    #[arg(long = "in", value_name = "PLACE")]
    pub place: Option<String>,
    /// How the models are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `assay monitor logging`.
#[derive(Debug, Args)]
#[command(
    after_help = "Without --enable the setting is shown. It is one for each account and Region, and whoever may read the \
log group reads prompts and answers. With --enable the log group is made where it is missing, its retention is set, and \
logging is turned on. A setting that is there is only changed with --replace; S3 and large data stay as they are."
)]
pub(crate) struct MonitorLogging {
    /// Turn invocation logging on.
    #[arg(long, requires_all = ["log_group", "role", "retention_days"])]
    pub enable: bool,
    /// The log group that invocations are logged to.
    #[arg(long, value_name = "GROUP", requires = "enable")]
    pub log_group: Option<String>,
    /// The role that Bedrock writes as; what it needs is printed.
    #[arg(long, value_name = "ARN", requires = "enable")]
    pub role: Option<String>,
    /// For how many days events are kept.
    #[arg(long, value_name = "N", requires = "enable")]
    pub retention_days: Option<i32>,
    /// Deliver images, too.
    #[arg(long, requires = "enable")]
    pub images: bool,
    /// Deliver embeddings, too.
    #[arg(long, requires = "enable")]
    pub embeddings: bool,
    /// Deliver video, too.
    #[arg(long, requires = "enable")]
    pub video: bool,
    /// Deliver audio, too.
    #[arg(long, requires = "enable")]
    pub audio: bool,
    /// Change what is set already.
    #[arg(long, requires = "enable")]
    pub replace: bool,
    /// How the setting is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}
