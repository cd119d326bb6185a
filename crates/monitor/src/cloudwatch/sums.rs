//! Sums of metrics over a time, for the digest.

use super::client::CloudWatch;
use super::error::{CloudWatchError, classify};
use crate::alarm::{AwsMetric, Dimension};
use aws_sdk_cloudwatch::types::{self, MetricDataQuery, MetricDataResult, ScanBy, StatusCode};
use aws_smithy_types::DateTime;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Metrics in one request.
const PAGE: usize = 500;
/// Five minutes, in seconds: CloudWatch keeps these for 63 days.
const MINUTES: i32 = 300;
/// An hour, in seconds.
const HOUR: i32 = 3600;
/// The longest period, in seconds; a day.
const DAY: i32 = 86_400;
/// Days for which periods of five minutes are asked for: somewhat less than they are kept.
const KEPT_DAYS: i64 = 60;

/// What is summed: a metric of a service by the value of its dimension, such as a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumOf {
    /// The metric.
    pub metric: AwsMetric,
    /// The value of its dimension.
    pub of: String,
}

/// A sum. What has no data is not zero calls: the metric may not exist.
#[derive(Debug, Clone, PartialEq)]
pub struct Summed {
    /// What was summed.
    pub what: SumOf,
    /// The sum; none where there is no data.
    pub sum: Option<f64>,
}

impl CloudWatch {
    /// The sums over the time from `from` to `until`, in the order asked for. Periods are added up, of five
    /// minutes for up to eight days of the last sixty, else of an hour or a day; a time that does not begin and end with one
    /// is widened to it by the service.
    ///
    /// # Errors
    /// When CloudWatch refuses or cannot be reached, also for a single metric: what may not be seen is not zero.
    pub async fn sums(
        &self,
        wanted: &[SumOf],
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Summed>, CloudWatchError> {
        let mut sums = Vec::new();
        for wanted in wanted.chunks(PAGE) {
            sums.extend(self.some_sums(wanted, from, until).await?);
        }
        Ok(sums)
    }

    async fn some_sums(
        &self,
        wanted: &[SumOf],
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Summed>, CloudWatchError> {
        let period = period(from, until, Timestamp::now());
        let queries = wanted.iter().enumerate().map(|(place, wanted)| query(place, wanted, period));
        let call = self
            .client
            .get_metric_data()
            .set_metric_data_queries(Some(queries.collect()))
            .start_time(DateTime::from_secs(from.as_second()))
            .end_time(DateTime::from_secs(until.as_second()))
            .scan_by(ScanBy::TimestampAscending);
        let mut pages = call.into_paginator().send();
        let mut found: BTreeMap<String, f64> = BTreeMap::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| classify("cloudwatch:GetMetricData", "metrics", &error))?;
            for message in page.messages() {
                let (code, said) = (message.code().unwrap_or_default(), message.value().unwrap_or_default());
                tracing::warn!(code, said, "CloudWatch remarks on sums of metrics");
            }
            add(&mut found, page.metric_data_results())?;
        }
        let summed = wanted
            .iter()
            .enumerate()
            .map(|(place, wanted)| Summed { what: wanted.clone(), sum: found.get(&id(place)).copied() });
        Ok(summed.collect())
    }
}

/// The shortest period, in seconds, whose values are kept and not too many: weeks of minutes for 500 metrics are.
fn period(from: Timestamp, until: Timestamp, now: Timestamp) -> i32 {
    let days = |from: Timestamp, until: Timestamp| until.as_second().saturating_sub(from.as_second()) / i64::from(DAY);
    match (days(from, until), days(from, now)) {
        (8.., _) => DAY,
        (_, KEPT_DAYS..) => HOUR,
        _ => MINUTES,
    }
}

/// Adds the values of one page. A metric that is refused, or that the service failed on, has no sum that is known.
fn add(found: &mut BTreeMap<String, f64>, results: &[MetricDataResult]) -> Result<(), CloudWatchError> {
    for result in results {
        let id = result.id().unwrap_or_default();
        let said = result.messages().iter().filter_map(|message| message.value()).collect::<Vec<_>>().join("; ");
        match result.status_code() {
            Some(StatusCode::Forbidden) => {
                let message = format!("a metric may not be read; allow cloudwatch:GetMetricData: {said}");
                return Err(CloudWatchError::Denied(message));
            }
            Some(StatusCode::InternalError) => {
                let message = format!("a metric could not be read: {said}");
                return Err(CloudWatchError::Unavailable(message));
            }
            _ if result.values().is_empty() => {}
            _ => *found.entry(id.to_owned()).or_default() += result.values().iter().sum::<f64>(),
        }
    }
    Ok(())
}

fn id(place: usize) -> String {
    format!("m{place}")
}

fn query(place: usize, wanted: &SumOf, period: i32) -> MetricDataQuery {
    let dimension = Dimension::new(wanted.metric.dimension, assay_core::publish::metrics::dimension_value(&wanted.of));
    let dimension = types::Dimension::builder().name(dimension.name).value(dimension.value).build();
    let metric = types::Metric::builder()
        .namespace(wanted.metric.namespace)
        .metric_name(wanted.metric.name)
        .dimensions(dimension)
        .build();
    let stat = types::MetricStat::builder().metric(metric).period(period).stat("Sum").build();
    MetricDataQuery::builder().id(id(place)).metric_stat(stat).return_data(true).build()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use assay_problem::Classified;

    fn result(code: StatusCode, values: &[f64]) -> MetricDataResult {
        MetricDataResult::builder().id("m0").status_code(code).set_values(Some(values.to_vec())).build()
    }

    #[test]
    fn pages_add_up_and_what_may_not_be_read_is_not_zero() {
        let mut found = BTreeMap::new();
        add(&mut found, &[result(StatusCode::PartialData, &[1.0, 2.0])]).unwrap();
        add(&mut found, &[result(StatusCode::Complete, &[4.0])]).unwrap();
        assert_eq!(found["m0"], 7.0);
        let refused = add(&mut found, &[result(StatusCode::Forbidden, &[])]).unwrap_err();
        assert!(matches!(&refused, CloudWatchError::Denied(message) if message.contains("GetMetricData")), "{refused}");
        let failed = add(&mut found, &[result(StatusCode::InternalError, &[])]).unwrap_err();
        assert!(failed.is_transient(), "{failed}");
    }

    #[test]
    fn a_week_of_a_half_hour_zone_does_not_share_an_hour_with_the_next() {
        let at = |text: &str| text.parse().unwrap();
        // 08:00 in India is 02:30 in UTC.
        let (from, until) = (at("2026-11-16T02:30:00Z"), at("2026-11-23T02:30:00Z"));
        assert_eq!(period(from, until, until), 300);
        assert_eq!(period(from, until, at("2027-01-14T02:30:00Z")), 300, "59 days later");
        assert_eq!(period(from, until, at("2027-01-15T02:30:00Z")), 3600);
        assert_eq!(period(at("2026-11-09T02:30:00Z"), until, until), 86_400);
    }
}
