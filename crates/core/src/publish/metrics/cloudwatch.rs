//! The adapter to CloudWatch's PutMetricData.
//!
//! The limits are the service's (API reference of PutMetricData): 1,000 metrics and 1 MB a request, 150 values a
//! metric, values of at most 2^360. It is asked once, since a repeated request counts twice; only what was refused because
//! of too many requests is sent again.

use super::{Metric, MetricError, MetricSink, Unit};
use assay_model::{FailureReason, ServiceFailure};
use assay_problem::chain;
use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::config::Builder;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};
use aws_smithy_types::DateTime;
use std::time::Duration;

/// Values with counts in one datum.
const MOST_VALUES: usize = 150;
/// Data in one request.
const MOST_DATA: usize = 1000;
/// Values and dimensions in one request; at some 40 bytes each they stay far below 1 MB.
const MOST_WEIGHT: usize = 10_000;
/// The longest dimension value, in characters.
const LONGEST_DIMENSION: usize = 1024;
/// Waits before a throttled request is sent again.
const WAITS: [Duration; 4] =
    [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// CloudWatch, in one namespace.
#[derive(Debug)]
pub struct CloudWatch {
    client: Client,
    namespace: String,
}

impl CloudWatch {
    /// Publishes to `namespace` with the settings of `config`.
    pub fn new(config: &SdkConfig, namespace: impl Into<String>) -> Self {
        let once = Builder::from(config).retry_config(RetryConfig::disabled()).build();
        Self { client: Client::from_conf(once), namespace: namespace.into() }
    }

    async fn put(&self, data: Vec<MetricDatum>) -> Result<(), MetricError> {
        let mut waits = WAITS.into_iter();
        loop {
            let call = self.client.put_metric_data().namespace(&self.namespace);
            let Err(error) = call.set_metric_data(Some(data.clone())).send().await else { return Ok(()) };
            let failure = ServiceFailure::of(&error);
            match waits.next().filter(|_| failure.reason == FailureReason::Throttled) {
                Some(wait) => tokio::time::sleep(wait).await,
                None if failure.code.is_empty() => return Err(MetricError::CloudWatch(chain(&error))),
                None => return Err(MetricError::CloudWatch(format!("{}: {}", failure.code, failure.said))),
            }
        }
    }
}

#[async_trait]
impl MetricSink for CloudWatch {
    async fn publish(&self, metrics: &[Metric]) -> Result<(), MetricError> {
        for request in requests(metrics) {
            self.put(request).await?;
        }
        Ok(())
    }
}

/// The metrics as data, in requests that keep every limit.
fn requests(metrics: &[Metric]) -> Vec<Vec<MetricDatum>> {
    let mut requests: Vec<Vec<MetricDatum>> = Vec::new();
    let mut weight = usize::MAX;
    for metric in metrics {
        for values in sendable(&metric.values).chunks(MOST_VALUES) {
            let added = values.len() + metric.dimensions.len();
            let full = requests.last().is_none_or(|request| request.len() >= MOST_DATA);
            if full || weight.saturating_add(added) > MOST_WEIGHT {
                requests.push(Vec::new());
                weight = 0;
            }
            weight += added;
            if let Some(request) = requests.last_mut() {
                request.push(datum(metric, values));
            }
        }
    }
    requests
}

/// What CloudWatch takes: finite values of at most 2^360 either way, that came at least once.
fn sendable(values: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let most = 2f64.powi(360);
    let fits = |(value, count): &(f64, f64)| value.is_finite() && value.abs() <= most && *count > 0.0;
    values.iter().copied().filter(fits).collect()
}

fn datum(metric: &Metric, values: &[(f64, f64)]) -> MetricDatum {
    let mut datum = MetricDatum::builder()
        .metric_name(metric.name.name())
        .unit(match metric.unit {
            Unit::None => StandardUnit::None,
            Unit::Count => StandardUnit::Count,
            Unit::Milliseconds => StandardUnit::Milliseconds,
        })
        .timestamp(DateTime::from_secs(metric.at.as_second()));
    for (name, value) in &metric.dimensions {
        datum = datum.dimensions(Dimension::builder().name(*name).value(dimension_value(value)).build());
    }
    for (value, count) in values {
        datum = datum.values(*value).counts(*count);
    }
    datum.build()
}

/// A dimension's value as it is published: what reads metrics has to ask for the same. It is ASCII without control
/// characters, has something other than spaces, does not begin with a colon and is not longer than the limit.
pub fn dimension_value(text: &str) -> String {
    let ascii = text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '_' });
    let value: String = ascii.take(LONGEST_DIMENSION).collect();
    match value.trim() {
        "" => "(none)".to_owned(),
        trimmed if trimmed.starts_with(':') => format!("_{}", &trimmed[1..]),
        trimmed => trimmed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::metrics::MetricName;
    use jiff::Timestamp;

    fn metric(values: Vec<(f64, f64)>) -> Metric {
        Metric {
            name: MetricName::ModelLatency,
            unit: Unit::Milliseconds,
            dimensions: vec![("ModelId", "m".to_owned())],
            at: Timestamp::UNIX_EPOCH,
            values,
        }
    }

    #[test]
    fn long_distributions_are_split_and_lose_nothing() {
        let values: Vec<_> = (0..1000).map(|value| (f64::from(value), 2.0)).collect();
        let requests = requests(&[metric(values)]);
        let data: Vec<_> = requests.iter().flatten().collect();
        assert!(data.iter().all(|datum| datum.values().len() <= 150 && datum.values().len() == datum.counts().len()));
        let sum: f64 = data.iter().flat_map(|datum| datum.values()).sum();
        assert_eq!(sum, 499_500.0);
    }

    #[test]
    fn requests_keep_the_limits() {
        let many: Vec<_> = (0..2500).map(|_| metric(vec![(1.0, 1.0)])).collect();
        assert!(requests(&many).iter().all(|request| request.len() <= MOST_DATA));
        let values: Vec<_> = (0..150).map(|value| (f64::from(value), 1.0)).collect();
        let wide: Vec<_> = (0..200).map(|_| metric(values.clone())).collect();
        let requests = requests(&wide);
        assert_eq!(requests.iter().map(Vec::len).sum::<usize>(), 200);
        for request in requests {
            assert!(request.iter().map(|datum| datum.values().len()).sum::<usize>() <= MOST_WEIGHT);
        }
    }

    #[test]
    fn what_cloudwatch_refuses_is_not_sent() {
        let values = vec![(f64::NAN, 1.0), (f64::INFINITY, 1.0), (1e300, 1.0), (0.5, 0.0), (0.5, 2.0)];
        assert_eq!(sendable(&values), [(0.5, 2.0)]);
        assert!(requests(&[metric(vec![(f64::NAN, 1.0)])]).is_empty());
    }

    #[test]
    fn dimension_values_are_made_to_fit() {
        assert_eq!(dimension_value("us.amazon.nova-lite-v1:0"), "us.amazon.nova-lite-v1:0");
        assert_eq!(dimension_value(" é\n"), "__");
        assert_eq!(dimension_value(":x"), "_x");
        assert_eq!(dimension_value("  "), "(none)");
        assert_eq!(dimension_value(&"x".repeat(2000)).len(), 1024);
    }
}
