//! A threshold to its alarm.
//!
//! Runs come once a week, and CloudWatch looks back over a few hours only. So one period of an hour decides, and a period
//! without data leaves the alarm as it is: it alarms from the run that is too bad until the next one that is not. All values
//! of a run are one point, their mean; two runs of a suite within the same hour are one point together.

use super::measured::number;
use super::{Rule, Subject, Threshold};
use crate::alarm::{Alarm, Comparison, Dimension, Metric, MissingData, Severity, Stat, Watched, short, threshold_name};
use assay_core::publish::metrics::dimension_value;
use assay_score::Direction;

/// Seconds of the period.
const PERIOD: u32 = 3600;

pub(super) fn alarm_of(subject: &Subject<'_>, rule: &Rule, threshold: &Threshold) -> Alarm {
    let measured = &threshold.measured;
    let is_lower_better = measured.direction == Direction::LowerIsBetter;
    let (comparison, fell, side) = if is_lower_better {
        (Comparison::GreaterThanThreshold, "rose above", "above")
    } else {
        (Comparison::LessThanThreshold, "fell below", "below")
    };
    Alarm {
        alarm_name: threshold_name(subject.stack, subject.suite, &threshold.model, &measured.name),
        alarm_description: format!(
            "{}: {} of {} {fell} {}. Usual is {}, the median of {} runs, with a median absolute deviation of {}; the \
             threshold is {} deviations {side} the median, at least 1 % of the range. Compare the run with an earlier one: \
             `assay compare`.",
            subject.suite,
            shortened(&measured.name),
            short(&threshold.model),
            number(threshold.value),
            number(threshold.bound.median),
            threshold.runs,
            number(threshold.bound.deviation),
            rule.deviations,
        ),
        watched: Watched::Metric(Metric {
            namespace: subject.namespace.to_owned(),
            metric_name: measured.metric.name().to_owned(),
            dimensions: dimensions(subject, threshold),
            statistic: Stat::Average,
            period: PERIOD,
        }),
        evaluation_periods: 1,
        datapoints_to_alarm: 1,
        threshold: threshold.value,
        comparison_operator: comparison,
        treat_missing_data: MissingData::Ignore,
        alarm_actions: subject.actions.to_vec(),
        // The notice of the next run tells how that one went.
        ok_actions: Vec::new(),
        severity: Some(Severity::High),
    }
}

fn dimensions(subject: &Subject<'_>, threshold: &Threshold) -> Vec<Dimension> {
    let values = [threshold.model.as_str(), subject.application, subject.suite];
    let values = values.into_iter().chain(threshold.measured.part.as_deref());
    let names = threshold.measured.metric.dimensions().iter();
    names.zip(values).map(|(name, value)| Dimension::new(*name, dimension_value(value))).collect()
}

/// A rubric's name may be of any length.
fn shortened(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '_' } else { c }).take(100).collect()
}
