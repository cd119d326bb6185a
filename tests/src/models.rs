//! The models of the deployed stack.

/// The models that the stack asks where a suite names none.
pub const MODEL_IDS: [&str; 2] = ["us.example.first-v1:0", "example.second-v1:0"];
