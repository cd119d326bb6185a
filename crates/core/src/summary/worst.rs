//! The few answers of a model that are most worth looking at.

use super::model_summary::WorstSample;
use crate::record::Record;
use assay_problem::clip;
use assay_score::Measure;

/// How many are kept.
const KEPT: usize = 5;
/// How much of a text is shown, in code points.
const EXCERPT: usize = 240;

/// The worst answers so far, the worst first.
#[derive(Debug, Default)]
pub(super) struct Worst(Vec<WorstSample>);

impl Worst {
    /// Looks at an answered record.
    pub(super) fn see(&mut self, record: &Record) {
        let judged_by = Measure::lead(record.scores.keys().map(String::as_str));
        let score = judged_by.and_then(|measure| record.scores.get(&measure.to_string())?.value());
        let failing = record.checks.iter().filter(|check| !check.passed).count();
        // A good answer is not bad for being the least good one.
        if failing == 0 && score.is_none_or(|score| score >= 0.5) {
            return;
        }
        let rank = |score: Option<f64>, failing: usize, line: u64| (score.unwrap_or(1.0) - failing as f64, line);
        let own = rank(score, failing, record.sample.line);
        let before = |other: &WorstSample| {
            let other = rank(other.score, other.failed_checks.len(), other.line);
            other.0.total_cmp(&own.0).then(other.1.cmp(&own.1)).is_lt()
        };
        let at = self.0.partition_point(before);
        if at >= KEPT {
            return;
        }
        self.0.insert(at, look(record, score));
        self.0.truncate(KEPT);
    }

    /// The worst answers, the worst first.
    pub(super) fn into_samples(self) -> Vec<WorstSample> {
        self.0
    }
}

fn look(record: &Record, score: Option<f64>) -> WorstSample {
    let failed = record.checks.iter().filter(|check| !check.passed);
    let text = record.evidence.responses.first().and_then(|response| response.text.as_deref());
    WorstSample {
        sample: record.sample.id.clone(),
        line: record.sample.line,
        category: record.sample.category.clone(),
        score,
        failed_checks: failed.map(|check| check.check.clone()).collect(),
        prompt: excerpt(&record.sample.prompt),
        reference: record.sample.references.first().map(|text| excerpt(text)),
        response: excerpt(text.unwrap_or_default()),
    }
}

/// The beginning of a text.
pub(crate) fn excerpt(text: &str) -> String {
    // Only what may be shown is copied: an answer may be long.
    clip(text.chars().take(EXCERPT + 1).collect(), EXCERPT)
}
