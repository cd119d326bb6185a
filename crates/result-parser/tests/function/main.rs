//! The function as Lambda calls it: what jobs have written goes in, runs, metrics and notices come out; and the sweep.
//!
//! Jobs are started by the real `dataset-evaluator`, or, as somebody else's, at the service itself. S3, SNS, SQS and
//! CloudWatch are an emulator, Bedrock is the stand-in; both are reached over HTTP, as in the cloud.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod baselines;
mod broken_output;
#[path = "../../../dataset-evaluator/tests/function/clock.rs"]
#[allow(dead_code)]
mod clock;
mod cut_off;
mod deliveries;
mod denied;
mod dropped_file;
#[path = "../../../dataset-evaluator/tests/function/emulator.rs"]
mod emulator;
#[path = "../../../dataset-evaluator/tests/function/event.rs"]
mod event;
mod expected;
mod foreign;
#[path = "../../../dataset-evaluator/tests/function/front.rs"]
#[allow(dead_code)]
mod front;
mod judged;
mod labels;
mod logs;
mod models;
mod old_data;
mod parts;
mod people;
mod quiet;
mod rag;
mod recorded;
mod refused;
mod requests;
#[path = "../../../dataset-evaluator/tests/function/run.rs"]
mod run;
mod samples;
mod service;
#[path = "../../../dataset-evaluator/tests/function/services.rs"]
mod services;
mod suites;
mod sweeps;
mod told;
mod trouble;
mod waiting;
mod world;
