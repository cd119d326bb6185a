//! `assay monitor alarms`: the alarms of models and suites, printed, compared or put.

use crate::arguments::MonitorAlarms;
use crate::exit::Exit;
use anyhow::Result;

/// Prints, compares or puts alarms.
pub async fn alarms(_arguments: MonitorAlarms) -> Result<Exit> {
    Ok(Exit::Done)
}
