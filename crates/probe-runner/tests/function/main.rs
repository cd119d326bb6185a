//! The function as Lambda calls it: the schedules' events and people's go in, rounds, runs, metrics and notices come out.
//!
//! S3, SNS, SQS and CloudWatch are an emulator, Bedrock is the stand-in; both are reached over HTTP, as in the cloud.
//! How the function is deployed is left to the end-to-end tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod alarms;
mod bad_probes;
mod budget;
#[path = "../../../dataset-evaluator/tests/function/clock.rs"]
#[allow(dead_code)]
mod clock;
mod cut_off;
mod deliveries;
mod digest;
#[path = "../../../dataset-evaluator/tests/function/emulator.rs"]
mod emulator;
mod events;
#[path = "../../../dataset-evaluator/tests/function/front.rs"]
mod front;
mod holders;
mod jobs;
mod listing;
mod lives;
mod logs;
mod named;
mod old_data;
mod regressions;
mod rounds;
#[path = "../../../dataset-evaluator/tests/function/run.rs"]
mod run;
#[path = "../../../dataset-evaluator/tests/function/services.rs"]
mod services;
mod store;
mod watched;
mod world;
