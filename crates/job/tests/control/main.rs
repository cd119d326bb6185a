//! The control plane on the wire: what is sent for each kind of job, and what becomes of each answer.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod errors;
mod jobs;
mod requests;
mod server;
