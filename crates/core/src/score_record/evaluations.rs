//! Scores from what a managed job says of an answer.

use crate::record::Record;
use assay_score::{Measure, Score};
use std::collections::BTreeMap;

/// One score for each metric that the job has of this answer: the mean over all who rated it.
pub(super) fn scores(record: &Record) -> Vec<(Measure, Score)> {
    let mut by_metric: BTreeMap<&str, Vec<Score>> = BTreeMap::new();
    for found in &record.evidence.evaluations {
        let score = match (found.value, &found.label) {
            (Some(value), _) => Score::Value(value),
            (None, Some(label)) => Score::Unscored(format!("rated in words: {label}")),
            (None, None) => Score::Unscored("the job gave no score".to_owned()),
        };
        by_metric.entry(&found.metric).or_default().push(score);
    }
    let named = by_metric.into_iter().filter_map(|(metric, scores)| {
        let measure: Measure = format!("job.{metric}").parse().ok()?;
        Some((measure, super::parts::mean(scores)))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Sample;
    use crate::record::Evaluation;

    #[test]
    fn raters_are_averaged_and_what_is_missing_is_no_zero() {
        let mut record = Record::answered(Sample::default(), "m", Vec::new());
        let of = |metric: &str, value| Evaluation { metric: metric.to_owned(), value, ..Evaluation::default() };
        record.evidence.evaluations =
            vec![of("human.Clarity", Some(5.0)), of("Accuracy", None), of("human.Clarity", Some(4.0))];
        record.evidence.evaluations.push(Evaluation { label: Some("good".to_owned()), ..of("custom.Tone", None) });
        let found: BTreeMap<String, Score> =
            scores(&record).into_iter().map(|(measure, score)| (measure.to_string(), score)).collect();
        assert_eq!(found["job.human.Clarity"], Score::Value(4.5));
        assert_eq!(found["job.Accuracy"], Score::Unscored("the job gave no score".to_owned()));
        assert_eq!(found["job.custom.Tone"], Score::Unscored("rated in words: good".to_owned()));
    }
}
