//! The function `probe-runner`: the suites below `probes/`, asked again by the schedule and held against their baselines.
