//! What can be typed after `assay logs`.

use super::Format;
use clap::{Args, Subcommand};
use std::num::NonZeroU32;

/// Questions to the invocation log.
#[derive(Debug, Subcommand)]
pub(crate) enum LogsCommand {
    /// The slowest calls, and how long calls take by model.
    Slow(LogsSlow),
    /// Calls that failed, and answers that were cut short or blocked, by model.
    Errors(LogsArguments),
    /// Tokens by model and caller.
    Tokens(LogsArguments),
    /// What these tokens cost.
    Cost(LogsCost),
}

/// What every question takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Calls that Assay made for evaluation (their request metadata has `source: assay`) are told apart from all \
others. No prompt and no answer is read. Every query is paid for by the amount of log that it scans, and each question \
takes two, `slow` four.\nExit code 2: something to mend, such as rights or a log group that is not there; 1: the service \
failed; 4: the time was over, or Ctrl-C. A query that runs is stopped in any case."
)]
pub(crate) struct LogsArguments {
    /// From when on: so long ago (`24h`, `7d`, `90m`) or a time (`2026-11-24T06:00:00Z`; without a zone, UTC).
    #[arg(long, value_name = "TIME", default_value = "24h")]
    pub since: String,
    /// Until when, in the same forms; otherwise now.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Only models whose id or ARN, as it was invoked, contains this.
    #[arg(long, value_name = "ID")]
    pub model: Option<String>,
    /// Only callers whose ARN contains this.
    #[arg(long, value_name = "ARN")]
    pub caller: Option<String>,
    /// The log group of invocations, by name or ARN; otherwise the one that the account has set.
    #[arg(long, value_name = "GROUP")]
    pub log_group: Option<String>,
    /// How long to wait for the answer.
    #[arg(long, value_name = "TIME", default_value = "60s")]
    pub timeout: String,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `assay logs slow`.
#[derive(Debug, Args)]
pub(crate) struct LogsSlow {
    /// What every question takes.
    #[command(flatten)]
    pub about: LogsArguments,
    /// How many of the slowest calls are told, of evaluation and of others each.
    #[arg(long, value_name = "N", default_value = "20")]
    pub limit: NonZeroU32,
}

/// Arguments of `assay logs cost`.
#[derive(Debug, Args)]
pub(crate) struct LogsCost {
    /// What every question takes.
    #[command(flatten)]
    pub about: LogsArguments,
    /// A price table that goes before the one that comes with the tool.
    #[arg(long, value_name = "FILE")]
    pub prices: Option<String>,
}
