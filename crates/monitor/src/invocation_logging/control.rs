//! The adapter to the two services: Bedrock has the setting, CloudWatch Logs the log group.

use super::{Delivered, EnableError, Logging, LoggingSetting, Retention, Wanted};
use assay_model::{Advice, ServiceError};
use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_bedrock::types::{CloudWatchConfig, LoggingConfig, S3Config};
use std::time::Duration;

/// How long one attempt of a request may take.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(20);
/// More pages of log groups than are worth looking through.
const MOST_PAGES: usize = 100;

const SHOW: Advice =
    Advice::new("allow bedrock:GetModelInvocationLoggingConfiguration", "check the Region and the endpoint");
const PUT: Advice = Advice::new(
    "allow bedrock:PutModelInvocationLoggingConfiguration, and iam:PassRole on the role",
    "check the role and the log group",
);
const GROUPS: Advice = Advice::new("allow logs:DescribeLogGroups", "check the Region and the endpoint");
const CREATE: Advice = Advice::new("allow logs:CreateLogGroup", "check the Region and the endpoint");
const RETAIN: Advice = Advice::new("allow logs:PutRetentionPolicy on the log group", "check the log group");

/// The setting for invocation logging, in the Region and with the credentials of its settings.
#[derive(Debug, Clone)]
pub struct InvocationLogging {
    bedrock: aws_sdk_bedrock::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
}

/// What was done to turn logging on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enabled {
    /// The log group was missing and was made.
    pub group_created: bool,
    /// The setting was written; otherwise it was so already.
    pub setting_written: bool,
}

impl InvocationLogging {
    /// Clients with time limits of their own.
    pub fn new(config: &SdkConfig) -> Self {
        Self::with(config, config)
    }

    /// The same with settings of its own for each service, such as their endpoints.
    pub fn with(of_bedrock: &SdkConfig, of_logs: &SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .operation_attempt_timeout(LONGEST_ATTEMPT)
            .build();
        let bedrock = aws_sdk_bedrock::config::Builder::from(of_bedrock).timeout_config(timeouts.clone()).build();
        let logs = aws_sdk_cloudwatchlogs::config::Builder::from(of_logs).timeout_config(timeouts).build();
        Self {
            bedrock: aws_sdk_bedrock::Client::from_conf(bedrock),
            logs: aws_sdk_cloudwatchlogs::Client::from_conf(logs),
        }
    }

    /// The setting; none where there is none. It may be one that logs nothing.
    ///
    /// # Errors
    /// Everything that Bedrock answers otherwise, by remedy.
    pub async fn setting(&self) -> Result<Option<LoggingSetting>, ServiceError> {
        let asked = self.bedrock.get_model_invocation_logging_configuration().send().await;
        let found = asked.map_err(|error| ServiceError::of(SHOW, &error))?;
        Ok(found.logging_config.map(plain))
    }

    /// The setting, and for how long its log group keeps events. That the log group cannot be looked at is no error.
    ///
    /// # Errors
    /// Everything that Bedrock answers otherwise, by remedy.
    pub async fn show(&self) -> Result<Logging, ServiceError> {
        let setting = self.setting().await?;
        let retention = match setting.as_ref().and_then(|setting| setting.log_group.as_deref()) {
            Some(group) => {
                Some(self.retention(group).await.unwrap_or_else(|error| Retention::Unknown(error.to_string())))
            }
            None => None,
        };
        Ok(Logging { setting, retention })
    }

    /// Turns logging on: makes the log group where it is missing, sets its retention, writes the setting. Each step may be
    /// done again.
    ///
    /// # Errors
    /// When something else is set and not to be replaced; when a service refuses. What was done before stays done.
    pub async fn enable(&self, wanted: &Wanted, there: &Logging) -> Result<Enabled, EnableError> {
        wanted.check()?;
        let group = &wanted.log_group;
        let retention = self.retention(group).await?;
        let setting = wanted.over(there, &retention)?;
        let group_created = retention == Retention::GroupMissing;
        if group_created {
            let created = self.logs.create_log_group().log_group_name(group).send().await;
            match created.map_err(|error| ServiceError::of(CREATE, &error)) {
                // Somebody else made it meanwhile.
                Ok(_) | Err(ServiceError::Exists(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if retention != Retention::Days(wanted.retention_days) {
            let call = self.logs.put_retention_policy().log_group_name(group).retention_in_days(wanted.retention_days);
            call.send().await.map_err(|error| ServiceError::of(RETAIN, &error))?;
        }
        let setting_written = setting.is_some();
        if let Some(setting) = setting {
            let call = self.bedrock.put_model_invocation_logging_configuration().logging_config(of_plain(&setting)?);
            call.send().await.map_err(|error| ServiceError::of(PUT, &error))?;
        }
        Ok(Enabled { group_created, setting_written })
    }

    /// For how long a log group keeps events.
    async fn retention(&self, group: &str) -> Result<Retention, ServiceError> {
        let mut next = None;
        for _ in 0..MOST_PAGES {
            let call = self.logs.describe_log_groups().log_group_name_prefix(group).set_next_token(next);
            let page = call.send().await.map_err(|error| ServiceError::of(GROUPS, &error))?;
            // Others begin with the same name.
            let found = page.log_groups().iter().find(|found| found.log_group_name.as_deref() == Some(group));
            if let Some(found) = found {
                return Ok(found.retention_in_days.map_or(Retention::Forever, Retention::Days));
            }
            next = page.next_token.filter(|token| !token.is_empty());
            if next.is_none() {
                break;
            }
        }
        Ok(Retention::GroupMissing)
    }
}

fn plain(config: LoggingConfig) -> LoggingSetting {
    let place = |config: S3Config| match config.key_prefix.filter(|prefix| !prefix.is_empty()) {
        Some(prefix) => format!("s3://{}/{prefix}", config.bucket_name),
        None => format!("s3://{}", config.bucket_name),
    };
    let is_on = |flag: Option<bool>| flag.unwrap_or_default();
    let (mut log_group, mut role, mut large_data) = (None, None, None);
    if let Some(watch) = config.cloud_watch_config {
        log_group = Some(watch.log_group_name);
        role = Some(watch.role_arn);
        large_data = watch.large_data_delivery_s3_config.map(place);
    }
    LoggingSetting {
        log_group,
        role,
        large_data,
        s3: config.s3_config.map(place),
        delivered: Delivered {
            text: is_on(config.text_data_delivery_enabled),
            images: is_on(config.image_data_delivery_enabled),
            embeddings: is_on(config.embedding_data_delivery_enabled),
            video: is_on(config.video_data_delivery_enabled),
            audio: is_on(config.audio_data_delivery_enabled),
        },
    }
}

fn of_plain(setting: &LoggingSetting) -> Result<LoggingConfig, ServiceError> {
    let place = |name: &Option<String>| {
        let name = name.as_deref().and_then(|name| name.strip_prefix("s3://"));
        name.map(|name| {
            let (bucket, prefix) = name.split_once('/').map_or((name, None), |(bucket, rest)| (bucket, Some(rest)));
            S3Config::builder().bucket_name(bucket).set_key_prefix(prefix.map(str::to_owned)).build()
        })
        .transpose()
    };
    let watch = CloudWatchConfig::builder()
        .set_log_group_name(setting.log_group.clone())
        .set_role_arn(setting.role.clone())
        .set_large_data_delivery_s3_config(place(&setting.large_data)?)
        .build()?;
    let Delivered { text, images, embeddings, video, audio } = setting.delivered;
    let config = LoggingConfig::builder()
        .cloud_watch_config(watch)
        .set_s3_config(place(&setting.s3)?)
        .text_data_delivery_enabled(text)
        .image_data_delivery_enabled(images)
        .embedding_data_delivery_enabled(embeddings)
        .video_data_delivery_enabled(video)
        .audio_data_delivery_enabled(audio);
    Ok(config.build())
}
