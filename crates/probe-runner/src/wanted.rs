//! What a round is asked to go over.

use crate::occasion::Occasion;
use sha2::{Digest, Sha256};

/// What a round is asked to go over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// When, and under which name.
    pub occasion: Occasion,
    /// The suites that were named; none means all.
    pub suites: Option<Vec<String>>,
    /// Whether the schedule asks. Only its rounds over all suites count as the probes' sign of life.
    pub by_schedule: bool,
}

impl Wanted {
    /// The round's name: two rounds of one moment over different suites are different rounds.
    pub fn id(&self) -> String {
        let Some(suites) = &self.suites else { return self.occasion.id.clone() };
        let mut hash = Sha256::new();
        for suite in suites {
            hash.update((suite.len() as u64).to_le_bytes());
            hash.update(suite);
        }
        let digest: String = hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{digest}", self.occasion.id)
    }

    /// Whether the whole of `probes/` is gone over because the schedule asks.
    pub fn is_sign_of_life(&self) -> bool {
        self.by_schedule && self.suites.is_none()
    }
}
