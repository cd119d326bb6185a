//! Compares the answers of each two models to the same question, once all answers are there: both orders are asked, and
//! every comparison is written as soon as it was paid for.
//!
//! What a comparison means is left to `judge`; which answers belong together is found by `join`, in bounded memory.

mod join;

use super::halt::Halt;
use super::requests;
use super::respondent::{Asking, Respondent};
use super::stop::Stop;
use crate::judge::{Order, preference};
use crate::record::{Comparison, Failure, Pair, PairTally, PartWriter, parts, read_pairs, read_records, write_old};
use crate::spec::{Execution, JudgeSpec, PairwiseSpec, RunError};
use assay_model::{Backend, ModelError, Request, Structured};
use assay_problem::Problem;
use futures::StreamExt;
use join::Join;

/// What calling the judge for pairs has come to.
#[derive(Debug)]
pub(crate) struct PairsCollected {
    /// Whether every pair was asked.
    pub complete: bool,
    /// Why the judge cannot be asked.
    pub warning: Option<Problem>,
}

/// What one comparison needs.
struct Comparing<'a> {
    execution: &'a Execution,
    judge: &'a JudgeSpec,
    spec: &'a PairwiseSpec,
    respondent: Respondent<'a>,
    writer: PartWriter,
}

/// Compares what is not compared yet. Nothing where the spec does not ask for it, or only recorded answers are used.
///
/// # Errors
/// When the store fails, or the judge's client cannot be made.
pub(crate) async fn compare_pairs(asking: Asking<'_>) -> Result<PairsCollected, RunError> {
    let Asking { execution, stop, .. } = asking;
    let judge = execution.spec.judge.as_ref().filter(|_| !execution.recorded_only);
    let Some((judge, spec)) = judge.and_then(|judge| Some((judge, judge.pairwise.as_ref()?))) else {
        return Ok(PairsCollected { complete: true, warning: None });
    };
    let (tally, next_part) = read_pairs(&*execution.place.store, &execution.keys).await?;
    let folder = execution.keys.pairwise();
    let comparing = Comparing {
        execution,
        judge,
        spec,
        respondent: Respondent::new(asking, (Backend::Converse, &judge.model), judge.requests_per_minute),
        writer: PartWriter::in_folder(&execution.place, folder, next_part),
    };
    if tally.has_preferences() {
        comparing.respondent.has_answered();
    }
    let work = comparing.work(&tally, stop);
    let finished = tokio::select! {
        finished = work => finished.map(|()| true),
        error = write_old(&comparing.writer) => Err(error),
        () = stop.waiting.cancelled() => Ok(false),
    };
    let written = comparing.writer.finish().await;
    let finished = finished?;
    written?;
    Ok(PairsCollected {
        complete: finished && !comparing.respondent.is_stopped() && !stop.asking.is_cancelled(),
        warning: comparing.respondent.warning("pairs are not compared"),
    })
}

impl Comparing<'_> {
    async fn work(&self, tally: &PairTally, stop: &Stop) -> Result<(), RunError> {
        let store = &*self.execution.place.store;
        let parts = parts(store, &self.execution.keys.records()).await?;
        let mut join = Join::default();
        loop {
            for part in &parts {
                if stop.asking.is_cancelled() {
                    return Ok(());
                }
                let mut pairs = Vec::new();
                read_records(store, part, &mut |record| {
                    if record
                        .evidence
                        .verdicts
                        .iter()
                        .any(|found| found.failure.is_none() && found.judge == self.judge.model)
                    {
                        self.respondent.has_answered();
                    }
                    join.take(record, &mut pairs);
                })
                .await?;
                let orders = pairs.iter().flat_map(|pair| Order::BOTH.map(|order| (pair, order)));
                let missing = orders.filter(|(pair, order)| !tally.is_settled(&pair.key(*order)));
                let asked = futures::stream::iter(missing)
                    .map(|(pair, order)| self.compare(tally, pair, order))
                    .buffer_unordered(self.execution.concurrency);
                let mut asked = std::pin::pin!(asked);
                while let Some(end) = asked.next().await {
                    match end {
                        Ok(()) | Err(Halt::Stopped) => {}
                        Err(Halt::Broken(error)) => return Err(error),
                    }
                }
            }
            if !join.begin_again() {
                return Ok(());
            }
        }
    }

    async fn compare(&self, tally: &PairTally, pair: &Pair, order: Order) -> Result<(), Halt> {
        let mut comparison = Comparison::new(pair, order, &self.judge.model);
        comparison.attempt = tally.attempts(&pair.key(order));
        let answer = self.respondent.ask_for_evidence(&self.request(pair, order)).await?;
        let read = answer.and_then(|response| {
            let form = match &response.structured {
                Some(Structured::Tool(form)) => preference(form, order),
                _ => None,
            };
            let form = form.ok_or_else(|| ModelError::Malformed {
                message: "the verdict cannot be read".to_owned(),
                usage: response.usage,
            })?;
            Ok((form, response.usage, response.latency_ms))
        });
        match read {
            Ok((form, usage, latency_ms)) => {
                comparison.preference = Some(form.preference);
                comparison.explanation = Some(form.explanation);
                (comparison.usage, comparison.latency_ms) = (usage, latency_ms);
            }
            Err(error) => {
                comparison.usage = error.usage();
                comparison.failure = Some(Failure::from(&error));
            }
        }
        self.writer.append(&comparison).await?;
        Ok(())
    }

    fn request(&self, pair: &Pair, order: Order) -> Request {
        let answers = [&*pair.first.1, &*pair.second.1];
        let request = requests::comparison(&self.execution.spec, (self.judge, self.spec), &pair.sample, answers, order);
        Request { metadata: self.respondent.marks(Some("judge")), ..request }
    }
}
