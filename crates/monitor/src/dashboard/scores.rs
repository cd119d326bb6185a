//! The dashboard of suites' scores.
