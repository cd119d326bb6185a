//! The numbers of a run, from its records.

use crate::record::{Expected, for_each_line, read_pairs};
use crate::spec::{RunError, RunSpec};
use crate::summary::{Answers, JudgeSummary, ModelSummary, SimilaritySummary, Summariser, add_costs};
use assay_model::pricing::{Prices, TotalCost};
use assay_store::Place;
use assay_store::keys::RunKeys;
use std::collections::BTreeMap;

/// What has to be known of a run beside its records.
#[derive(Debug)]
pub struct SummaryInput<'a> {
    /// The labels that may be answered.
    pub labels: Vec<String>,
    /// What each model had to answer.
    pub expected: &'a BTreeMap<String, Expected>,
    /// The spec of the calls and their prices; none for a managed job, which reports no tokens.
    pub calls: Option<(&'a RunSpec, &'a Prices)>,
}

/// The numbers of a run.
#[derive(Debug)]
pub struct RunNumbers {
    /// What they are made of; metrics take distributions from it.
    pub summariser: Summariser,
    /// Each model.
    pub models: Vec<ModelSummary>,
    /// Where the responses came from.
    pub answers: Answers,
    /// The judge, where there is one.
    pub judge: Option<JudgeSummary>,
    /// The embeddings, where there are any.
    pub similarity: Option<SimilaritySummary>,
    /// What all calls cost.
    pub cost: Option<TotalCost>,
}

/// Summarises the records of the run.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub async fn summarise(place: &Place, keys: &RunKeys, input: SummaryInput<'_>) -> Result<RunNumbers, RunError> {
    let has_pairs = input.calls.is_some_and(|(spec, _)| spec.compares_pairs());
    let mut summariser = read_numbers(place, keys, input.labels, has_pairs).await?;
    let mut models = summariser.summaries(input.expected);
    let (mut judge, mut similarity, mut cost) = (None, None, None);
    if let Some((spec, prices)) = input.calls {
        judge = spec.judge.as_ref().map(|spec| summariser.judge(spec));
        similarity = spec.similarity().map(|spec| summariser.similarity(spec.model));
        cost = add_costs(&mut models, judge.as_mut(), similarity.as_mut(), &summariser, prices);
    }
    let answers = summariser.answers();
    Ok(RunNumbers { summariser, models, answers, judge, similarity, cost })
}

/// Reads all records, and the judge's comparisons of pairs where there are any; responses are classified by `labels`.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub(super) async fn read_numbers(
    place: &Place,
    keys: &RunKeys,
    labels: Vec<String>,
    has_pairs: bool,
) -> Result<Summariser, RunError> {
    let mut summariser = Summariser::with_labels(labels);
    for_each_line(&*place.store, keys, |record| summariser.add(&record)).await?;
    if has_pairs {
        summariser.compared(read_pairs(&*place.store, keys).await?.0);
    }
    Ok(summariser)
}
