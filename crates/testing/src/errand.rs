//! A test program that starts itself again, as a process that can be killed in the middle of its work.

use serde_json::Value;
use std::process::{Child, Command, Stdio};

/// Names the errand to the process that is started.
const VARIABLE: &str = "ASSAY_TEST_ERRAND";

/// A process that ends with the test.
pub struct Errand(Child);

impl Errand {
    /// Starts the test `name` of this program alone, in a process of its own; [`of_this_process`] gives it `errand`.
    pub fn start(name: &str, errand: &Value) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--test-threads=1"])
            .env(VARIABLE, errand.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.unwrap())
    }

    /// Kills the process, and waits until it is gone.
    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Errand {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The errand that this process was started for, if it was.
pub fn of_this_process() -> Option<Value> {
    std::env::var(VARIABLE).ok().map(|errand| serde_json::from_str(&errand).unwrap())
}
