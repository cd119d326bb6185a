//! Dashboards as values: the body that CloudWatch's PutDashboard takes. Pure.
//!
//! Bodies mean what template.yaml can make too: a list of models is a parameter there, so each line of a model ends with the
//! model, and metrics whose suites are not known are searched for.

mod operational;
mod page;
mod scores;

mod search;

pub use operational::{Operational, operational};
pub use page::{COLUMNS, MOST_METRICS, MOST_WIDGETS, Place, place_of};
pub use scores::{Graph, Scores, SuiteScores, scores};
