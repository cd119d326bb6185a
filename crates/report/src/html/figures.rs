//! Distributions: which score and which latency came how often. Values are counted while the records are read.

use super::models::MOST_MODELS;
use super::{Figure, excerpt, rendered, scale_of};
use crate::numbers::score;
use crate::plot::{Bins, Histogram};
use assay_core::record::Record;
use assay_core::summary::Summary;
use std::collections::HashMap;

/// How many histograms of scores a page has.
const MOST_FIGURES: usize = 48;
/// Bins of a scale with ends.
const BINS: usize = 20;

/// The counts behind the histograms. Memory is bounded by the number of models and scorers.
#[derive(Debug)]
pub(super) struct Distributions {
    scores: HashMap<(String, String), Bins>,
    latencies: HashMap<String, Bins>,
    left_out: usize,
}

impl Distributions {
    /// The bins for the models and scorers of the summary, whose extremes tell their ends.
    pub(super) fn of(summary: &Summary) -> Self {
        let (mut scores, mut latencies, mut left_out) = (HashMap::new(), HashMap::new(), 0);
        for (index, model) in summary.models.iter().enumerate() {
            for (name, found) in &model.scores {
                let (Some(low), Some(high)) = (found.min, found.max) else { continue };
                if scores.len() >= MOST_FIGURES || index >= MOST_MODELS {
                    left_out += 1;
                    continue;
                }
                let bins = match scale_of(name) {
                    Some((low, high)) => Bins::new(low, high, BINS),
                    None => Bins::round(f64::min(low, 0.0), high),
                };
                scores.insert((model.model.clone(), name.clone()), bins);
            }
            if let Some(latency) = model.latency.as_ref().filter(|_| index < MOST_MODELS) {
                // The few slowest calls would press all others into the first bin.
                latencies.insert(model.model.clone(), Bins::round(0.0, latency.p99_ms));
            }
        }
        Self { scores, latencies, left_out }
    }

    /// Counts a record.
    pub(super) fn see(&mut self, record: &Record) {
        for (name, found) in &record.scores {
            let Some(value) = found.value() else { continue };
            if let Some(bins) = self.scores.get_mut(&(record.model.clone(), name.clone())) {
                bins.add(value);
            }
        }
        if record.failure.is_none()
            && let Some(bins) = self.latencies.get_mut(&record.model)
        {
            let latencies = record.evidence.responses.iter().filter_map(|response| response.latency_ms);
            latencies.for_each(|latency| bins.add(latency as f64));
        }
    }

    /// A histogram for each scorer and model, the scorers together; and how many were left out.
    pub(super) fn score_figures(&self, summary: &Summary) -> (Vec<Figure>, usize) {
        let mut found: Vec<(&String, usize)> = Vec::new();
        for (index, model) in summary.models.iter().enumerate() {
            found.extend(model.scores.keys().map(|name| (name, index)));
        }
        found.sort();
        let figures = found.into_iter().filter_map(|(name, index)| {
            let model = summary.models.get(index)?;
            let bins = self.scores.get(&(model.model.clone(), name.clone()))?;
            let mean = model.scores.get(name)?.mean?;
            let title = format!("{} of {}", excerpt(name, 80), excerpt(&model.model, 80));
            let marks = [(mean, format!("mean {}", score(mean)))];
            let id = format!("score-{name}-{index}").replace(|c: char| !c.is_ascii_alphanumeric(), "-");
            let svg = rendered(&Histogram::new(&id, &title, "answers", bins, &marks));
            Some(Figure { caption: title, svg })
        });
        (figures.collect(), self.left_out)
    }

    /// A histogram of milliseconds for each model.
    pub(super) fn latency_figures(&self, summary: &Summary) -> Vec<Figure> {
        let figures = summary.models.iter().enumerate().filter_map(|(index, model)| {
            let (bins, latency) = (self.latencies.get(&model.model)?, model.latency.as_ref()?);
            let title = format!("Milliseconds of {}", excerpt(&model.model, 80));
            let mark = |name: &str, value: f64| (value, format!("{name} {value:.0} ms"));
            let marks = [mark("p50", latency.p50_ms), mark("p90", latency.p90_ms), mark("p99", latency.p99_ms)];
            let svg = rendered(&Histogram::new(&format!("latency-{index}"), &title, "calls", bins, &marks));
            Some(Figure { caption: title, svg })
        });
        figures.collect()
    }
}
