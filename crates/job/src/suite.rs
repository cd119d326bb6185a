//! What a run of jobs is judged by: its spec as it was when the jobs were started, or, for a job that somebody else started,
//! nothing beyond what the job itself says.

use crate::context::{JobContext, JobError};
use crate::note::JobNote;
use assay_core::score_record::Scoring;
use assay_core::spec::{Gate, JobSpec, RunError, RunSpec, SpecFile};
use assay_score::{Measure, Scorer};
use assay_store::keys::RunKeys;
use assay_store::read;
use serde::Deserialize;

/// What a run of jobs is judged by.
#[derive(Debug)]
pub(crate) struct Suite {
    /// The suite's spec.
    pub spec: RunSpec,
    /// The job, where it is one of ours.
    pub job: Option<JobSpec>,
    /// The class labels that may be answered, where answers are classified.
    pub labels: Vec<String>,
    /// How answers are scored beside what the job says of them.
    pub scoring: Scoring,
}

#[derive(Deserialize)]
struct Written {
    spec: RunSpec,
    job: Option<JobSpec>,
}

impl Suite {
    /// Reads `spec.json` of the run; of a job that somebody else started it is written first.
    ///
    /// # Errors
    /// When the store fails, or the file cannot be read.
    pub(crate) async fn of(context: &JobContext, note: &JobNote, keys: &RunKeys) -> Result<Self, JobError> {
        let store = &*context.place.store;
        let body = match read(store, &keys.spec()).await? {
            Some(body) => body,
            None => {
                let spec = RunSpec { scorers: Vec::new(), ..RunSpec::default() };
                let file = SpecFile {
                    run: &note.run,
                    suite: &note.suite,
                    application: &note.application,
                    dataset: &note.dataset,
                    limit: None,
                    spec: &spec,
                    job: note.request.as_ref().map(|request| &request.spec),
                };
                file.write(&context.place, keys).await?;
                read(store, &keys.spec()).await?.unwrap_or_default()
            }
        };
        let unreadable = |reason: String| RunError::Record { part: keys.spec().to_string(), line: 1, reason };
        let Written { spec, job } = serde_json::from_slice(&body).map_err(|error| unreadable(error.to_string()))?;
        let scoring = Scoring::of(&pure(&spec)).map_err(|problems| RunError::Broken(problems.join("; ")))?;
        let labels = if spec.labels.is_empty() { note.labels.clone() } else { spec.labels.clone() };
        Ok(Self { scoring: scoring.with_labels(labels.clone()), spec, job, labels })
    }

    /// Whether the suite's gate asks for the comparison with the baseline.
    pub(crate) fn requires_baseline(&self) -> bool {
        self.spec.gate.as_ref().is_some_and(Gate::requires_baseline)
    }

    /// Every number that an answer of the run may get.
    pub(crate) fn measures(&self) -> Vec<Measure> {
        let of_job = self.job.iter().flat_map(JobSpec::measures);
        pure(&self.spec).measures().into_iter().chain(of_job).collect()
    }
}

/// The spec without everything that needs a further call: the answers come from the service, and nobody is asked about them
/// here.
fn pure(spec: &RunSpec) -> RunSpec {
    let scorers = spec.scorers.iter().copied().filter(|scorer| *scorer != Scorer::SemanticSimilarity);
    RunSpec {
        scorers: scorers.collect(),
        similarity: None,
        robustness: None,
        toxicity: None,
        judge: None,
        ..spec.clone()
    }
}
