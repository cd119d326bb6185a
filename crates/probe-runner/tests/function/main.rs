//! The function as Lambda calls it: the schedules' events and people's go in, rounds, runs, metrics and notices come out.
//!
//! S3, SNS, SQS and CloudWatch are an emulator, Bedrock is the stand-in; both are reached over HTTP, as in the cloud.
//! How the function is deployed is left to the end-to-end tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod alarms;
mod bad_probes;
mod budget;
mod cut_off;
mod deliveries;
mod digest;
mod events;
mod holders;
mod jobs;
mod listing;
mod lives;
mod logs;
mod named;
mod old_data;
mod regressions;
mod rounds;
mod store;
mod watched;
mod world;
