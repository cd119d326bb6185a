//! What an alarm watches and what crossed what, out of a topic's `Trigger` or an event's `configuration`.

use super::{json, reason};
use crate::alert::{Comparison, Measured, Measurement};
use serde_json::Value;

/// The measurement of an alarm on a metric; none where the configuration names none.
pub(super) fn read(configuration: &Value, reason: Option<&str>, state_data: Option<&Value>) -> Option<Measurement> {
    let metrics = json::list(configuration, "metrics");
    let mut measurement = if metrics.is_empty() { single(configuration) } else { of_list(configuration, metrics) }?;
    let said = reason.map(reason::read).unwrap_or_default();
    let data = |key: &str| state_data.and_then(|data| json::number(data, key));
    measurement.threshold = json::number(configuration, "threshold").or_else(|| data("threshold")).or(said.threshold);
    measurement.band = state_data.and_then(band).or(said.band);
    measurement.comparison = comparison(configuration).or(said.comparison);
    measurement.period = measurement.period.or_else(|| json::whole(configuration, "period"));
    measurement.period = measurement.period.or_else(|| state_data.and_then(|data| json::whole(data, "period")));
    let periods = json::whole(configuration, "evaluationPeriods");
    let needed = json::whole(configuration, "datapointsToAlarm").or(periods);
    measurement.datapoints = needed.zip(periods).or(said.datapoints);
    measurement.values = state_data.map(|data| values(data, &said.values)).unwrap_or_default();
    if measurement.values.is_empty() {
        measurement.values = said.values;
    }
    Some(measurement)
}

/// An alarm on one metric, as a topic tells it.
fn single(trigger: &Value) -> Option<Measurement> {
    let metric = json::text(trigger, "metricName")?;
    let extended = json::text(trigger, "extendedStatistic");
    Some(Measurement {
        metric: Some(metric),
        namespace: json::text(trigger, "namespace"),
        statistic: extended.or_else(|| json::text(trigger, "statistic").map(|name| statistic(&name))),
        dimensions: json::pick(trigger, "dimensions").map(json::pairs).unwrap_or_default(),
        unit: json::text(trigger, "unit").filter(|unit| unit != "None"),
        ..Measurement::default()
    })
}

/// An alarm on a list of metrics and expressions: the one that is watched, and what it is made of.
fn of_list(configuration: &Value, metrics: &[Value]) -> Option<Measurement> {
    let band_id = json::text(configuration, "thresholdMetricId");
    let is_band = |metric: &&Value| {
        let expression = json::text(metric, "expression").unwrap_or_default();
        expression.starts_with("ANOMALY_DETECTION_BAND") || (band_id.is_some() && json::text(metric, "id") == band_id)
    };
    let is_returned = |metric: &&Value| json::pick(metric, "returnData").and_then(Value::as_bool) != Some(false);
    let watched = metrics.iter().filter(|metric| !is_band(metric)).find(is_returned).or_else(|| metrics.first())?;
    let label = json::text(watched, "label");
    if let Some(stat) = json::pick(watched, "metricStat") {
        let mut measurement = of_stat(stat);
        measurement.metric = measurement.metric.or(label);
        return Some(measurement);
    }
    let parts = || {
        metrics
            .iter()
            .filter_map(|metric| Some((json::text(metric, "id")?, of_stat(json::pick(metric, "metricStat")?))))
    };
    let expression = json::text(watched, "expression");
    let shared = parts().map(|(_, part)| part.dimensions).reduce(|mut all, part| {
        all.retain(|dimension| part.contains(dimension));
        all
    });
    Some(Measurement {
        metric: label.or_else(|| expression.clone()),
        period: json::whole(watched, "period").or_else(|| parts().find_map(|(_, part)| part.period)),
        expression,
        inputs: parts().map(|(id, part)| (id, input(&part))).collect(),
        dimensions: shared.unwrap_or_default(),
        ..Measurement::default()
    })
}

/// A metric with its statistic, in either spelling.
fn of_stat(stat: &Value) -> Measurement {
    let metric = json::pick(stat, "metric").unwrap_or(stat);
    Measurement {
        metric: json::text(metric, "metricName").or_else(|| json::text(metric, "name")),
        namespace: json::text(metric, "namespace"),
        statistic: json::text(stat, "stat").map(|name| statistic(&name)),
        dimensions: json::pick(metric, "dimensions").map(json::pairs).unwrap_or_default(),
        unit: json::text(stat, "unit").filter(|unit| unit != "None"),
        period: json::whole(stat, "period"),
        ..Measurement::default()
    }
}

/// A part of an expression in a line.
fn input(part: &Measurement) -> String {
    let words = [&part.namespace, &part.metric, &part.statistic];
    words.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// A statistic as the console writes it; topics shout.
fn statistic(name: &str) -> String {
    let known = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"];
    let shouted = name.replace('_', "");
    known.into_iter().find(|known| known.eq_ignore_ascii_case(&shouted)).map_or(name.to_owned(), str::to_owned)
}

fn comparison(configuration: &Value) -> Option<Comparison> {
    match json::text(configuration, "comparisonOperator")?.as_str() {
        "LessThanThreshold" => Some(Comparison::Less),
        "LessThanOrEqualToThreshold" => Some(Comparison::LessOrEqual),
        "GreaterThanThreshold" => Some(Comparison::Greater),
        "GreaterThanOrEqualToThreshold" => Some(Comparison::GreaterOrEqual),
        "LessThanLowerThreshold" => Some(Comparison::BelowBand),
        "GreaterThanUpperThreshold" => Some(Comparison::AboveBand),
        "LessThanLowerOrGreaterThanUpperThreshold" => Some(Comparison::OutsideBand),
        _ => None,
    }
}

/// The band at the newest data point.
fn band(data: &Value) -> Option<(f64, f64)> {
    let newest = |key: &str| json::list(data, key).iter().rev().find_map(json::as_number);
    newest("recentLowerThresholds").zip(newest("recentUpperThresholds"))
}

/// The values that were judged, the earliest first. Those with times are preferred. Nobody documents the order of those
/// without: the newest is where the reason's newest is, else at the end.
fn values(data: &Value, said: &[Measured]) -> Vec<Measured> {
    let evaluated = json::list(data, "evaluatedDatapoints").iter();
    let mut timed: Vec<Measured> = evaluated
        .filter_map(|point| Some(Measured { at: json::time(point, "timestamp"), value: json::number(point, "value")? }))
        .collect();
    if !timed.is_empty() {
        timed.sort_by_key(|point| point.at);
        return timed;
    }
    let recent = json::list(data, "recentDatapoints").iter().filter_map(json::as_number);
    let mut recent: Vec<Measured> = recent.map(|value| Measured { at: None, value }).collect();
    let ends = (recent.first().map(|point| point.value), recent.last().map(|point| point.value));
    let newest = said.last().map(|point| point.value);
    if newest.is_some() && ends.0 == newest && ends.1 != newest {
        recent.reverse();
    }
    recent
}
