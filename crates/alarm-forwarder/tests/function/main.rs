//! The function as Lambda calls it: events go in, messages come out at the stand-in for Slack.
//!
//! S3, Secrets Manager and SSM are an emulator, reached over HTTP as in the cloud. What a message looks like is left to the
//! tests of rendering, how the function is deployed to the end-to-end tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod bot;
mod events;
mod keys;
mod logs;
mod once;
mod order;
mod queue;
mod routed;
mod secret;
mod services;
mod store;
mod troubles;
mod world;
