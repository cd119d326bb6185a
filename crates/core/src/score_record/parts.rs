//! What the scores of a record have in common.

use assay_model::Response;
use assay_score::Score;

/// Why a response without a text is not scored.
pub(super) fn no_text(response: &Response) -> String {
    match &response.stop_reason {
        Some(reason) => format!("the answer has no text (stop reason {reason})"),
        None => "the answer has no text".to_owned(),
    }
}

/// The mean of what could be scored; unscored only when nothing could.
pub(super) fn mean(mut scores: Vec<Score>) -> Score {
    if scores.len() == 1 {
        return scores.remove(0);
    }
    let values: Vec<f64> = scores.iter().filter_map(Score::value).collect();
    if values.is_empty() {
        return scores.pop().unwrap_or_else(|| Score::Unscored("there is no answer".to_owned()));
    }
    Score::Value(values.iter().sum::<f64>() / values.len() as f64)
}
