//! `assay monitor`: how models are watched.

mod alarms;
mod changes;
mod dashboard;
mod lifecycle;
mod logging;
mod service;
mod suites;

use crate::arguments::MonitorCommand;
use crate::error::Result;
use crate::exit::Exit;

/// Prints, compares or puts what watches models.
pub(crate) async fn monitor(command: MonitorCommand) -> Result<Exit> {
    match command {
        MonitorCommand::Alarms(arguments) => alarms::alarms(arguments).await,
        MonitorCommand::Dashboard(arguments) => dashboard::dashboard(arguments).await,
        MonitorCommand::Lifecycle(arguments) => lifecycle::lifecycle(arguments).await,
        MonitorCommand::Logging(arguments) => logging::logging(arguments).await,
    }
}
