//! `assay job`: evaluation jobs that Bedrock manages. What they are is `assay-job`'s; here they are asked for and shown.

mod collect;
mod context;
mod list;
mod show;
mod start;
mod stop;

use crate::arguments::JobCommand;
use crate::error::Result;
use crate::exit::Exit;

/// Does what was asked of jobs.
pub(crate) async fn job(command: JobCommand) -> Result<Exit> {
    match command {
        JobCommand::Start(arguments) => start::start(arguments).await,
        JobCommand::List(arguments) => list::list(arguments).await,
        JobCommand::Show(arguments) => show::show(arguments).await,
        JobCommand::Stop(arguments) => stop::stop(arguments).await,
        JobCommand::Collect(arguments) => collect::collect(arguments).await,
    }
}
