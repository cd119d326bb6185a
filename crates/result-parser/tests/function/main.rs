//! The function as Lambda calls it: what jobs have written goes in, runs, metrics and notices come out; and the sweep.
//!
//! Jobs are started by the real `dataset-evaluator`, or, as somebody else's, at the service itself. S3, SNS, SQS and
//! CloudWatch are an emulator, Bedrock is the stand-in; both are reached over HTTP, as in the cloud.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod baselines;
mod broken_output;
mod cut_off;
mod deliveries;
mod denied;
mod dropped_file;
mod expected;
mod foreign;
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
mod samples;
mod service;
mod suites;
mod sweeps;
mod told;
mod trouble;
mod waiting;
mod world;
