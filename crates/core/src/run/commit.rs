//! The end of a run, whoever has collected its records: the summary is written once, by the holder of the claim.

use super::summarise::read_numbers;
use crate::compare::{BaselineRun, compare_finished};
use crate::publish::Committed;
use crate::spec::RunError;
use crate::summary::{Summary, read_summary};
use assay_store::keys::RunKeys;
use assay_store::{self as store, Claim, Place, Stage};
use object_store::UpdateVersion;

/// The summary that an earlier delivery has committed, where the claim says that there is one.
///
/// # Errors
/// When the store fails, or the summary cannot be read.
pub async fn committed_summary((place, keys): (&Place, &RunKeys), claim: &Claim) -> Result<Option<Summary>, RunError> {
    match claim.stage().await {
        Stage::Collecting => Ok(None),
        _ => read_summary(&*place.store, keys).await,
    }
}

/// Reads what belongs to a summary that was committed before. The comparisons are made anew, since the baseline may have moved;
/// `is_required` is whether the gate asks for them, `has_pairs` whether the judge compared pairs of responses.
///
/// # Errors
/// When the store fails, or a file of the run cannot be read.
pub async fn recommit(
    (place, keys): (&Place, &RunKeys),
    summary: Summary,
    baseline: &BaselineRun,
    is_required: bool,
    has_pairs: bool,
) -> Result<Committed, RunError> {
    // The summariser is for the metrics, which have no part in labels.
    let summariser = read_numbers(place, keys, Vec::new(), has_pairs).await?;
    let models = summariser.tallies().count();
    let comparisons = compare_finished((place, keys), baseline, models, is_required).await?.comparisons;
    Ok(Committed { summary, summariser, comparisons })
}

/// Writes the summary of `run`. Of two holders that crossed, the first summary stands, unless the run was reopened: then it
/// takes the place of the one that was there `before`.
///
/// # Errors
/// [`RunError::Lost`] when another delivery has taken the run over; otherwise when the store fails.
pub async fn commit(
    (place, keys): (&Place, &RunKeys),
    claim: &Claim,
    before: Option<UpdateVersion>,
    run: Committed,
) -> Result<Committed, RunError> {
    let store = &*place.store;
    reach(claim, Stage::Collecting).await?;
    let body = serde_json::to_vec_pretty(&run.summary).map_err(RunError::Encoding)?;
    let path = keys.summary();
    let is_written = match before {
        Some(version) => store::replace(place, &path, body, version).await?,
        None => store::create(store, &path, body).await?,
    };
    let stands = if is_written { None } else { read_summary(store, keys).await? };
    reach(claim, Stage::Summarised).await?;
    Ok(match stands {
        Some(summary) => Committed { summary, ..run },
        None => run,
    })
}

/// Writes down that the run has come to this stage, unless it has come further, if the claim is still held.
async fn reach(claim: &Claim, stage: Stage) -> Result<(), RunError> {
    match claim.advance(claim.stage().await.max(stage)).await? {
        true => Ok(()),
        false => Err(RunError::Lost),
    }
}
