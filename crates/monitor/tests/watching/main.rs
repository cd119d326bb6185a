//! Alarms and dashboards as values, held to the limits of CloudWatch, to the code's lists of metrics and to numbers that
//! were computed by hand.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod alarms;
mod bounds;
mod dashboards;
mod histories;
mod limits;
mod lists;
mod names;
mod reconciling;
mod scores;
