//! The second pass over a dataset for a job: the objects that the job reads, and beside each the samples in it.
//!
//! Where the objects lie is decided by whoever starts the job.

use super::{JobLines, MOST_PROMPTS, index};
use assay_core::dataset::Dataset;
use assay_core::spec::{JobSpec, RunSpec};
use assay_store::{Place, StoreError, overwrite};
use object_store::path::Path;

/// Where one part goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartKeys {
    /// What the job reads. The service wants the extension `.jsonl`.
    pub input: Path,
    /// The samples in it, for [`super::SampleIndex`].
    pub samples: Path,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WrittenParts {
    /// How many parts.
    pub parts: u32,
    /// How many lines they have together.
    pub samples: u64,
    /// How many prompts each part asks: more than its lines where conversations have several turns.
    pub prompts: Vec<u64>,
}

/// Writes the dataset as the job reads it, in parts of at most [`MOST_PROMPTS`] lines, of which one is in memory at a
/// time. `keys_of` names the parts, which are numbered from 0. Lines with errors are left out, whatever the spec says of
/// strictness: that is for whoever made the survey. The same dataset, spec and job give the same bytes, so writing again
/// is harmless. For a job on datasets that the service brings nothing is written.
///
/// # Errors
/// When the dataset is missing or may not be read, or a store fails.
pub async fn write_parts(
    dataset: &Dataset,
    spec: &RunSpec,
    job: &JobSpec,
    place: &Place,
    keys_of: impl Fn(u32) -> PartKeys,
) -> Result<WrittenParts, StoreError> {
    let mut written = WrittenParts::default();
    if !job.datasets.is_empty() {
        return Ok(written);
    }
    let mut lines = JobLines::open(dataset, spec, job).await?;
    let mut part = Part::default();
    while let Some(line) = lines.next().await? {
        let Some(input) = line.input else { continue };
        if part.lines == MOST_PROMPTS {
            written.prompts.push(part.prompts);
            std::mem::take(&mut part).write(place, &keys_of(written.parts)).await?;
            written.parts += 1;
        }
        for asked in &input.asked {
            let sample = index::line(asked).map_err(|error| StoreError::of_file(&dataset.place, error.into()))?;
            part.samples.push_str(&sample);
            part.samples.push('\n');
            part.prompts += 1;
        }
        part.input.push_str(&input.json);
        part.input.push('\n');
        part.lines += 1;
        written.samples += 1;
    }
    if part.lines > 0 {
        written.prompts.push(part.prompts);
        part.write(place, &keys_of(written.parts)).await?;
        written.parts += 1;
    }
    Ok(written)
}

#[derive(Default)]
struct Part {
    input: String,
    samples: String,
    lines: u64,
    prompts: u64,
}

impl Part {
    async fn write(self, place: &Place, keys: &PartKeys) -> Result<(), StoreError> {
        // Whoever finds the input finds its samples too.
        overwrite(&*place.store, &keys.samples, self.samples).await?;
        overwrite(&*place.store, &keys.input, self.input).await
    }
}
