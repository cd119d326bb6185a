//! Comparing two sides that answered the same samples: two models of one run, or one model in two runs.
//!
//! Pairing, tests and the verdict are here; showing them is left to the reports, deciding upon them to the gate.

mod comparison;

pub use comparison::{ChangedSample, Comparison, Evidence, MeasureComparison, SampleSide, Side, Test, Verdict};
