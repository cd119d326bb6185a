//! What is sent and what is found again, without a service between.

#![allow(clippy::unwrap_used)]
use super::*;
use crate::alarm::{Limits, operational};

fn sent(alarm: &Alarm, before: Option<&Existing>) -> PutMetricAlarmFluentBuilder {
    let config = aws_sdk_cloudwatch::Config::builder().behavior_version_latest().build();
    let client = aws_sdk_cloudwatch::Client::from_conf(config);
    request(client.put_metric_alarm(), alarm, before).unwrap()
}

/// What the service describes of an alarm that was put.
fn described(sent: &PutMetricAlarmFluentBuilder) -> MetricAlarm {
    MetricAlarm::builder()
        .set_alarm_name(sent.get_alarm_name().clone())
        .set_alarm_description(sent.get_alarm_description().clone())
        .set_namespace(sent.get_namespace().clone())
        .set_metric_name(sent.get_metric_name().clone())
        .set_dimensions(sent.get_dimensions().clone())
        .set_statistic(sent.get_statistic().clone())
        .set_extended_statistic(sent.get_extended_statistic().clone())
        .set_period(*sent.get_period())
        .set_metrics(sent.get_metrics().clone())
        .set_evaluation_periods(*sent.get_evaluation_periods())
        .set_datapoints_to_alarm(*sent.get_datapoints_to_alarm())
        .set_threshold(*sent.get_threshold())
        .set_comparison_operator(sent.get_comparison_operator().clone())
        .set_treat_missing_data(sent.get_treat_missing_data().clone())
        .set_alarm_actions(sent.get_alarm_actions().clone())
        .set_actions_enabled(*sent.get_actions_enabled())
        .set_ok_actions(sent.get_ok_actions().clone())
        .set_insufficient_data_actions(sent.get_insufficient_data_actions().clone())
        .build()
}

fn alarms() -> Vec<Alarm> {
    operational("assay", "Custom/Bedrock", "m:0", &Limits::default(), &["arn:aws:sns:r:1:t".to_owned()])
}

#[test]
fn what_is_sent_is_found_again() {
    for alarm in alarms() {
        let found = existing(&described(&sent(&alarm, None)));
        assert_eq!(found.alarm.as_ref(), Some(&alarm));
        assert!(found.actions_enabled);
    }
}

#[test]
fn a_formula_is_sent_with_its_parts() {
    let sent = sent(&alarms()[0], None);
    assert_eq!((sent.get_namespace(), sent.get_metric_name(), sent.get_period()), (&None, &None, &None));
    let parts = sent.get_metrics().clone().unwrap();
    let ids: Vec<_> = parts.iter().map(|part| (part.id().unwrap(), part.return_data().unwrap())).collect();
    assert_eq!(ids, [("e", true), ("l", false), ("i", false)]);
    assert_eq!(parts[0].expression(), Some("IF(FILL(i, 0) >= 10, FILL(l, 0), 0)"));
    let latency = parts[1].metric_stat().unwrap();
    assert_eq!((latency.stat(), latency.period()), (Some("p90"), Some(300)));
    let metric = latency.metric().unwrap();
    assert_eq!((metric.namespace(), metric.metric_name()), (Some("AWS/Bedrock"), Some("InvocationLatency")));
    assert_eq!(metric.dimensions()[0].value(), Some("m:0"));
}

#[test]
fn a_simple_statistic_and_a_percentile_go_into_fields_of_their_own() {
    let mut alarm = alarms().remove(4);
    let simple = sent(&alarm, None);
    assert_eq!((simple.get_statistic(), simple.get_extended_statistic()), (&Some(Statistic::Sum), &None));
    let Watched::Metric(metric) = &mut alarm.watched else { return assert_eq!(alarm.alarm_name, "one metric") };
    metric.statistic = Stat::P90;
    let percentile = sent(&alarm, None);
    assert_eq!((percentile.get_statistic(), percentile.get_extended_statistic()), (&None, &Some("p90".to_owned())));
}

#[test]
fn what_a_person_set_is_kept() {
    let alarm = alarms().remove(4);
    let mut before = existing(&described(&sent(&alarm, None)));
    before.actions_enabled = false;
    before.insufficient_data_actions = vec!["arn:aws:sns:r:1:none".to_owned()];
    let sent = sent(&alarm, Some(&before));
    assert_eq!(sent.get_actions_enabled(), &Some(false));
    assert_eq!(sent.get_insufficient_data_actions(), &Some(before.insufficient_data_actions));
}

#[test]
fn an_alarm_that_is_never_put_here_is_no_alarm_of_ours() {
    let one = |change: fn(MetricAlarm) -> MetricAlarm| existing(&change(described(&sent(&alarms()[4], None)))).alarm;
    assert!(one(|alarm| alarm).is_some());
    type Change = fn(MetricAlarm) -> MetricAlarm;
    let changes: [Change; 4] = [
        |mut alarm| {
            alarm.unit = Some(types::StandardUnit::Count);
            alarm
        },
        |mut alarm| {
            alarm.statistic = Some(Statistic::SampleCount);
            alarm
        },
        |mut alarm| {
            alarm.threshold = None;
            alarm
        },
        |mut alarm| {
            alarm.comparison_operator = Some(ComparisonOperator::LessThanLowerThreshold);
            alarm
        },
    ];
    assert!(changes.into_iter().all(|change| one(change).is_none()));
}
