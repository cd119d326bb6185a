//! Sums of metrics over a time, for the digest.

use super::client::CloudWatch;
use super::error::{CloudWatchError, classify};
use crate::alarm::{AwsMetric, Dimension};
use aws_sdk_cloudwatch::types::{self, MetricDataQuery, ScanBy};
use aws_smithy_types::DateTime;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Metrics in one request.
const PAGE: usize = 500;
/// The longest period, in seconds; a day.
const DAY: i32 = 86_400;

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
    /// The sums over the time from `from` to `until`, in the order asked for. Periods of an hour are added up, so a time that
    /// does not begin and end with the hour is widened to it by the service.
    ///
    /// # Errors
    /// When CloudWatch refuses or cannot be reached.
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
        // An hour keeps to the week's ends; weeks of hours for 500 metrics are many points, so long times go by days.
        let long = until.as_second().saturating_sub(from.as_second()) > i64::from(DAY) * 8;
        let period = if long { DAY } else { 3600 };
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
            for result in page.metric_data_results().iter().filter(|result| !result.values().is_empty()) {
                let id = result.id().unwrap_or_default().to_owned();
                *found.entry(id).or_default() += result.values().iter().sum::<f64>();
            }
        }
        let summed = wanted
            .iter()
            .enumerate()
            .map(|(place, wanted)| Summed { what: wanted.clone(), sum: found.get(&id(place)).copied() });
        Ok(summed.collect())
    }
}

fn id(place: usize) -> String {
    format!("m{place}")
}

fn query(place: usize, wanted: &SumOf, period: i32) -> MetricDataQuery {
    let dimension = Dimension::new(wanted.metric.dimension, assay_core::metrics::dimension_value(&wanted.of));
    let dimension = types::Dimension::builder().name(dimension.name).value(dimension.value).build();
    let metric = types::Metric::builder()
        .namespace(wanted.metric.namespace)
        .metric_name(wanted.metric.name)
        .dimensions(dimension)
        .build();
    let stat = types::MetricStat::builder().metric(metric).period(period).stat("Sum").build();
    MetricDataQuery::builder().id(id(place)).metric_stat(stat).return_data(true).build()
}
