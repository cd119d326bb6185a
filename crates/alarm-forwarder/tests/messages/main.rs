//! Sample events to what is told of them and to the messages that Slack gets.

#![allow(missing_docs, clippy::unwrap_used)]

mod anything;
mod facts;
mod limits;
mod payloads;
mod samples;
mod shapes;
