//! Records of automatic jobs and of those with a judge.

use serde_json::{Value, json};

use super::{Maker, input_record, text};
use crate::stand_in::jobs::members::DatasetMetrics;

pub(super) async fn record(maker: Maker<'_>, dataset: &DatasetMetrics, record: &Value) -> Result<Value, String> {
    let responses = maker.responses(record).await?;
    let response = responses.first().map_or("", |response| text(&response["response"]));
    let scores = maker.scores(dataset, text(&record["prompt"]), response);
    Ok(json!({
        "automatedEvaluationResult": {"scores": scores},
        "inputRecord": input_record(record),
        "modelResponses": responses,
    }))
}
