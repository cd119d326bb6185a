//! Every metric that a body names, with its dimensions, against the lists of the code: a metric that nobody publishes
//! never alarms, and its graph is empty for ever.

use assay_core::publish::metrics::MetricName;
use assay_monitor::alarm::{AWS_METRICS, Alarm, Dimension, Source, Watched};
use serde_json::Value;

/// The namespace of our metrics in these tests.
pub(crate) const NAMESPACE: &str = "Custom/Bedrock";

/// What a body names: a namespace, a metric and the names of its dimensions.
pub(crate) type Named = (String, String, Vec<String>);

/// Fails unless somebody publishes the metric with exactly these dimensions.
#[track_caller]
pub(crate) fn assert_published((namespace, name, dimensions): &Named) {
    let ours = MetricName::all()
        .into_iter()
        .any(|metric| namespace == NAMESPACE && metric.name() == name && metric.dimensions() == dimensions.as_slice());
    let of_aws = AWS_METRICS.iter().any(|metric| {
        metric.namespace == namespace && metric.name == name && dimensions.as_slice() == [metric.dimension]
    });
    assert!(ours != of_aws, "nobody publishes {namespace} {name} by {dimensions:?}");
}

/// The metrics that an alarm watches.
pub(crate) fn of_alarm(alarm: &Alarm) -> Vec<Named> {
    let named = |namespace: &str, name: &str, dimensions: &[Dimension]| {
        let dimensions = dimensions.iter().map(|dimension| dimension.name.clone()).collect();
        (namespace.to_owned(), name.to_owned(), dimensions)
    };
    match &alarm.watched {
        Watched::Metric(metric) => vec![named(&metric.namespace, &metric.metric_name, &metric.dimensions)],
        Watched::Formula { metrics } => metrics
            .iter()
            .filter_map(|query| match &query.source {
                Source::MetricStat(stat) => {
                    Some(named(&stat.metric.namespace, &stat.metric.metric_name, &stat.metric.dimensions))
                }
                Source::Expression(_) => None,
            })
            .collect(),
    }
}

/// The metrics that a line of a graph names: one, or those that its search looks for.
pub(crate) fn of_line(line: &Value) -> Vec<Named> {
    let texts: Vec<&str> = line.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    if let [namespace, name, dimensions @ ..] = texts.as_slice() {
        let dimensions = dimensions.iter().step_by(2).map(|name| (*name).to_owned()).collect();
        return vec![((*namespace).to_owned(), (*name).to_owned(), dimensions)];
    }
    let search = line[0]["expression"].as_str().unwrap();
    let query = search.strip_prefix("SEARCH('{").unwrap();
    let (schema, rest) = query.split_once("} MetricName=").unwrap();
    let mut schema = schema.split(',').map(|part| part.trim_matches('"').to_owned());
    let namespace = schema.next().unwrap();
    let dimensions: Vec<String> = schema.collect();
    let (names, _) = rest.split_once("', ").unwrap();
    let names = names.trim_matches(['(', ')']).split(" OR ").map(|name| name.trim_matches('"').to_owned());
    names.map(|name| (namespace.clone(), name, dimensions.clone())).collect()
}

#[test]
#[should_panic(expected = "nobody publishes")]
fn a_metric_that_does_not_exist_is_found_out() {
    assert_published(&("AWS/Bedrock".to_owned(), "InvocationCount".to_owned(), vec!["ModelId".to_owned()]));
}

#[test]
#[should_panic(expected = "nobody publishes")]
fn a_dimension_that_is_missing_is_found_out() {
    let dimensions = ["ModelId", "Suite"].map(str::to_owned).to_vec();
    assert_published(&(NAMESPACE.to_owned(), "F1".to_owned(), dimensions));
}

#[test]
fn no_two_metrics_of_aws_are_the_same() {
    for (place, metric) in AWS_METRICS.iter().enumerate() {
        let same =
            |other: &&assay_monitor::alarm::AwsMetric| (other.namespace, other.name) == (metric.namespace, metric.name);
        assert_eq!(AWS_METRICS.iter().filter(same).count(), 1, "{place}: {}", metric.name);
    }
}
