//! Sample events to what is told of them and to the messages that Slack gets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod anything;
mod deliveries;
mod facts;
mod hostile;
mod limits;
mod payloads;
mod picture;
mod samples;
mod seen;
mod shapes;
mod texts;
