//! Alarms: listed, put, deleted.

use super::client::CloudWatch;
use super::convert;
use super::error::{CloudWatchError, classify};
use crate::alarm::{Alarm, Changes, Existing};
use aws_sdk_cloudwatch::types::AlarmType;

/// Names in one request, of DescribeAlarms and of DeleteAlarms.
const PAGE: usize = 100;

impl CloudWatch {
    /// All alarms whose names begin with `prefix`, in the service's order.
    ///
    /// # Errors
    /// When CloudWatch refuses or cannot be reached.
    pub async fn alarms_that_begin_with(&self, prefix: &str) -> Result<Vec<Existing>, CloudWatchError> {
        let call = self
            .client
            .describe_alarms()
            .alarm_name_prefix(prefix)
            .alarm_types(AlarmType::MetricAlarm)
            .into_paginator()
            .page_size(100);
        let mut pages = call.send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| classify(DESCRIBE, "alarms", &error))?;
            found.extend(page.metric_alarms().iter().map(convert::existing));
        }
        Ok(found)
    }

    /// The alarms of these names that are there.
    ///
    /// # Errors
    /// When CloudWatch refuses or cannot be reached.
    pub async fn alarms_named(&self, names: &[String]) -> Result<Vec<Existing>, CloudWatchError> {
        let mut found = Vec::new();
        for names in names.chunks(PAGE) {
            let call = self
                .client
                .describe_alarms()
                .set_alarm_names(Some(names.to_vec()))
                .alarm_types(AlarmType::MetricAlarm)
                .max_records(100);
            let page = call.send().await.map_err(|error| classify(DESCRIBE, "alarms", &error))?;
            found.extend(page.metric_alarms().iter().map(convert::existing));
        }
        Ok(found)
    }

    /// Puts an alarm. One that takes the place of `before` keeps whether it tells anybody, and whom it tells when it is well
    /// again or has no data.
    ///
    /// # Errors
    /// When CloudWatch refuses or cannot be reached.
    pub async fn put_alarm(&self, alarm: &Alarm, before: Option<&Existing>) -> Result<(), CloudWatchError> {
        let call = convert::request(self.client.put_metric_alarm(), alarm, before)?;
        let what = format!("the alarm `{}`", alarm.alarm_name);
        call.send().await.map_err(|error| classify("cloudwatch:PutMetricAlarm", &what, &error))?;
        Ok(())
    }

    /// Deletes alarms. A name that is not there is no error.
    ///
    /// # Errors
    /// When CloudWatch refuses or cannot be reached.
    pub async fn delete_alarms(&self, names: &[String]) -> Result<(), CloudWatchError> {
        for names in names.chunks(PAGE) {
            let deleted = self.client.delete_alarms().set_alarm_names(Some(names.to_vec())).send().await;
            match deleted {
                Ok(_) => {}
                Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_not_found()) => {}
                Err(error) => {
                    let what = match names {
                        [name] => format!("the alarm `{name}`"),
                        names => format!("{} alarms", names.len()),
                    };
                    return Err(classify("cloudwatch:DeleteAlarms", &what, &error));
                }
            }
        }
        Ok(())
    }

    /// Does what `changes` says: removes first, since an account may have so many alarms and no more; then changes, then adds.
    /// Each step is tried, whatever became of the others, and can be done again.
    ///
    /// # Errors
    /// The first, when CloudWatch refuses or cannot be reached.
    pub async fn apply(&self, changes: &Changes) -> Result<(), CloudWatchError> {
        let gone: Vec<String> = changes.removed.iter().map(|existing| existing.name.clone()).collect();
        let mut done = self.delete_alarms(&gone).await;
        for moved in changes.moved() {
            done = done.and(self.put_alarm(&moved.after, Some(&moved.before)).await);
        }
        for alarm in &changes.added {
            done = done.and(self.put_alarm(alarm, None).await);
        }
        done
    }
}

const DESCRIBE: &str = "cloudwatch:DescribeAlarms";
