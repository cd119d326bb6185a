//! What CloudWatch takes of an alarm. Emulators take nearly anything, so it is checked here.
//!
//! The limits are the service's (API reference of PutMetricAlarm, Dimension, MetricDataQuery and MetricStat).

use super::definition::{Alarm, Dimension, MetricStat, Source, Watched};
use super::name::LONGEST_NAME;

/// The longest description, in characters.
pub const LONGEST_DESCRIPTION: usize = 1024;
/// Actions of one kind.
const MOST_ACTIONS: usize = 5;
/// Dimensions of a metric.
const MOST_DIMENSIONS: usize = 30;
/// The longest value of a dimension, in characters.
const LONGEST_VALUE: usize = 1024;
/// Parts of a formula that are metrics.
const MOST_METRICS: usize = 10;
/// How far an alarm may look back, in seconds: a day, and a week with periods of an hour and longer.
const LOOK_BACK: (u64, u64) = (86_400, 604_800);

impl Alarm {
    /// Everything that CloudWatch would refuse; each says what is wrong and what would be right.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut check = |is_right: bool, problem: &str| {
            if !is_right {
                problems.push(format!("{}: {problem}", self.alarm_name));
            }
        };
        let length = |text: &str| text.chars().count();
        check((1..=LONGEST_NAME).contains(&length(&self.alarm_name)), "a name has 1 to 255 characters");
        check(!self.alarm_name.chars().any(char::is_control), "a name has no control characters");
        check(length(&self.alarm_description) <= LONGEST_DESCRIPTION, "a description has up to 1024 characters");
        check(self.threshold.is_finite(), "a threshold is a finite number");
        check(self.evaluation_periods > 0, "at least one period decides");
        check(
            (1..=self.evaluation_periods).contains(&self.datapoints_to_alarm),
            "the datapoints to alarm are at least one, and no more than the periods",
        );
        for actions in [&self.alarm_actions, &self.ok_actions] {
            check(actions.len() <= MOST_ACTIONS, "an alarm tells up to 5 topics");
            check(
                actions.iter().all(|action| action.starts_with("arn:") && length(action) <= 1024),
                "an action is an ARN of up to 1024 characters",
            );
        }
        match &self.watched {
            Watched::Metric(metric) => {
                check(dimensions_fit(&metric.dimensions), DIMENSIONS);
                check(names_fit(&metric.namespace, &metric.metric_name), NAMES);
                check(is_period(metric.period), PERIOD);
                check(self.looks_back(metric.period), LOOKS_BACK);
            }
            Watched::Formula { metrics } => {
                let returned = metrics.iter().filter(|query| query.return_data).count();
                check(returned == 1, "exactly one part of a formula is compared with the threshold");
                check(metrics.iter().all(|query| is_id(&query.id)), "an id begins with a small letter");
                let mut ids: Vec<&str> = metrics.iter().map(|query| query.id.as_str()).collect();
                ids.sort_unstable();
                ids.dedup();
                check(ids.len() == metrics.len(), "every id occurs once");
                let mut stats = Vec::new();
                for query in metrics {
                    match &query.source {
                        Source::MetricStat(stat) => stats.push(stat),
                        Source::Expression(expression) => {
                            check((1..=2048).contains(&length(expression)), "a formula has 1 to 2048 characters");
                        }
                    }
                }
                check((1..=MOST_METRICS).contains(&stats.len()), "a formula is over 1 to 10 metrics");
                let fit = |fits: &dyn Fn(&MetricStat) -> bool| stats.iter().all(|stat| fits(stat));
                check(fit(&|stat| dimensions_fit(&stat.metric.dimensions)), DIMENSIONS);
                check(fit(&|stat| names_fit(&stat.metric.namespace, &stat.metric.metric_name)), NAMES);
                check(fit(&|stat| is_period(stat.period)), PERIOD);
                check(fit(&|stat| self.looks_back(stat.period)), LOOKS_BACK);
            }
        }
        problems
    }

    fn looks_back(&self, period: u32) -> bool {
        let together = u64::from(period) * u64::from(self.evaluation_periods);
        together <= if period < 3600 { LOOK_BACK.0 } else { LOOK_BACK.1 }
    }
}

const DIMENSIONS: &str =
    "a metric has up to 30 dimensions, whose values are 1 to 1024 ASCII characters and begin with no colon";
const NAMES: &str = "a namespace and a metric's name have 1 to 255 characters, and a namespace begins with no colon";
const PERIOD: &str = "a period is a multiple of 60 seconds, up to a day";
const LOOKS_BACK: &str = "the periods together are no more than a day, or a week where one is an hour or longer";

fn dimensions_fit(dimensions: &[Dimension]) -> bool {
    let fits = |text: &str| {
        let is_plain = text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        is_plain && !text.trim().is_empty() && text.len() <= LONGEST_VALUE && !text.starts_with(':')
    };
    dimensions.len() <= MOST_DIMENSIONS
        && dimensions
            .iter()
            .all(|dimension| fits(&dimension.name) && dimension.name.len() <= 255 && fits(&dimension.value))
}

fn names_fit(namespace: &str, metric: &str) -> bool {
    let fits = |text: &str| (1..=255).contains(&text.chars().count());
    fits(namespace) && fits(metric) && !namespace.starts_with(':')
}

fn is_period(seconds: u32) -> bool {
    (60..=86_400).contains(&seconds) && seconds.is_multiple_of(60)
}

fn is_id(id: &str) -> bool {
    let mut characters = id.chars();
    characters.next().is_some_and(|first| first.is_ascii_lowercase())
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && id.len() <= 255
}
