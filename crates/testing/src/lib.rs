//! What the tests of several crates share. For development only; nothing here is shipped.
//!
//! The emulator of AWS services is started once for each test program; Bedrock is played by the stand-in of `local-stack`,
//! which each test starts for itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod clock;
pub mod emulator;
pub mod errand;
pub mod event;
pub mod front;
pub mod questions;
pub mod run;
pub mod services;
pub mod world;
