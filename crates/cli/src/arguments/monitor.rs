//! What can be typed after `assay monitor`.

use super::{Format, MonitorLifecycle, MonitorLogging};
use clap::{Args, Subcommand};

/// How models are watched.
#[derive(Debug, Subcommand)]
pub(crate) enum MonitorCommand {
    /// Alarms of models and of suites: print those that should be, compare them with those that are, or put them.
    Alarms(MonitorAlarms),
    /// The dashboard of models: print it, compare it with the one that is there, or put it.
    Dashboard(MonitorDashboard),
    /// How long models live: whether the service knows them, since when they are Legacy, when they end.
    Lifecycle(MonitorLifecycle),
    /// Whether and where invocations of models are logged; turn it on.
    Logging(MonitorLogging),
}

/// Arguments of `assay monitor alarms`.
#[derive(Debug, Args)]
#[command(
    after_help = "--model gives the operational alarms of a model: latency, server errors, client errors, throttles, use \
of a model in the state Legacy, end of life. --suite gives the alarms at the thresholds that the suite's history asks \
for. Without both, the alarms that the stack's suites have are listed with their state.\n--apply puts what is missing or \
different and takes away alarms of the named suites that history does not ask for any more. Alarms of other names are \
never touched, and what a person switched off stays off."
)]
pub(crate) struct MonitorAlarms {
    /// The operational alarms of this model; may be given several times.
    #[arg(long = "model", value_name = "ID")]
    pub models: Vec<String>,
    /// The alarms of this suite's scores, made from its history; may be given several times.
    #[arg(long = "suite", value_name = "SUITE", requires = "place")]
    pub suites: Vec<String>,
    /// The bucket or folder whose `suites/` holds the history.
    #[arg(long = "in", value_name = "PLACE")]
    pub place: Option<String>,
    /// Whom alarms tell: the stack's output NoticeTopicArn.
    #[arg(long, value_name = "ARN")]
    pub topic: Option<String>,
    /// The stack whose name begins the alarms' names.
    #[arg(long, value_name = "NAME", default_value = assay_core::spec::DEFAULT_STACK, value_parser = stack)]
    pub stack: String,
    /// The namespace of our metrics: the stack's parameter MetricNamespace.
    #[arg(long, value_name = "NAMESPACE", default_value = assay_core::spec::DEFAULT_NAMESPACE,
        value_parser = namespace)]
    pub namespace: String,
    /// Where the alarms of models begin.
    #[command(flatten)]
    pub limits: AlarmLimits,
    /// Where the alarms of suites begin.
    #[command(flatten)]
    pub thresholds: ThresholdArguments,
    /// Show what is different from the alarms that are there.
    #[arg(long, conflicts_with = "apply")]
    pub diff: bool,
    /// Put the alarms.
    #[arg(long)]
    pub apply: bool,
    /// How they are printed; as JSON, in the form that CloudFormation and `aws cloudwatch put-metric-alarm` take.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Where the operational alarms of models begin. The names are those of the stack's parameters.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits of models")]
pub(crate) struct AlarmLimits {
    /// Milliseconds that the 90th percentile of a model's latency may take.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 30_000)]
    pub latency_alarm_milliseconds: u32,
    /// Percent of the calls that may fail by the service's fault.
    #[arg(long, value_name = "PERCENT", default_value_t = 5)]
    pub server_errors_alarm_percent: u32,
    /// Percent of the calls that may fail by the caller's fault.
    #[arg(long, value_name = "PERCENT", default_value_t = 20)]
    pub client_errors_alarm_percent: u32,
    /// Percent of the calls that may be refused because of too many.
    #[arg(long, value_name = "PERCENT", default_value_t = 10)]
    pub throttles_alarm_percent: u32,
    /// Calls in one period below which neither latency nor rates alarm.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub alarm_minimum_invocations: u32,
    /// Seconds of one period.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub alarm_period_seconds: u32,
    /// Periods one after the other that have to be beyond a limit.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub alarm_periods: u32,
    /// Days before a model's end of life from which on it alarms.
    #[arg(long, value_name = "DAYS", default_value_t = 60)]
    pub end_of_life_alarm_days: u32,
}

/// Where the alarms of suites begin.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Thresholds of suites")]
pub(crate) struct ThresholdArguments {
    /// How many finished runs a threshold is made of at the least.
    #[arg(long, value_name = "N", default_value_t = assay_core::spec::DEFAULT_THRESHOLD_RUNS,
        value_parser = clap::value_parser!(u32).range(1..=100))]
    pub threshold_runs: u32,
    /// How many median absolute deviations a threshold is away from the median.
    #[arg(long, value_name = "K", default_value_t = assay_core::spec::DEFAULT_THRESHOLD_DEVIATIONS,
        value_parser = clap::value_parser!(u32).range(1..=100))]
    pub threshold_deviations: u32,
}

/// Arguments of `assay monitor dashboard`.
#[derive(Debug, Args)]
#[command(
    after_help = "--model gives the dashboard of these models' use. --suite gives that of these suites' scores, with the \
baseline's values and the alarms' thresholds as lines."
)]
pub(crate) struct MonitorDashboard {
    /// A model that the dashboard shows; may be given several times.
    #[arg(long = "model", value_name = "ID")]
    pub models: Vec<String>,
    /// A suite whose scores the dashboard shows; may be given several times.
    #[arg(long = "suite", value_name = "SUITE", requires = "place", conflicts_with = "models")]
    pub suites: Vec<String>,
    /// The bucket or folder whose `suites/` holds history and baselines.
    #[arg(long = "in", value_name = "PLACE")]
    pub place: Option<String>,
    /// The account whose alarms the dashboard of models shows with their state; otherwise it shows none.
    #[arg(long, value_name = "ID", value_parser = account)]
    pub account: Option<String>,
    /// The dashboard's name; otherwise STACK-models, or STACK-scores for suites.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The stack whose name begins the names of alarms and dashboards.
    #[arg(long, value_name = "NAME", default_value = assay_core::spec::DEFAULT_STACK, value_parser = stack)]
    pub stack: String,
    /// The namespace of our metrics: the stack's parameter MetricNamespace.
    #[arg(long, value_name = "NAMESPACE", default_value = assay_core::spec::DEFAULT_NAMESPACE,
        value_parser = namespace)]
    pub namespace: String,
    /// Where the alarms of models begin.
    #[command(flatten)]
    pub limits: AlarmLimits,
    /// Where the alarms of suites begin.
    #[command(flatten)]
    pub thresholds: ThresholdArguments,
    /// Show what is different from the dashboard that is there.
    #[arg(long, conflicts_with = "apply")]
    pub diff: bool,
    /// Put the dashboard.
    #[arg(long)]
    pub apply: bool,
    /// How a difference is told. A dashboard itself is JSON in any case.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// An AWS account's id.
fn account(text: &str) -> Result<String, String> {
    let is_id = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_id { Ok(text.to_owned()) } else { Err("an account's id has 12 digits".to_owned()) }
}

/// A stack's name, as CloudFormation takes it.
fn stack(text: &str) -> Result<String, String> {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && text.len() <= 128;
    let refused = "a stack's name begins with a letter and has up to 128 letters, digits and `-`";
    if is_plain { Ok(text.to_owned()) } else { Err(refused.to_owned()) }
}

/// A namespace of our metrics, as CloudWatch takes it.
fn namespace(text: &str) -> Result<String, String> {
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "._/#- ".contains(c));
    let refused = "a namespace has 1 to 255 letters, digits and `. _ / # -`, and does not begin with AWS/";
    let is_ours = !text.starts_with("AWS/") && !text.trim().is_empty() && text.len() <= 255;
    if is_plain && is_ours { Ok(text.to_owned()) } else { Err(refused.to_owned()) }
}
