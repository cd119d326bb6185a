//! The client and how often it asks.

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::config::Builder;
use std::time::Duration;

/// How often an operation is tried in all. Everything here can be asked twice without harm; PutMetricAlarm allows three
/// requests a second, so a burst of alarms meets throttling as a matter of course.
const ATTEMPTS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// How long one attempt may take.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(20);

/// CloudWatch's alarms, dashboards and numbers in one account and Region.
#[derive(Debug, Clone)]
pub struct CloudWatch {
    pub(super) client: Client,
}

impl CloudWatch {
    /// A client with the credentials, the Region and the endpoint of `config`, and retries of its own: throttling, failures
    /// of the service and broken connections are tried again up to five times.
    pub fn new(config: &SdkConfig) -> Self {
        let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(FIRST_PAUSE);
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .operation_attempt_timeout(LONGEST_ATTEMPT)
            .build();
        let config = Builder::from(config).retry_config(retries).timeout_config(timeouts).build();
        Self { client: Client::from_conf(config) }
    }
}
