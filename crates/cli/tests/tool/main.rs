//! The tool as its users meet it: the real program as a child process, models over real HTTP, files in a folder of
//! each test's own.
//!
//! What is expected is computed here or read from files that other programs wrote, never taken from the tool's output.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod baselines;
mod budgeted;
mod checked;
mod checked_for_jobs;
mod compared;
mod costed;
mod denied;
mod dirty;
mod estimated;
mod faults;
mod interrupted;
mod jobs;
mod judged;
mod killed;
mod live;
mod memory;
mod monitored;
mod old_data;
mod outcomes;
mod pairwise;
mod recorded;
mod reopened;
mod repeated;
mod reported;
mod robust;
mod schema;
mod scored;
mod settings;
mod similar;
mod tool;
mod toxic;
mod watched;
mod watching;
mod wired;
