//! Models side by side: every mean with its interval, its n and its unscored answers.

use super::{direction_of, excerpt, rendered, scale_of};
use crate::numbers::{cost, interval, latency, score, thousands};
use crate::plot::Whisker;
use assay_core::summary::{ModelSummary, ScoreSummary, Summary};
use assay_score::ClassificationReport;
use assay_score::stats::Interval;
use std::collections::BTreeSet;

/// How many models stand side by side. `summary.json` has all.
pub(super) const MOST_MODELS: usize = 24;
const LONGEST_NAME: usize = 120;

/// The table of models.
#[derive(Debug)]
pub(super) struct ModelsView {
    pub names: Vec<String>,
    pub rows: Vec<MeasureRow>,
    pub counts: Vec<CountRow>,
    pub left_out: usize,
}

/// One measure of all models.
#[derive(Debug)]
pub(super) struct MeasureRow {
    pub name: String,
    pub direction: &'static str,
    pub cells: Vec<MeanCell>,
}

/// One mean.
#[derive(Debug)]
pub(super) struct MeanCell {
    pub mean: String,
    pub interval: String,
    pub counts: String,
    /// SVG, where there is a mean.
    pub whisker: String,
}

/// Plain numbers of all models.
#[derive(Debug)]
pub(super) struct CountRow {
    pub name: &'static str,
    pub cells: Vec<String>,
}

impl ModelsView {
    /// The models of the summary, the first ones of very many.
    pub(super) fn of(summary: &Summary) -> Self {
        let models: Vec<&ModelSummary> = summary.models.iter().take(MOST_MODELS).collect();
        let mut rows = Vec::new();
        if models.iter().any(|model| model.pass_rate.is_some()) {
            rows.push(MeasureRow {
                name: "checks passed".to_owned(),
                direction: "higher is better",
                cells: models.iter().map(|model| pass_rate(model)).collect(),
            });
        }
        let names: BTreeSet<&String> = models.iter().flat_map(|model| model.scores.keys()).collect();
        for name in names {
            let scores: Vec<Option<&ScoreSummary>> = models.iter().map(|model| model.scores.get(name)).collect();
            let scale = scale_of(name).unwrap_or_else(|| reach(scores.iter().copied().flatten()));
            rows.push(MeasureRow {
                name: excerpt(name, LONGEST_NAME),
                direction: direction_of(name),
                cells: scores.into_iter().map(|found| MeanCell::of(found, scale)).collect(),
            });
        }
        Self {
            names: models.iter().map(|model| excerpt(&model.model, LONGEST_NAME)).collect(),
            rows,
            counts: counts(&models),
            left_out: summary.models.len().saturating_sub(MOST_MODELS),
        }
    }
}

impl MeanCell {
    /// The mean of one scorer; a dash where there is none.
    pub(super) fn of(found: Option<&ScoreSummary>, scale: (f64, f64)) -> Self {
        let counts = found.map_or("not scored".to_owned(), |found| counted(found.n, found.unscored));
        Self::new(found.and_then(|found| found.mean), found.and_then(|found| found.interval), counts, scale, score)
    }

    fn new(
        mean: Option<f64>,
        found: Option<Interval>,
        counts: String,
        scale: (f64, f64),
        text: impl Fn(f64) -> String,
    ) -> Self {
        Self {
            mean: mean.map_or("–".to_owned(), &text),
            interval: found.map_or(String::new(), |found| format!("{} to {}", text(found.low), text(found.high))),
            counts,
            whisker: mean.map_or(String::new(), |mean| rendered(&Whisker::new(scale, mean, found))),
        }
    }
}

/// The answers behind a mean.
pub(super) fn counted(n: u64, unscored: u64) -> String {
    match unscored {
        0 => format!("n {}", thousands(n)),
        _ => format!("n {}, {} unscored", thousands(n), thousands(unscored)),
    }
}

fn pass_rate(model: &ModelSummary) -> MeanCell {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let counts = match (model.pass_rate, model.checked) {
        (None, _) => "nothing was checked".to_owned(),
        // A summary of an earlier version does not say.
        (Some(_), 0) => String::new(),
        (Some(_), checked) => counted(checked, 0),
    };
    MeanCell::new(model.pass_rate, model.pass_rate_interval, counts, (0.0, 1.0), percent)
}

/// From zero, or the lowest end of an interval, to the highest.
fn reach<'a>(scores: impl Iterator<Item = &'a ScoreSummary>) -> (f64, f64) {
    scores.fold((0.0, f64::MIN_POSITIVE), |(low, high), found| {
        let ends = found.interval.map(|found| (found.low, found.high)).or(found.mean.map(|mean| (mean, mean)));
        ends.map_or((low, high), |ends| (f64::min(low, ends.0), f64::max(high, ends.1)))
    })
}

fn counts(models: &[&ModelSummary]) -> Vec<CountRow> {
    let row = |name, cell: &dyn Fn(&ModelSummary) -> String| CountRow {
        name,
        cells: models.iter().map(|model| cell(model)).collect(),
    };
    let mut rows = vec![
        row("samples", &|model| thousands(model.samples)),
        row("answered", &|model| thousands(model.answered)),
        row("without an answer", &|model| thousands(model.failed)),
    ];
    if models.iter().any(|model| model.latency.is_some()) {
        rows.push(row("latency", &latency));
    }
    rows
}

/// Tokens of the models, for the section on costs.
#[derive(Debug)]
pub(super) struct TokenRow {
    pub model: String,
    pub input: String,
    pub output: String,
    pub cache_read: String,
    pub cache_write: String,
    pub cost: String,
}

/// A row for each model that told its tokens.
pub(super) fn token_rows(summary: &Summary) -> Vec<TokenRow> {
    let told = summary.models.iter().take(MOST_MODELS).filter_map(|model| Some((model, model.usage?)));
    told.map(|(model, usage)| TokenRow {
        model: excerpt(&model.model, LONGEST_NAME),
        input: thousands(usage.input_tokens),
        output: thousands(usage.output_tokens),
        cache_read: thousands(usage.cache_read_input_tokens),
        cache_write: thousands(usage.cache_write_input_tokens),
        cost: cost(model),
    })
    .collect()
}

/// How often which label was answered in place of which, for one model.
#[derive(Debug)]
pub(super) struct ConfusionView {
    pub model: String,
    pub labels: Vec<String>,
    /// The right label, and how often each of the labels was answered.
    pub rows: Vec<(String, Vec<String>)>,
    pub left_out: usize,
}

/// The most labels that a confusion table shows. `summary.json` has all.
const MOST_LABELS: usize = 30;

/// A confusion table for each model whose answers were classified.
pub(super) fn confusion_views(summary: &Summary) -> Vec<ConfusionView> {
    let classified =
        summary.models.iter().take(MOST_MODELS).filter_map(|model| Some((model, model.classification.as_ref()?)));
    let view = |(model, found): (&ModelSummary, &ClassificationReport)| {
        let labels: Vec<String> =
            found.labels.iter().take(MOST_LABELS).map(|label| excerpt(&label.label, LONGEST_NAME)).collect();
        let counts =
            found.confusion.iter().map(|row| row.iter().take(MOST_LABELS).map(|count| thousands(*count)).collect());
        ConfusionView {
            model: excerpt(&model.model, LONGEST_NAME),
            rows: labels.iter().cloned().zip(counts).collect(),
            labels,
            left_out: found.labels.len().saturating_sub(MOST_LABELS),
        }
    };
    classified.map(view).collect()
}

/// A class of failures of a model.
#[derive(Debug)]
pub(super) struct FailureRow {
    pub model: String,
    pub class: String,
    pub count: String,
    pub example: String,
}

/// Every class of failures.
pub(super) fn failure_rows(summary: &Summary) -> Vec<FailureRow> {
    let rows = summary.models.iter().take(MOST_MODELS).flat_map(|model| {
        model.failures.iter().map(|(class, failure)| FailureRow {
            model: excerpt(&model.model, LONGEST_NAME),
            class: excerpt(class, LONGEST_NAME),
            count: thousands(failure.count),
            example: excerpt(&failure.example, 600),
        })
    });
    rows.collect()
}

/// A mean with its interval in one line.
pub(super) fn told(mean: Option<f64>, found: Option<Interval>) -> String {
    match (mean, found) {
        (Some(mean), Some(found)) => format!("{} ({})", score(mean), interval(found)),
        (Some(mean), None) => score(mean),
        (None, _) => "–".to_owned(),
    }
}
