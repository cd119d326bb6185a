//! Dashboards: read and put.

use super::client::CloudWatch;
use super::error::{CloudWatchError, classify};
use serde_json::Value;

impl CloudWatch {
    /// The body of the dashboard; none where there is no dashboard of this name. A body that is no JSON is a string.
    ///
    /// # Errors
    /// When CloudWatch refuses or cannot be reached.
    pub async fn dashboard(&self, name: &str) -> Result<Option<Value>, CloudWatchError> {
        match self.client.get_dashboard().dashboard_name(name).send().await {
            Ok(found) => {
                let body = found.dashboard_body().unwrap_or_default();
                Ok(Some(serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned()))))
            }
            Err(error) if error.as_service_error().is_some_and(|error| error.is_dashboard_not_found_error()) => {
                Ok(None)
            }
            Err(error) => Err(classify("cloudwatch:GetDashboard", &named(name), &error)),
        }
    }

    /// Puts a dashboard, in place of one of the same name. Answers what the service found odd in it; it was put all the same.
    ///
    /// # Errors
    /// When CloudWatch refuses or cannot be reached.
    pub async fn put_dashboard(&self, name: &str, body: &Value) -> Result<Vec<String>, CloudWatchError> {
        let call = self.client.put_dashboard().dashboard_name(name).dashboard_body(body.to_string());
        let put = call.send().await.map_err(|error| classify("cloudwatch:PutDashboard", &named(name), &error))?;
        let said = put.dashboard_validation_messages().iter();
        let said = said.map(|said| {
            let place = said.data_path().map(|path| format!("{path}: ")).unwrap_or_default();
            format!("{place}{}", said.message().unwrap_or("no message"))
        });
        Ok(said.collect())
    }
}

fn named(name: &str) -> String {
    format!("the dashboard `{name}`")
}
