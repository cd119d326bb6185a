//! The tool `assay`: arguments in, exit code out. Each command has a file of its own; what they do is the core's.

mod arguments;
mod aws;
mod baseline;
mod check;
mod compare;
mod error;
mod estimate;
mod exit;
mod input;
mod interrupt;
mod job;
mod logs;
mod monitor;
mod output;
mod report;
mod run;
mod run_of;
mod run_place;
mod score;
mod times;
mod watch;

use arguments::{Arguments, Command};
use clap::Parser;
use exit::Exit;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

// One thread: the work is waiting for answers, and waking other threads costs more than they could take over.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = log_filter(&std::env::var("ASSAY_LOG").unwrap_or_default());
    tracing_subscriber::fmt().with_env_filter(EnvFilter::new(filter)).with_writer(output::log).init();
    let done = match arguments.command {
        Command::Run(arguments) => run::run(arguments).await,
        Command::Check(arguments) => check::check(arguments).await,
        Command::Compare(arguments) => compare::compare(arguments).await,
        Command::Baseline(command) => baseline::baseline(command).await,
        Command::Job(command) => job::job(command).await,
        Command::Monitor(command) => monitor::monitor(command).await,
        Command::Logs(command) => logs::logs(command).await,
        Command::Score(arguments) => score::score(arguments).await,
        Command::Report(arguments) => report::report(arguments).await,
        Command::Watch(arguments) => watch::watch(arguments).await,
        Command::Schema => schema(),
    };
    match done {
        Ok(exit) => exit.into(),
        // Whoever reads the output has seen enough, as `head` does.
        Err(error) if error.is_reader_gone() => ExitCode::SUCCESS,
        Err(error) => {
            output::notes(&format!("error: {error}"));
            Exit::of(&error).into()
        }
    }
}

/// What the engine has to say is for those who look for a fault; ASSAY_LOG=debug shows it. The AWS SDK and the HTTP
/// client write prompts and answers down at lower levels, so no setting reaches them.
fn log_filter(level: &str) -> String {
    match level.to_ascii_lowercase().as_str() {
        level @ ("trace" | "debug" | "info" | "warn") => format!("warn,assay={level}"),
        "off" => "off".to_owned(),
        _ => "error".to_owned(),
    }
}

fn schema() -> crate::error::Result<Exit> {
    output::json(&assay_core::spec::schema_json())?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::log_filter;

    #[test]
    fn no_level_reaches_the_sdk() {
        for level in ["TRACE", "debug", "info", "warn"] {
            assert!(log_filter(level).starts_with("warn,assay="), "{level}");
        }
        for level in ["", "error", "aws_smithy_runtime=trace", "debug,hyper=trace", "7"] {
            assert_eq!(log_filter(level), "error", "{level}");
        }
    }
}
