//! From a suite's dataset to what a managed job reads, in memory and in folders.

#![allow(clippy::unwrap_used)]

mod dropped;
mod parts;
mod plain;
mod rag;
mod recorded;
mod recorded_rag;
