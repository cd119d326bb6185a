//! The function as Lambda calls it: events in, runs, metrics and notices out.
//!
//! S3, SNS, SQS and CloudWatch are an emulator, Bedrock is the stand-in; both are reached over HTTP, as in the cloud.
//! How the function is deployed is left to the end-to-end tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod bad_input;
mod budget;
#[allow(dead_code)]
mod deadlines;
mod deliveries;
mod dropped_file;
mod errors;
mod events;
mod holders;
mod logs;
mod metrics;
mod models;
mod notices;
mod spec_resolution;
mod stages;
mod store;
mod verdicts;
mod world;
