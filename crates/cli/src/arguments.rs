//! What can be typed.

mod logs;
mod models;
mod monitor;

pub(crate) use logs::{LogsArguments, LogsCommand, LogsCost, LogsSlow};
pub(crate) use models::{MonitorLifecycle, MonitorLogging};
pub(crate) use monitor::{AlarmLimits, MonitorAlarms, MonitorCommand, MonitorDashboard, ThresholdArguments};

use assay_core::spec::JobKind;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Evaluates generative-AI models on Amazon Bedrock, and answers that were recorded.
#[derive(Debug, Parser)]
#[command(
    name = "assay",
    version,
    after_help = "Exit codes: 0 done and gate passed, 1 unexpected, 2 usage or \
settings, 3 gate failed, 4 run incomplete or samples failed beyond the limit.\nWherever a folder or file may stand, \
s3://bucket/key may stand too, but for `watch`: the deployed function watches buckets."
)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the tool can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Evaluate a suite: ask its models (or take its recorded answers), score, summarise.
    Run(Run),
    /// Tell every problem of a dataset, a spec or a suite.
    Check(Check),
    /// Score recorded answers, or those of a run again; one line out for each line and model.
    Score(Score),
    /// Tell which samples got better or worse from one run to another, or between the models of a run.
    Compare(Compare),
    /// Set or show the run that later runs of a suite are compared with.
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Start, list, show and stop evaluation jobs that Bedrock manages, and take in what they have written.
    #[command(subcommand)]
    Job(JobCommand),
    /// Watch models: alarms, dashboards, how long models live, and whether their invocations are logged.
    #[command(subcommand)]
    Monitor(MonitorCommand),
    /// Ask the log of model invocations: slow calls, errors, tokens, cost.
    #[command(subcommand)]
    Logs(LogsCommand),
    /// Make the reports of a finished run again, from its records and its summary.
    Report(Report),
    /// Treat a folder as the bucket: evaluate what is dropped into its `datasets/`.
    Watch(Watch),
    /// Print the JSON Schema of assay.yaml.
    Schema,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Arguments of `assay run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// A folder with assay.yaml, a spec, or a dataset.
    pub suite: String,
    /// Another dataset than the spec's.
    #[arg(long, value_name = "FILE")]
    pub dataset: Option<String>,
    /// Ask this model in place of the spec's, even where answers are recorded; may be given several times.
    #[arg(long = "model", value_name = "ID")]
    pub models: Vec<String>,
    /// Use recorded answers only; call no model.
    #[arg(long, conflicts_with = "models")]
    pub recorded: bool,
    /// The folder of this run; otherwise runs/SUITE/RUN here.
    #[arg(long, value_name = "PLACE")]
    pub out: Option<String>,
    /// The most requests at a time to each model; the pace adapts below it.
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub concurrency: u16,
    /// Only the first N samples.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// A price table that goes before the spec's prices and those that come with the tool.
    #[arg(long, value_name = "FILE")]
    pub prices: Option<String>,
    /// Ask again the samples that have no answer in an earlier run of the same command, also when that run is done.
    /// What a judge or an embeddings model failed at is not asked again where the answer is there.
    #[arg(long)]
    pub retry_failed: bool,
    /// Ask nothing; tell how many calls are left, and what they may take and cost.
    #[arg(long)]
    pub estimate: bool,
    /// How the summary is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// The kinds of managed jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Programs of the service evaluate.
    Automatic,
    /// A model evaluates.
    Judge,
    /// People evaluate.
    Human,
    /// A model evaluates what a knowledge base retrieved.
    Rag,
}

impl From<Kind> for JobKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Automatic => Self::Automatic,
            Kind::Judge => Self::Judge,
            Kind::Human => Self::Human,
            Kind::Rag => Self::Rag,
        }
    }
}

/// Arguments of `assay check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// A dataset (.jsonl), a spec (.yaml, .yml, .json) or a folder with assay.yaml.
    pub file: String,
    /// Check against what managed jobs take: the `jobs` of the spec, those of this kind alone, or a job of this kind where
    /// the spec has none. A dataset without a spec is checked for an automatic job unless a kind is given.
    #[arg(long, value_name = "KIND", value_enum, num_args = 0..=1)]
    pub for_job: Option<Option<Kind>>,
    /// How problems are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `assay score`.
#[derive(Debug, Args)]
pub(crate) struct Score {
    /// A dataset with `modelResponses`, or the folder of a run.
    pub file: String,
    /// The scorers, separated by commas.
    #[arg(long, value_delimiter = ',', required = true, value_name = "LIST")]
    pub scorers: Vec<String>,
    /// Where the scores go; otherwise to standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<String>,
}

/// Arguments of `assay compare`.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// A run's folder, its place in S3, or its id below runs/ here.
    #[arg(value_name = "RUN")]
    pub before: String,
    /// The run that is judged; left out, the first model of RUN is compared with its others.
    #[arg(value_name = "RUN")]
    pub after: Option<String>,
    /// Only this model; may be given several times. Of one run, the first one given is compared with the others.
    #[arg(long = "model", value_name = "ID")]
    pub models: Vec<String>,
    /// The significance level, after correction for the number of measures.
    #[arg(long, value_name = "LEVEL", default_value_t = 0.05)]
    pub alpha: f64,
    /// How many samples that got worse, and that got better, are listed.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub top: usize,
    /// Exit with 3 when there is evidence that something got worse.
    #[arg(long)]
    pub fail_on_regression: bool,
    /// How the comparisons are printed; as JSON, a list with one for each model.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// What can be done with a baseline.
#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    /// Make a finished run the baseline of its suite. Nothing else moves a baseline.
    Set(SetBaseline),
    /// Show the baseline of a suite.
    Show(ShowBaseline),
}

/// Arguments of `assay baseline set`.
#[derive(Debug, Args)]
pub(crate) struct SetBaseline {
    /// A run's folder, its place in S3, or its id below runs/ here. Of a run in `runs/SUITE/RUN` the baseline is
    /// written beside that `runs`, else here.
    pub run: String,
    /// Another suite than the run's.
    #[arg(long)]
    pub suite: Option<String>,
    /// Why this run.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// Arguments of `assay baseline show`.
#[derive(Debug, Args)]
pub(crate) struct ShowBaseline {
    /// The suite.
    pub suite: String,
    /// The folder or bucket whose `suites/` is looked into.
    #[arg(long = "in", value_name = "PLACE", default_value = ".")]
    pub place: String,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// What can be done with managed jobs.
#[derive(Debug, Subcommand)]
pub(crate) enum JobCommand {
    /// Start the jobs of a suite. The same command again does no harm: it goes on with those that wait.
    Start(StartJob),
    /// List the jobs that are noted.
    List(ListJobs),
    /// Show what is known of one job.
    Show(ShowJob),
    /// Stop one job; one that waits is not started any more.
    Stop(StopJob),
    /// Take in what jobs have written: make records, summary and report of each run whose jobs have ended, and start jobs
    /// that wait. Without a name it looks after all jobs, as the deployed function does on its schedule.
    Collect(CollectJobs),
}

/// Arguments of `assay job start`.
#[derive(Debug, Args)]
#[command(
    after_help = "Everything is checked first: where one job cannot be started, none is, and every problem is told.\n\
Jobs are the same when bucket, dataset, spec and job are, so the same command never starts one twice; after a change of \
the spec or the dataset they are others. `assay check SUITE --for-job` checks without AWS."
)]
pub(crate) struct StartJob {
    /// A folder with assay.yaml, a spec, or a dataset beside one.
    pub suite: String,
    /// Another dataset than the spec's.
    #[arg(long, value_name = "FILE")]
    pub dataset: Option<String>,
    /// Only the job of this name; may be given several times.
    #[arg(long = "job", value_name = "NAME")]
    pub jobs: Vec<String>,
    /// The bucket that the jobs read and write, and where they are noted: the stack's.
    #[arg(long = "in", value_name = "s3://BUCKET")]
    pub place: String,
    /// The service role of jobs that name none: the stack's output JobRoleArn.
    #[arg(long, value_name = "ARN")]
    pub role: Option<String>,
    /// Start them anew, though the same jobs over the same dataset were started before.
    #[arg(long)]
    pub again: bool,
    /// How the jobs are printed; as JSON, an object with the jobs and with the problems of those that were refused.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `assay job list`.
#[derive(Debug, Args)]
pub(crate) struct ListJobs {
    /// The bucket where jobs are noted.
    #[arg(long = "in", value_name = "PLACE")]
    pub place: String,
    /// Only jobs of this suite.
    #[arg(long)]
    pub suite: Option<String>,
    /// Only jobs whose run is not collected yet.
    #[arg(long)]
    pub open: bool,
    /// How they are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `assay job show`.
#[derive(Debug, Args)]
pub(crate) struct ShowJob {
    /// The job's name.
    pub job: String,
    /// The bucket where it is noted.
    #[arg(long = "in", value_name = "PLACE")]
    pub place: String,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `assay job stop`.
#[derive(Debug, Args)]
pub(crate) struct StopJob {
    /// The job's name.
    pub job: String,
    /// The bucket where it is noted.
    #[arg(long = "in", value_name = "s3://BUCKET")]
    pub place: String,
    /// How the job is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `assay job collect`.
#[derive(Debug, Args)]
#[command(
    after_help = "A run is collected once, by whoever comes first. One that is collected here counts as done: the deployed \
function neither publishes its metrics nor tells its topic. Give --namespace and --topic to do both from here; without \
--namespace the metrics go into the run's metrics.jsonl alone.\nExit code 4: a run failed, lost samples, or is not done."
)]
pub(crate) struct CollectJobs {
    /// The jobs whose runs are collected; left out, all.
    pub jobs: Vec<String>,
    /// The bucket where they are noted.
    #[arg(long = "in", value_name = "s3://BUCKET")]
    pub place: String,
    /// The service role whose account the jobs belong to: only needed for jobs that the service does not know any more.
    #[arg(long, value_name = "ARN")]
    pub role: Option<String>,
    /// Publish metrics in this namespace of CloudWatch: the stack's is its parameter MetricNamespace.
    #[arg(long, value_name = "NAMESPACE")]
    pub namespace: Option<String>,
    /// Tell this topic: the stack's is its output NoticeTopicArn.
    #[arg(long, value_name = "ARN")]
    pub topic: Option<String>,
    /// How summaries are printed; as JSON, a list with one for each run.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `assay report`.
#[derive(Debug, Args)]
#[command(
    after_help = "Without an option that names a file, report.html, junit.xml and summary.md are written into the \
run's folder, and the page of its suite beside."
)]
pub(crate) struct Report {
    /// The folder of a finished run, such as runs/SUITE/RUN.
    pub run: String,
    /// Write the page here.
    #[arg(long, value_name = "FILE")]
    pub html: Option<String>,
    /// Write JUnit XML here.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<String>,
    /// Write Markdown here.
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<String>,
    /// Write a row for each sample and model here.
    #[arg(long, value_name = "FILE")]
    pub csv: Option<String>,
    /// How the summary is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `assay watch`.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The folder on this machine; it is laid out as the bucket is.
    pub folder: PathBuf,
    /// A model to ask where a spec names none; may be given several times.
    #[arg(long = "model", value_name = "ID")]
    pub models: Vec<String>,
    /// The most requests at a time to each model.
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub concurrency: u16,
    /// Evaluate what is there and end.
    #[arg(long)]
    pub once: bool,
    /// How summaries are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}
