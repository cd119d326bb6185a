//! What is delivered as a whole.

use crate::alert::Alert;

/// One unit of delivery: it is accepted or it comes again, as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The id of the queue's message, which tells the queue what to deliver again; none where no queue brought it.
    pub message_id: Option<String>,
    /// What it tells. Empty where there is nothing to tell, as of a change of an alarm's configuration.
    pub alerts: Vec<Alert>,
}
