//! Scores of a record, from the evidence in it and from nothing else: no I/O, no clock.
//!
//! Each scorer is in `scorer`; here is what they are shown, and what stands for evidence that is missing.

mod checks;
mod evaluations;
mod examined;
mod parts;
mod robustness;
mod scoring;

pub use scoring::Scoring;

#[cfg(test)]
mod tests;
