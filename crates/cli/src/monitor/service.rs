//! CloudWatch, the Region, and the limits that were typed.

use crate::arguments::AlarmLimits;
use crate::aws;
use crate::error::Result;
use crate::exit::UsageError;
use assay_monitor::alarm::Limits;
use assay_monitor::cloudwatch::CloudWatch;

/// CloudWatch, once it is sure that there is a Region and that credentials can be had.
pub(super) async fn service() -> Result<CloudWatch> {
    Ok(CloudWatch::new(aws::signed_in().await.map_err(UsageError)?))
}

/// The Region; it needs no credentials.
pub(super) async fn region() -> Result<String> {
    let region = aws::settings().await.region().map(ToString::to_string);
    region
        .ok_or_else(|| UsageError("no AWS Region is set; set AWS_REGION, or `region` in the profile".to_owned()).into())
}

/// The limits, if all of them are within their ranges.
pub(super) fn limits(arguments: &AlarmLimits) -> Result<Limits> {
    let limits = Limits {
        latency_milliseconds: arguments.latency_alarm_milliseconds,
        server_errors_percent: arguments.server_errors_alarm_percent,
        client_errors_percent: arguments.client_errors_alarm_percent,
        throttles_percent: arguments.throttles_alarm_percent,
        minimum_invocations: arguments.alarm_minimum_invocations,
        period_seconds: arguments.alarm_period_seconds,
        periods: arguments.alarm_periods,
        end_of_life_days: arguments.end_of_life_alarm_days,
    };
    let problems: Vec<String> = limits.problems().iter().map(ToString::to_string).collect();
    if problems.is_empty() { Ok(limits) } else { Err(UsageError(problems.join("\n")).into()) }
}
