//! A run that has its summary, and what is still to be done with it: whoever holds it holds the claim.

use crate::compare::Comparison;
use crate::summary::{Summariser, Summary};
use assay_store::Claim;
use tokio_util::task::AbortOnDropHandle;

/// A run with a summary.
#[derive(Debug)]
pub struct Finished {
    /// The summary, as written.
    pub summary: Summary,
    /// The numbers behind it.
    pub summariser: Summariser,
    /// Each model against the suite's baseline as it stands now, where there is one that can be used, then the first model of
    /// the run against each other one. A run that is taken up again after its summary was written is compared anew.
    pub comparisons: Vec<Comparison>,
    /// The claim on it.
    pub claim: Claim,
    _alive: AbortOnDropHandle<()>,
}

/// What committing a run takes and returns: with the summary as it is to be written, then as it stands.
#[derive(Debug)]
pub struct Committed {
    /// The summary.
    pub summary: Summary,
    /// The numbers behind it.
    pub summariser: Summariser,
    /// The comparisons, in the order of [`Finished::comparisons`].
    pub comparisons: Vec<Comparison>,
}

impl Finished {
    /// A run whose summary is written and whose claim is held; `alive` keeps the claim.
    pub fn new(committed: Committed, claim: Claim, alive: AbortOnDropHandle<()>) -> Self {
        let Committed { summary, summariser, comparisons } = committed;
        Self { summary, summariser, comparisons, claim, _alive: alive }
    }
}
