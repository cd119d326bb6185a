//! Scores of programs and judges, and the names of metrics.
//!
//! What people rate is left to `human`, direction and range of a metric to the core's `JobMeasure`.

use super::context::{Context, Unreadable};
use super::one_or_many::OneOrMany;
use super::outcome::Outcome;
use super::text::Text;
use assay_core::record::Evaluation;
use assay_score::JobMeasure;
use serde::Deserialize;

/// The metric of a score without a name, where nothing tells which it is.
const UNKNOWN: &str = "unknown";

/// A number that the job gives an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Score {
    #[serde(default)]
    metric_name: Text,
    #[serde(default)]
    result: Outcome,
    #[serde(default)]
    evaluator_details: OneOrMany<EvaluatorDetail>,
}

/// The judge, and why it judged so.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EvaluatorDetail {
    #[serde(default)]
    model_identifier: Text,
    #[serde(default)]
    explanation: Text,
}

/// What the scores say, in their order. A metric that is there twice is kept twice.
pub(super) fn evaluations(scores: Vec<Score>, context: &Context) -> Result<Vec<Evaluation>, Unreadable> {
    scores.into_iter().map(|score| score.evaluation(context)).collect()
}

impl Score {
    fn evaluation(self, context: &Context) -> Result<Evaluation, Unreadable> {
        let (value, label) = self.result.value_and_label()?;
        let mut evaluation = Evaluation {
            metric: metric(self.metric_name.filled().as_deref(), context, JobMeasure::of_output),
            value,
            label,
            ..Evaluation::default()
        };
        // Only one judge was ever seen. Of several the first is named, and none of the reasons is lost.
        for detail in self.evaluator_details.0 {
            evaluation.evaluator = evaluation.evaluator.or(detail.model_identifier.filled());
            evaluation.explanation = match (evaluation.explanation, detail.explanation.filled()) {
                (Some(first), Some(next)) => Some(first + "\n\n" + &next),
                (first, next) => first.or(next),
            };
        }
        Ok(evaluation)
    }
}

/// What the metric is called here:
///
/// | output | here |
/// |---|---|
/// | `Builtin.Accuracy`, or `Accuracy` as one of the service's metrics | `Accuracy` |
/// | `Builtin.Wit`, which this version does not know | `Wit` |
/// | `BrandVoice` from a judge | `custom.BrandVoice` |
/// | `Clarity` from people | `human.Clarity` |
/// | none, where the job was asked for one metric | that metric |
/// | none | `unknown` |
pub(super) fn metric(name: Option<&str>, context: &Context, measure: impl Fn(&str) -> JobMeasure) -> String {
    match name.or(context.only_metric.as_deref()) {
        Some(name) => measure(name).to_string(),
        None => UNKNOWN.to_owned(),
    }
}
