//! Where the operational alarms of a model begin.

/// The limits. Their names are those of the stack's parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// `LatencyAlarmMilliseconds`: what the 90th percentile of the latency may take.
    pub latency_milliseconds: u32,
    /// `ServerErrorsAlarmPercent`: percent of the calls that may fail by the service's fault.
    pub server_errors_percent: u32,
    /// `ClientErrorsAlarmPercent`: percent of the calls that may fail by the caller's fault.
    pub client_errors_percent: u32,
    /// `ThrottlesAlarmPercent`: percent of the calls that may be refused because of too many.
    pub throttles_percent: u32,
    /// `AlarmMinimumInvocations`: calls in one period below which neither latency nor rates alarm.
    pub minimum_invocations: u32,
    /// `AlarmPeriodSeconds`: the length of a period.
    pub period_seconds: u32,
    /// `AlarmPeriods`: how many periods one after the other have to be beyond a limit.
    pub periods: u32,
    /// `EndOfLifeAlarmDays`: days before the end of a model's life.
    pub end_of_life_days: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            latency_milliseconds: 30_000,
            server_errors_percent: 5,
            client_errors_percent: 20,
            throttles_percent: 10,
            minimum_invocations: 10,
            period_seconds: 300,
            periods: 3,
            end_of_life_days: 60,
        }
    }
}

/// A limit that CloudWatch or reason does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} is {value}; {remedy}")]
pub struct WrongLimit {
    /// The limit, by the name of the stack's parameter.
    pub name: &'static str,
    /// What was given.
    pub value: u64,
    /// What it may be.
    pub remedy: &'static str,
}

/// The longest that periods together may be where one is shorter than an hour (API reference of PutMetricAlarm).
const LONGEST_SECONDS: u64 = 86_400;

impl Limits {
    /// Every limit that is out of its range.
    pub fn problems(&self) -> Vec<WrongLimit> {
        let percent = "choose a whole number from 1 to 99";
        let whole = "choose a whole number from 1 up";
        let checks = [
            ("LatencyAlarmMilliseconds", self.latency_milliseconds, self.latency_milliseconds > 0, whole),
            ("ServerErrorsAlarmPercent", self.server_errors_percent, is_percent(self.server_errors_percent), percent),
            ("ClientErrorsAlarmPercent", self.client_errors_percent, is_percent(self.client_errors_percent), percent),
            ("ThrottlesAlarmPercent", self.throttles_percent, is_percent(self.throttles_percent), percent),
            ("AlarmMinimumInvocations", self.minimum_invocations, self.minimum_invocations > 0, whole),
            (
                "AlarmPeriodSeconds",
                self.period_seconds,
                self.period_seconds > 0 && self.period_seconds.is_multiple_of(60),
                "choose a multiple of 60, such as 300",
            ),
            ("AlarmPeriods", self.periods, self.periods > 0, whole),
            ("EndOfLifeAlarmDays", self.end_of_life_days, self.end_of_life_days > 0, whole),
        ];
        let wrong = checks.into_iter().filter(|(_, _, is_right, _)| !is_right);
        let mut problems: Vec<_> =
            wrong.map(|(name, value, _, remedy)| WrongLimit { name, value: value.into(), remedy }).collect();
        let together = u64::from(self.period_seconds) * u64::from(self.periods);
        if problems.is_empty() && together > LONGEST_SECONDS {
            let remedy = "together with AlarmPeriodSeconds that is more than the day that CloudWatch looks back";
            problems.push(WrongLimit { name: "AlarmPeriods", value: self.periods.into(), remedy });
        }
        problems
    }
}

fn is_percent(value: u32) -> bool {
    (1..=99).contains(&value)
}
