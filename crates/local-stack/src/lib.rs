//! The deployed stack on one machine: an AWS emulator, stand-ins for Bedrock and Slack, and the real template between them.
//!
//! For development and the end-to-end tests only; nothing here is shipped.

#![expect(clippy::print_stderr, reason = "a program for development: what it says goes straight to the terminal")]

pub mod captured_log;
pub mod emulator;
pub mod environment;
pub mod insights;
mod loopback;
pub mod places;
pub mod slack;
pub mod stack;
pub mod stand_in;
