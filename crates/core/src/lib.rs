//! The core of Assay: datasets, models, scorers, runs and their records.
//!
//! Every door (the functions, the tool) is a thin layer over this crate, so a run on a laptop and a run in Lambda are the
//! same run. Imports go down only: `announce`, `history` -> `metrics`, `notice` -> `run` -> `pricing` -> `compare`,
//! `dataset`, `judge`, `model` -> `store`, `scorer`, `settings`, `logging` -> `stats`, `problem`. AWS SDK crates are named
//! in the adapter files alone: those of `model/` that ask a service, `metrics/cloudwatch.rs`, `notice.rs`, `store/aws.rs`,
//! `store/place.rs`. Tests hold both rules.

pub mod announce;
pub mod compare;
pub mod dataset;
pub mod history;
pub mod judge;
pub mod metrics;
pub mod notice;
pub mod run;
pub mod settings;

/// The version of Assay that wrote a file, as in `Cargo.toml`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
