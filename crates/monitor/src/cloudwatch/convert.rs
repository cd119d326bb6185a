//! Alarms as the SDK has them, to and from ours.

use super::error::CloudWatchError;
use crate::alarm::{
    Alarm, Comparison, Dimension, Existing, Metric, MetricOf, MetricStat, MissingData, Query, Severity, Source, Stat,
    State, Watched,
};
use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder;
use aws_sdk_cloudwatch::types;
use aws_sdk_cloudwatch::types::{ComparisonOperator, MetricAlarm, StateValue, Statistic};

/// The request that puts `alarm`; whether it tells anybody, and whom when it has no data, as `before`.
pub(super) fn request(
    call: PutMetricAlarmFluentBuilder,
    alarm: &Alarm,
    before: Option<&Existing>,
) -> Result<PutMetricAlarmFluentBuilder, CloudWatchError> {
    let call = call
        .alarm_name(&alarm.alarm_name)
        .alarm_description(&alarm.alarm_description)
        .evaluation_periods(whole(alarm.evaluation_periods))
        .datapoints_to_alarm(whole(alarm.datapoints_to_alarm))
        .threshold(alarm.threshold)
        .comparison_operator(ComparisonOperator::from(alarm.comparison_operator.name()))
        .treat_missing_data(alarm.treat_missing_data.name())
        .set_alarm_actions(Some(alarm.alarm_actions.clone()))
        .actions_enabled(before.is_none_or(|before| before.actions_enabled))
        .set_ok_actions(Some(alarm.ok_actions.clone()))
        .set_insufficient_data_actions(before.map(|before| before.insufficient_data_actions.clone()));
    let call = match alarm.severity {
        Some(severity) => tagged(call, severity, before.is_none()),
        None => call,
    };
    Ok(match &alarm.watched {
        Watched::Metric(metric) => {
            let call = call
                .namespace(&metric.namespace)
                .metric_name(&metric.metric_name)
                .set_dimensions(Some(dimensions(&metric.dimensions)))
                .period(whole(metric.period));
            match metric.statistic {
                Stat::P90 => call.extended_statistic(metric.statistic.name()),
                simple => call.statistic(Statistic::from(simple.name())),
            }
        }
        Watched::Formula { metrics } => {
            let queries: Result<Vec<_>, _> = metrics.iter().map(query).collect();
            call.set_metrics(Some(queries?))
        }
    })
}

/// With tags that are sent along. The service takes tags of a new alarm alone; those of others are people's.
fn tagged(call: PutMetricAlarmFluentBuilder, severity: Severity, is_new: bool) -> PutMetricAlarmFluentBuilder {
    let propagation = types::AlarmTagsPropagation::builder().enabled(true).build();
    let call =
        call.action_configuration(types::ActionConfiguration::builder().alarm_tags_propagation(propagation).build());
    if !is_new {
        return call;
    }
    call.tags(types::Tag::builder().key(Severity::TAG).value(severity.name()).build())
}

fn query(query: &Query) -> Result<types::MetricDataQuery, aws_smithy_types::error::operation::BuildError> {
    let built = types::MetricDataQuery::builder().id(&query.id).return_data(query.return_data);
    Ok(match &query.source {
        Source::Expression(expression) => built.expression(expression),
        Source::MetricStat(stat) => {
            let metric = types::Metric::builder()
                .namespace(&stat.metric.namespace)
                .metric_name(&stat.metric.metric_name)
                .set_dimensions(Some(dimensions(&stat.metric.dimensions)))
                .build();
            let stat =
                types::MetricStat::builder().metric(metric).period(whole(stat.period)).stat(stat.stat.name()).build();
            built.metric_stat(stat)
        }
    }
    .build())
}

fn dimensions(dimensions: &[Dimension]) -> Vec<types::Dimension> {
    let one = |dimension: &Dimension| types::Dimension::builder().name(&dimension.name).value(&dimension.value).build();
    dimensions.iter().map(one).collect()
}

fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// An alarm that is there.
pub(super) fn existing(alarm: &MetricAlarm) -> Existing {
    Existing {
        name: alarm.alarm_name().unwrap_or_default().to_owned(),
        arn: alarm.alarm_arn().unwrap_or_default().to_owned(),
        alarm: ours(alarm),
        actions_enabled: alarm.actions_enabled().unwrap_or(true),
        ok_actions: alarm.ok_actions().to_vec(),
        insufficient_data_actions: alarm.insufficient_data_actions().to_vec(),
        state: match alarm.state_value() {
            Some(StateValue::Ok) => State::Ok,
            Some(StateValue::Alarm) => State::Alarm,
            _ => State::InsufficientData,
        },
        reason: alarm.state_reason().unwrap_or_default().to_owned(),
    }
}

/// The alarm in our words; none where it has something that is never put here.
fn ours(alarm: &MetricAlarm) -> Option<Alarm> {
    let watched = if alarm.metrics().is_empty() {
        Watched::Metric(Metric {
            namespace: alarm.namespace()?.to_owned(),
            metric_name: alarm.metric_name()?.to_owned(),
            dimensions: our_dimensions(alarm.dimensions()),
            statistic: stat(alarm.extended_statistic().or(alarm.statistic().map(Statistic::as_str))?)?,
            period: u32::try_from(alarm.period()?).ok()?,
        })
    } else {
        Watched::Formula { metrics: alarm.metrics().iter().map(our_query).collect::<Option<_>>()? }
    };
    // A unit leaves out the values of other units, and a rule for few samples would decide too.
    if alarm.unit().is_some() || alarm.evaluate_low_sample_count_percentile().is_some() {
        return None;
    }
    let periods = u32::try_from(alarm.evaluation_periods()?).ok()?;
    Some(Alarm {
        alarm_name: alarm.alarm_name()?.to_owned(),
        alarm_description: alarm.alarm_description().unwrap_or_default().to_owned(),
        watched,
        evaluation_periods: periods,
        datapoints_to_alarm: alarm.datapoints_to_alarm().map_or(Some(periods), |count| u32::try_from(count).ok())?,
        threshold: alarm.threshold()?,
        comparison_operator: match alarm.comparison_operator()? {
            ComparisonOperator::GreaterThanThreshold => Comparison::GreaterThanThreshold,
            ComparisonOperator::GreaterThanOrEqualToThreshold => Comparison::GreaterThanOrEqualToThreshold,
            ComparisonOperator::LessThanThreshold => Comparison::LessThanThreshold,
            ComparisonOperator::LessThanOrEqualToThreshold => Comparison::LessThanOrEqualToThreshold,
            _ => return None,
        },
        treat_missing_data: match alarm.treat_missing_data().unwrap_or("missing") {
            "notBreaching" => MissingData::NotBreaching,
            "breaching" => MissingData::Breaching,
            "ignore" => MissingData::Ignore,
            "missing" => MissingData::Missing,
            _ => return None,
        },
        alarm_actions: alarm.alarm_actions().to_vec(),
        ok_actions: alarm.ok_actions().to_vec(),
        severity: None,
    })
}

fn our_query(query: &types::MetricDataQuery) -> Option<Query> {
    let source = match (query.expression(), query.metric_stat()) {
        (Some(expression), None) => Source::Expression(expression.to_owned()),
        (None, Some(found)) => {
            let metric = found.metric()?;
            Source::MetricStat(MetricStat {
                metric: MetricOf {
                    namespace: metric.namespace()?.to_owned(),
                    metric_name: metric.metric_name()?.to_owned(),
                    dimensions: our_dimensions(metric.dimensions()),
                },
                period: u32::try_from(found.period()?).ok()?,
                stat: stat(found.stat()?)?,
            })
        }
        _ => return None,
    };
    Some(Query { id: query.id()?.to_owned(), source, return_data: query.return_data().unwrap_or(true) })
}

fn our_dimensions(dimensions: &[types::Dimension]) -> Vec<Dimension> {
    let one =
        |found: &types::Dimension| Dimension::new(found.name().unwrap_or_default(), found.value().unwrap_or_default());
    dimensions.iter().map(one).collect()
}

fn stat(name: &str) -> Option<Stat> {
    [Stat::Average, Stat::Sum, Stat::Minimum, Stat::Maximum, Stat::P90].into_iter().find(|stat| stat.name() == name)
}

#[cfg(test)]
mod tests;
