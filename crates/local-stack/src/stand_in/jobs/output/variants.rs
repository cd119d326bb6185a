//! Records as files, with the differences from the usual that a behaviour asks for.

use serde_json::Value;

use super::{Maker, OutputFile};
use crate::stand_in::jobs::behaviour::OutputVariant;
use crate::stand_in::jobs::members::DatasetMetrics;
use crate::stand_in::jobs::request::JobKind;
use crate::stand_in::jobs::scores::number;

/// A dataset's files: one, or one for each metric. As in real output, the last line does not end.
pub(super) fn files(maker: Maker<'_>, folder: &str, dataset: &DatasetMetrics, records: &[Value]) -> Vec<OutputFile> {
    let has = |variant| maker.behaviour.has(variant);
    let per_metric = has(OutputVariant::FilePerMetric) && maker.request().kind() != JobKind::Human;
    let selections: Vec<Option<&str>> =
        if per_metric { dataset.metric_names.iter().map(|name| Some(name.as_str())).collect() } else { vec![None] };
    let file = |metric: Option<&str>| {
        let mut lines: Vec<String> = records.iter().map(|record| line(maker, record, metric)).collect();
        if has(OutputVariant::EmptyFile) {
            lines.clear();
        }
        if let Some(last) = lines.last_mut().filter(|_| has(OutputVariant::TruncatedLastLine)) {
            last.truncate(last.floor_char_boundary(last.len() / 2));
        }
        OutputFile { key: format!("{folder}/{}_output.jsonl", uuid(maker, folder, metric)), content: lines.join("\n") }
    };
    selections.into_iter().map(file).collect()
}

fn line(maker: Maker<'_>, record: &Value, metric: Option<&str>) -> String {
    let mut record = record.clone();
    for scores in score_lists(&mut record) {
        scores.retain(|score| metric.is_none_or(|metric| score["metricName"] == metric));
        for score in scores.iter_mut().filter_map(Value::as_object_mut) {
            let name = score.get("metricName").and_then(Value::as_str).unwrap_or_default();
            let bare = name.strip_prefix("Builtin.").map(str::to_owned);
            if let Some(bare) = bare.filter(|_| maker.behaviour.has(OutputVariant::BareMetricNames)) {
                score.insert("metricName".to_owned(), Value::String(bare));
            }
            if maker.behaviour.has(OutputVariant::MissingMetricName) {
                score.remove("metricName");
            }
        }
    }
    if maker.request().kind() == JobKind::Human {
        rearrange(maker, &mut record);
    }
    record.to_string()
}

/// The other two readings of a human result.
fn rearrange(maker: Maker<'_>, record: &mut Value) {
    if maker.behaviour.has(OutputVariant::HumanLoopBeside) {
        for name in ["humanLoopName", "inputContent", "modelResponseIdMap"] {
            let result = record["humanEvaluationResult"][0].as_object_mut();
            if let Some(moved) = result.and_then(|result| result.remove(name)) {
                record[name] = moved;
            }
        }
    }
    if maker.behaviour.has(OutputVariant::HumanResultObject) {
        record["humanEvaluationResult"] = record["humanEvaluationResult"][0].take();
    }
}

/// Every list of scores in a record; that of a human job has none.
fn score_lists(record: &mut Value) -> Vec<&mut Vec<Value>> {
    if record.get("conversationTurns").is_some() {
        let turns = record["conversationTurns"].as_array_mut().into_iter().flatten();
        return turns.filter_map(|turn| turn["results"].as_array_mut()).collect();
    }
    record.pointer_mut("/automatedEvaluationResult/scores").and_then(Value::as_array_mut).into_iter().collect()
}

/// A UUID that belongs to one file of one job.
fn uuid(maker: Maker<'_>, folder: &str, metric: Option<&str>) -> String {
    let part = |which: &str| number(&[&maker.job.arn, folder, metric.unwrap_or_default(), which]);
    let (second, third) = (part("second"), part("third"));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:08x}{:04x}",
        part("first"),
        second >> 16,
        second & 0xfff,
        third >> 20,
        part("fourth"),
        third & 0xffff
    )
}
