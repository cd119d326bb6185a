//! What one alarm is: the part of CloudWatch's PutMetricAlarm that is used here, in its own words.
//!
//! The names in JSON are those of the API and of `AWS::CloudWatch::Alarm` in CloudFormation alike.

use serde::Serialize;

/// An alarm.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Alarm {
    /// The name, unique in account and Region.
    pub alarm_name: String,
    /// What happened when it alarms, and what to do.
    pub alarm_description: String,
    /// What is watched.
    #[serde(flatten)]
    pub watched: Watched,
    /// Over how many periods.
    pub evaluation_periods: u32,
    /// How many of them have to be beyond the threshold.
    pub datapoints_to_alarm: u32,
    /// The number that is compared with, in the unit of what is watched.
    pub threshold: f64,
    /// On which side of the threshold it alarms.
    pub comparison_operator: Comparison,
    /// What a period without data counts as.
    pub treat_missing_data: MissingData,
    /// Whom it tells: ARNs of topics.
    pub alarm_actions: Vec<String>,
    /// Whom it tells that it is well again, where that is news.
    #[serde(rename = "OKActions", skip_serializing_if = "Vec::is_empty")]
    pub ok_actions: Vec<String>,
}

/// What an alarm watches.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Watched {
    /// One metric.
    Metric(Metric),
    /// A formula over several.
    #[serde(rename_all = "PascalCase")]
    Formula {
        /// The parts; exactly one has `return_data`.
        metrics: Vec<Query>,
    },
}

/// A metric with its statistic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Metric {
    /// The namespace.
    pub namespace: String,
    /// The metric's name.
    pub metric_name: String,
    /// Its dimensions, all of them: CloudWatch adds nothing up over dimensions.
    pub dimensions: Vec<Dimension>,
    /// How the values of a period become one.
    pub statistic: Stat,
    /// Seconds.
    pub period: u32,
}

/// A dimension.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Dimension {
    /// A dimension of this name and value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// How the values of a period become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Stat {
    /// The mean.
    Average,
    /// The sum.
    Sum,
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
    /// The 90th percentile.
    #[serde(rename = "p90")]
    P90,
}

impl Stat {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Average => "Average",
            Self::Sum => "Sum",
            Self::Minimum => "Minimum",
            Self::Maximum => "Maximum",
            Self::P90 => "p90",
        }
    }
}

/// One part of a formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Query {
    /// What formulas call it: a small letter, then letters, digits and underscores.
    pub id: String,
    /// What it is: a metric or a formula.
    #[serde(flatten)]
    pub source: Source,
    /// Whether it is what the threshold is compared with.
    pub return_data: bool,
}

/// Where the numbers of a part come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Source {
    /// A formula over the other parts.
    Expression(String),
    /// A metric.
    MetricStat(MetricStat),
}

/// A metric with its statistic, as a part of a formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MetricStat {
    /// The metric.
    pub metric: MetricOf,
    /// Seconds.
    pub period: u32,
    /// How the values of a period become one.
    pub stat: Stat,
}

/// A metric in a formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MetricOf {
    /// The namespace.
    pub namespace: String,
    /// The metric's name.
    pub metric_name: String,
    /// Its dimensions, all of them.
    pub dimensions: Vec<Dimension>,
}

/// On which side of the threshold it alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Comparison {
    /// Above it.
    GreaterThanThreshold,
    /// On it and above.
    GreaterThanOrEqualToThreshold,
    /// Below it.
    LessThanThreshold,
    /// On it and below.
    LessThanOrEqualToThreshold,
}

impl Comparison {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::GreaterThanThreshold => "GreaterThanThreshold",
            Self::GreaterThanOrEqualToThreshold => "GreaterThanOrEqualToThreshold",
            Self::LessThanThreshold => "LessThanThreshold",
            Self::LessThanOrEqualToThreshold => "LessThanOrEqualToThreshold",
        }
    }

    /// Whether it alarms where numbers are too small.
    pub fn is_lower_bound(self) -> bool {
        matches!(self, Self::LessThanThreshold | Self::LessThanOrEqualToThreshold)
    }
}

/// What a period without data counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum MissingData {
    /// As good.
    NotBreaching,
    /// As bad.
    Breaching,
    /// As nothing: the alarm stays as it is.
    Ignore,
    /// As unknown.
    Missing,
}

impl MissingData {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotBreaching => "notBreaching",
            Self::Breaching => "breaching",
            Self::Ignore => "ignore",
            Self::Missing => "missing",
        }
    }
}
