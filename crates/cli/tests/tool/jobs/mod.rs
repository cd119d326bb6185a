//! Managed jobs: the real program between the emulator's S3 and the stand-in of Bedrock's control plane.

mod collected;
mod failed;
mod listed;
mod refused;
mod reported;
mod run_of_jobs;
mod started;
mod stopped;
mod suite;
pub(crate) mod world;
