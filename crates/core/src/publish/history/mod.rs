//! The history of a suite: one line for each finished run, in `suites/<suite>/history.jsonl`.
//!
//! Everything in it can be made again from the summaries, so a broken line is passed over. Rendering is left to the
//! reports.

mod drift;

pub use drift::{Drift, Drifting, Drifts, LEVEL, MOST_RUNS, drift, drift_until};

use crate::summary::{RunStatus, Standing, Summary};
use assay_model::Usage;
use assay_model::pricing::Cost;
use assay_score::Measure;
use assay_score::stats::Interval;
use assay_store::document::{self, Changed, Retries};
use assay_store::keys::SuiteKeys;
use assay_store::{Place, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

/// The version of a line's format. Lines of a higher one are kept and not shown.
pub const HISTORY_FORMAT: u32 = 1;
/// How many runs are kept, the newest.
pub const KEPT_RUNS: usize = 1000;
/// How often a write is tried anew after somebody else's came first. Those who crossed do not meet again at the same moment.
const RETRIES: Retries =
    Retries { tries: 12, pause: |attempt| Duration::from_millis(u64::from(fastrand::u32(20..=60)) << attempt.min(5)) };

/// One finished run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// [`HISTORY_FORMAT`].
    pub format: u32,
    /// The run's id.
    pub run: String,
    /// When its summary was made.
    pub finished_at: Timestamp,
    /// How it ended.
    pub status: RunStatus,
    /// Whether its gate passed; `None` where it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate_passed: Option<bool>,
    /// The dataset's key: means over other questions are no sign of a trend. `None` in lines of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// Lines of the dataset that were used.
    pub samples: u64,
    /// Answers that came with the dataset. They are no measurement of a model.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    pub recorded: u64,
    /// Each model.
    pub models: Vec<HistoryModel>,
    /// What the judge took, where there was one that told its tokens. `None` in lines of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<HistoryHelp>,
    /// What embeddings took, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similarity: Option<HistoryHelp>,
}

/// What a model took that helped to score answers: a judge, or an embeddings model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryHelp {
    /// The model.
    pub model: String,
    /// Its tokens, as far as it told them.
    pub usage: Usage,
    /// What they cost in US dollars, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
}

impl HistoryHelp {
    fn of(model: &str, usage: Option<Usage>, cost: Option<&Cost>) -> Option<Self> {
        Some(Self { model: model.to_owned(), usage: usage?, cost_usd: cost.map(|cost| cost.usd) })
    }
}

/// One model of a finished run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryModel {
    /// The model.
    pub model: String,
    /// Samples it had to answer.
    pub samples: u64,
    /// Samples it did not answer.
    pub failed: u64,
    /// The share of samples that passed their checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_rate: Option<f64>,
    /// 95 % interval of the pass rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_rate_interval: Option<Interval>,
    /// The mean of each scorer that has one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub means: BTreeMap<String, HistoryMean>,
    /// What the answers cost in US dollars, where the prices are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
    /// Tokens of its answers, where it told them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The median latency of its calls in milliseconds, without waiting, where it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_p50_ms: Option<f64>,
    /// The 90th percentile of the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_p90_ms: Option<f64>,
    /// Whether it got worse than the suite's baseline; `None` where it was not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regressed: Option<bool>,
    /// How it stands against the first model of the run; `None` for that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against_first: Option<Standing>,
}

/// The mean of one scorer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HistoryMean {
    /// Answers with a score.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Its 95 % interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// Of a judge's rubric whether there was reason to trust it; `None` for all others, and in lines of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trusted: Option<bool>,
}

impl HistoryMean {
    /// Whether people may be woken by the score `name`: what a judge says counts where it can be trusted.
    pub fn counts(&self, name: &str) -> bool {
        self.trusted == Some(true) || !matches!(name.parse(), Ok(Measure::Judge(_)))
    }
}

impl HistoryLine {
    /// The line of a finished run.
    pub fn of(summary: &Summary) -> Self {
        let models = summary.models.iter().map(|model| {
            let means = model.scores.iter().filter_map(|(name, score)| {
                let rubric = match (name.parse(), &summary.judge) {
                    (Ok(Measure::Judge(rubric)), Some(judge)) => judge.rubrics.get(&rubric),
                    _ => None,
                };
                let trusted = rubric.map(|rubric| rubric.trusted);
                Some((name.clone(), HistoryMean { n: score.n, mean: score.mean?, interval: score.interval, trusted }))
            });
            HistoryModel {
                model: model.model.clone(),
                samples: model.samples,
                failed: model.failed,
                pass_rate: model.pass_rate,
                pass_rate_interval: model.pass_rate_interval,
                means: means.collect(),
                cost_usd: model.cost.as_ref().map(|cost| cost.usd),
                usage: model.usage,
                latency_p50_ms: model.latency.as_ref().map(|latency| latency.p50_ms),
                latency_p90_ms: model.latency.as_ref().map(|latency| latency.p90_ms),
                regressed: model.regressed,
                against_first: model.against_first.clone(),
            }
        });
        let (judge, similarity) = (summary.judge.as_ref(), summary.similarity.as_ref());
        Self {
            format: HISTORY_FORMAT,
            run: summary.run.clone(),
            finished_at: summary.finished_at,
            status: summary.status,
            gate_passed: summary.gate.as_ref().map(|verdict| verdict.passed),
            dataset: Some(summary.dataset.identity.key.clone()),
            samples: summary.dataset.samples,
            recorded: summary.answers.recorded,
            models: models.collect(),
            judge: judge.and_then(|judge| HistoryHelp::of(&judge.model, judge.usage, judge.cost.as_ref())),
            similarity: similarity.and_then(|with| HistoryHelp::of(&with.model, with.usage, with.cost.as_ref())),
        }
    }

    /// Whether all its answers came with the dataset: then its numbers measure no model.
    pub fn is_recorded_only(&self) -> bool {
        let answered: u64 = self.models.iter().map(|model| model.samples.saturating_sub(model.failed)).sum();
        self.recorded > 0 && self.recorded >= answered
    }
}

/// The runs of `suite`, the oldest first; none where there is no history yet.
///
/// # Errors
/// When the store fails.
pub async fn read_history(place: &Place, suite: &str) -> Result<Vec<HistoryLine>, StoreError> {
    let text = assay_store::read(&*place.store, &SuiteKeys::new(suite).history()).await?;
    Ok(parse(&text.unwrap_or_default()).into_iter().filter_map(|(_, line)| line).collect())
}

/// Adds the run to the history of its suite. The line of a run that went on takes the place of its earlier one. Answers
/// the history.
///
/// An object is written under the condition that nobody else wrote it meanwhile, and read anew where somebody did; a
/// file is locked.
///
/// # Errors
/// When the store fails, or others write all the time.
pub async fn remember(place: &Place, summary: &Summary) -> Result<Vec<HistoryLine>, StoreError> {
    let path = SuiteKeys::new(&summary.suite).history();
    let line = HistoryLine::of(summary);
    match place.file(&path) {
        Some(file) => document::change_file(&file, |text| with(text, &line))
            .map_err(|source| StoreError::of_file(&place.name_of(&path), source))?,
        None => {
            let add = |text: Option<&[u8]>| Ok::<_, StoreError>(((), with(text.unwrap_or_default(), &line)));
            if let Changed::Crossed(error) = document::change(place, &path, RETRIES, add).await? {
                return Err(error);
            }
        }
    }
    read_history(place, &summary.suite).await
}

/// What the history of the run's suite shows up to this run, a line each: what has been getting worse, and whether lines were
/// left out because they lie after it. The run itself counts, whether its line is written or not; a history that cannot be read
/// is logged and tells nothing.
pub async fn trend_facts(place: &Place, summary: &Summary) -> Vec<String> {
    let lines = match read_history(place, &summary.suite).await {
        Ok(lines) => lines,
        Err(error) => {
            tracing::error!(run = summary.run, suite = summary.suite, error = %error, "the history was not read");
            return Vec::new();
        }
    };
    let own = HistoryLine::of(summary);
    let found = drift_until(&lines, &own);
    let mut facts: Vec<String> = found.worsening(summary.judge.as_ref()).map(Drift::told).collect();
    if found.later > 0 && own.status == RunStatus::Completed {
        facts.push(format!(
            "{} runs in the suite's history are dated after this one and were left out of its trends: a clock was wrong, or \
             this run is told late",
            found.later
        ));
    }
    facts
}

/// The history with the run in it; `None` where it has this line of the run already, or a later one.
fn with(text: &[u8], line: &HistoryLine) -> Option<Vec<u8>> {
    let mut lines = parse(text);
    let written = serde_json::to_string(line).ok()?;
    // Texts are compared, since a number may change in its last digit when it is read.
    let stands = |(text, known): &(String, Option<HistoryLine>)| {
        let is_later = |known: &HistoryLine| *text == written || known.finished_at > line.finished_at;
        known.as_ref().is_some_and(|known| known.run == line.run && is_later(known))
    };
    if lines.iter().any(stands) {
        return None;
    }
    lines.retain(|(_, known)| known.as_ref().is_none_or(|known| known.run != line.run));
    lines.push((written, Some(line.clone())));
    lines.sort_by_key(|(_, line)| order(line));
    let too_many = lines.len().saturating_sub(KEPT_RUNS);
    let kept = lines.into_iter().skip(too_many);
    Some(kept.flat_map(|(text, _)| (text + "\n").into_bytes()).collect())
}

/// By time, then by name. A line that only a newer version can read is new.
fn order(line: &Option<HistoryLine>) -> (bool, Option<(Timestamp, String)>) {
    (line.is_none(), line.as_ref().map(|line| (line.finished_at, line.run.clone())))
}

/// The lines, each with what this version reads of it; broken ones and repetitions are passed over.
fn parse(text: &[u8]) -> Vec<(String, Option<HistoryLine>)> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let mut seen = HashSet::new();
    let mut lines = Vec::new();
    for line in String::from_utf8_lossy(text).lines() {
        match serde_json::from_str::<Format>(line) {
            Ok(Format { format }) if format > HISTORY_FORMAT => lines.push((line.to_owned(), None)),
            _ => match serde_json::from_str::<HistoryLine>(line) {
                Ok(known) if seen.insert(known.run.clone()) => lines.push((line.to_owned(), Some(known))),
                Ok(_) => {}
                Err(_) => tracing::warn!("passed over a broken line of a suite's history"),
            },
        }
    }
    lines.sort_by_key(|(_, line)| order(line));
    lines
}

#[cfg(test)]
mod tests;
