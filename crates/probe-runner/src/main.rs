//! The Lambda function `probe-runner`.

fn main() {}
