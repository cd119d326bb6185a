//! The alarms that every model gets. The stack has the same in template.yaml for the models it is deployed with; a test
//! holds both to each other.
//!
//! Errors and throttles alarm by their rate, since a count that is alarming for one application is noise for another. A
//! rate of few calls says little (one failed call of three is 33 %), so below `AlarmMinimumInvocations` calls in a period
//! nothing alarms. `Invocations` counts successful calls alone, so the calls of a period are the sum of all four counts for
//! throttles, and of the first three for errors. `FILL` makes a zero of a metric that had no data: a model without one
//! error publishes no errors.

use super::definition::{
    Alarm, Comparison, Dimension, Metric, MetricOf, MetricStat, MissingData, Query, Source, Stat, Watched,
};
use super::kind::Kind;
use super::limits::Limits;
use super::name::{operational_name, short};
use super::service::{
    AwsMetric, INVOCATION_CLIENT_ERRORS, INVOCATION_LATENCY, INVOCATION_SERVER_ERRORS, INVOCATION_THROTTLES,
    INVOCATIONS, LEGACY_MODEL_INVOCATIONS,
};
use assay_core::publish::metrics::{MetricName, dimension_value};

/// Seconds of a day: legacy use is told once a day at the most.
const DAY: u32 = 86_400;
/// Seconds of an hour: days to the end of life are published every hour.
const HOUR: u32 = 3600;

/// The alarms of `model`, in the order of [`Kind::ALL`]. `namespace` is that of our own metrics; `actions` are ARNs of
/// topics.
pub fn operational(stack: &str, namespace: &str, model: &str, limits: &Limits, actions: &[String]) -> Vec<Alarm> {
    let parts = Parts { stack, model, limits, actions };
    // An ARN may be longer than a description.
    let name = short(model);
    parts.traffic(&name).into_iter().chain(parts.lifecycle(&name, namespace)).collect()
}

/// What the rates of errors need.
const ERRORS: [(&str, AwsMetric, Stat); 3] = [
    ("i", INVOCATIONS, Stat::Sum),
    ("c", INVOCATION_CLIENT_ERRORS, Stat::Sum),
    ("s", INVOCATION_SERVER_ERRORS, Stat::Sum),
];
/// The calls that the service took on.
const ERROR_CALLS: &str = "FILL(i, 0) + FILL(c, 0) + FILL(s, 0)";
/// What the rate of throttles needs.
const ATTEMPTS: [(&str, AwsMetric, Stat); 4] = [
    ("i", INVOCATIONS, Stat::Sum),
    ("c", INVOCATION_CLIENT_ERRORS, Stat::Sum),
    ("s", INVOCATION_SERVER_ERRORS, Stat::Sum),
    ("t", INVOCATION_THROTTLES, Stat::Sum),
];
/// All attempts.
const ATTEMPTED_CALLS: &str = "FILL(i, 0) + FILL(c, 0) + FILL(s, 0) + FILL(t, 0)";

/// Percent of `calls`; 0 where they are fewer than `minimum`. A period without any call divides by nothing: whether that
/// counts as 0 or as missing, it is no alarm.
fn rate(calls: &str, minimum: u32, part: &str) -> String {
    format!("IF(({calls}) >= {minimum}, 100 * {part} / ({calls}), 0)")
}

struct Parts<'a> {
    stack: &'a str,
    model: &'a str,
    limits: &'a Limits,
    actions: &'a [String],
}

impl Parts<'_> {
    /// Alarms on latency, errors and throttles; descriptions name the model `model`.
    fn traffic(&self, model: &str) -> [Alarm; 4] {
        let minimum = self.limits.minimum_invocations;
        [
            self.formula(
                Kind::Latency,
                format!(
                    "The 90th percentile of the latency of {model} is above {} ms. It is judged from {minimum} calls in a \
                     period on. See the dashboard for its traffic and its throttles; shorter answers or another model help.",
                    self.limits.latency_milliseconds
                ),
                &[("l", INVOCATION_LATENCY, Stat::P90), ("i", INVOCATIONS, Stat::Sum)],
                format!("IF(FILL(i, 0) >= {minimum}, FILL(l, 0), 0)"),
                self.limits.latency_milliseconds,
            ),
            self.formula(
                Kind::ServerErrors,
                format!(
                    "More than {} % of the calls of {model} fail by the service's fault. Rates are judged from {minimum} \
                     calls in a period on. See the AWS Health Dashboard; an inference profile over several Regions helps.",
                    self.limits.server_errors_percent
                ),
                &ERRORS,
                rate(ERROR_CALLS, minimum, "FILL(s, 0)"),
                self.limits.server_errors_percent,
            ),
            self.formula(
                Kind::ClientErrors,
                format!(
                    "More than {} % of the calls of {model} fail by the caller's fault: denied, malformed or too long. Rates \
                     are judged from {minimum} calls in a period on. See the callers' logs, or `assay logs errors`.",
                    self.limits.client_errors_percent
                ),
                &ERRORS,
                rate(ERROR_CALLS, minimum, "FILL(c, 0)"),
                self.limits.client_errors_percent,
            ),
            self.formula(
                Kind::Throttles,
                format!(
                    "More than {} % of the calls of {model} are refused because of too many; each attempt counts. Rates are \
                     judged from {minimum} calls in a period on. Call less at a time, or ask for a higher quota.",
                    self.limits.throttles_percent
                ),
                &ATTEMPTS,
                rate(ATTEMPTED_CALLS, minimum, "FILL(t, 0)"),
                self.limits.throttles_percent,
            ),
        ]
    }

    /// Alarms on the use of a model that is in the state Legacy, and on the end of its life.
    fn lifecycle(&self, model: &str, namespace: &str) -> [Alarm; 2] {
        [
            Alarm {
                watched: self.metric(LEGACY_MODEL_INVOCATIONS.namespace, LEGACY_MODEL_INVOCATIONS.name, Stat::Sum, DAY),
                threshold: 0.0,
                comparison_operator: Comparison::GreaterThanThreshold,
                treat_missing_data: MissingData::NotBreaching,
                ..self.once(
                    Kind::LegacyUse,
                    format!(
                        "{model} is in the state Legacy and was called within the last day. Move to its successor before \
                         the end of its life; compare both with `assay run` first."
                    ),
                )
            },
            Alarm {
                watched: self.metric(namespace, MetricName::DaysToEndOfLife.name(), Stat::Minimum, HOUR),
                threshold: f64::from(self.limits.end_of_life_days),
                comparison_operator: Comparison::LessThanThreshold,
                // Nothing is published where no end is announced, nor while nobody looks: what was known stays.
                treat_missing_data: MissingData::Ignore,
                ..self.once(
                    Kind::EndOfLife,
                    format!(
                        "The life of {model} ends in less than {} days; afterwards calls fail. Move to its successor; \
                         compare both with `assay run` first.",
                        self.limits.end_of_life_days
                    ),
                )
            },
        ]
    }

    fn dimensions(&self) -> Vec<Dimension> {
        vec![Dimension::new("ModelId", dimension_value(self.model))]
    }

    fn metric(&self, namespace: &str, name: &str, statistic: Stat, period: u32) -> Watched {
        Watched::Metric(Metric {
            namespace: namespace.to_owned(),
            metric_name: name.to_owned(),
            dimensions: self.dimensions(),
            statistic,
            period,
        })
    }

    /// An alarm on one period; whoever calls says what is watched.
    fn once(&self, kind: Kind, description: String) -> Alarm {
        Alarm {
            alarm_name: operational_name(self.stack, self.model, kind),
            alarm_description: description,
            watched: Watched::Formula { metrics: Vec::new() },
            evaluation_periods: 1,
            datapoints_to_alarm: 1,
            threshold: 0.0,
            comparison_operator: Comparison::GreaterThanThreshold,
            treat_missing_data: MissingData::NotBreaching,
            alarm_actions: self.actions.to_vec(),
            ok_actions: Vec::new(),
            severity: Some(kind.severity()),
        }
    }

    fn formula(
        &self,
        kind: Kind,
        description: String,
        metrics: &[(&str, AwsMetric, Stat)],
        expression: String,
        threshold: u32,
    ) -> Alarm {
        let judged = Query { id: "e".to_owned(), source: Source::Expression(expression), return_data: true };
        let metrics = metrics.iter().map(|(id, metric, stat)| Query {
            id: (*id).to_owned(),
            source: Source::MetricStat(MetricStat {
                metric: MetricOf {
                    namespace: metric.namespace.to_owned(),
                    metric_name: metric.name.to_owned(),
                    dimensions: self.dimensions(),
                },
                period: self.limits.period_seconds,
                stat: *stat,
            }),
            return_data: false,
        });
        Alarm {
            watched: Watched::Formula { metrics: std::iter::once(judged).chain(metrics).collect() },
            evaluation_periods: self.limits.periods,
            datapoints_to_alarm: self.limits.periods,
            threshold: f64::from(threshold),
            // Slow answers, errors and throttles last for a while and then are over.
            ok_actions: self.actions.to_vec(),
            ..self.once(kind, description)
        }
    }
}
