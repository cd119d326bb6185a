//! The engine of Assay, which every door shares: a run on a laptop and a run in Lambda are the same run.
//!
//! A folder for each phase. A phase imports only phases that stand above it in this list:
//!
//! | phase | what |
//! |---|---|
//! | [`dataset`] | lines to samples, every problem at once |
//! | [`judge`] | what a judge is asked and what its ratings mean: pure text |
//! | [`spec`] | `assay.yaml` to a [`spec::RunSpec`]; what makes two deliveries the same run; settings of a stack |
//! | [`record`] | what is kept of one sample and model, written and read |
//! | [`score_record`] | the scores of a record, from its evidence: pure |
//! | [`collect`] | calling models and keeping what comes back |
//! | [`summary`] | records to numbers |
//! | [`compare`] | two sides of the same samples to a conclusion; baseline and gate |
//! | [`publish`] | metrics, notices and the history of a suite |
//! | [`run`] | the pipeline from the claim to the summary |
//!
//! AWS SDK crates are named in two files, `publish/metrics/cloudwatch.rs` and `publish/notice/topic.rs`. Tests hold both rules.

pub mod collect;
pub mod compare;
pub mod dataset;
pub mod judge;
pub mod publish;
pub mod record;
pub mod run;
pub mod score_record;
pub mod spec;
pub mod summary;

/// The version of Assay that wrote a file, as in `Cargo.toml`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
