//! What a model cost, as notices name it.

use crate::summary::ModelSummary;
use assay_model::pricing::usd_text;

/// What the answers of a model cost; none where nobody was asked.
pub(super) fn cost(model: &ModelSummary) -> Option<String> {
    match (&model.cost, model.usage) {
        (Some(cost), _) => Some(usd_text(cost.usd)),
        (None, Some(_)) => Some("unknown".to_owned()),
        (None, None) => None,
    }
}
