//! ListEvaluationJobs: filters, order, and pages of at most five summaries.
//!
//! Its request is the query of the address; that is taken apart by `routes`.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::job::Job;
use crate::stand_in::errors::{ErrorKind, ServiceError};
use crate::stand_in::exchange::{CallContext, Operation};
use crate::stand_in::service_model::Violation;
use crate::stand_in::shared::Shared;

/// The most summaries of a page, as the service's model states it; a greater `maxResults` does not change it.
const PAGE: usize = 5;
/// The beginning of a token, which stands before the number of the last job of the page.
const TOKEN: &str = "after-";

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ListJobs {
    creation_time_after: Option<String>,
    creation_time_before: Option<String>,
    status_equals: Option<String>,
    application_type_equals: Option<String>,
    name_contains: Option<String>,
    max_results: Option<String>,
    next_token: Option<String>,
    sort_order: Option<String>,
}

impl Operation for ListJobs {
    const NAME: &'static str = "ListEvaluationJobs";
    const IS_CONTROL: bool = true;

    fn read(query: &Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(query)
    }

    fn model_violations(shared: &Shared, labels: &[(&str, &str)], _query: &Value) -> Vec<Violation> {
        shared.violations(Self::NAME, Self::IS_CONTROL, labels, &json!({}))
    }

    fn unwritten_violations(_subject: &str, query: &Value) -> Vec<Violation> {
        let Ok(asked) = Self::read(query) else {
            return Vec::new();
        };
        let mut violations = Vec::new();
        let mut check = |path: &str, text: Option<&String>, holds: fn(&str) -> bool, constraint: &str| {
            if text.is_some_and(|text| !holds(text)) {
                violations.push(Violation { path: path.to_owned(), constraint: constraint.to_owned() });
            }
        };
        let is_time = |text: &str| text.parse::<Timestamp>().is_ok();
        let time = "Member must be a time in the form of ISO 8601";
        check("creationTimeAfter", asked.creation_time_after.as_ref(), is_time, time);
        check("creationTimeBefore", asked.creation_time_before.as_ref(), is_time, time);
        let fits = |text: &str| text.parse::<usize>().is_ok_and(|number| (1..=1000).contains(&number));
        check("maxResults", asked.max_results.as_ref(), fits, "Member must be an integer from 1 to 1000");
        violations
    }

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        let after = match &self.next_token {
            None => None,
            Some(token) => {
                let number = token.strip_prefix(TOKEN).and_then(|number| number.parse::<u64>().ok());
                let refused = || ServiceError::new(ErrorKind::Validation, "The pagination token is invalid.");
                Some(number.ok_or_else(refused)?)
            }
        };
        Ok(self.page(call.shared.jobs.all(), after))
    }
}

impl ListJobs {
    /// The page after the job with this number; the newest job comes first unless the order is turned round.
    fn page(&self, mut jobs: Vec<Job>, after: Option<u64>) -> Value {
        let is_ascending = self.sort_order.as_deref() == Some("Ascending");
        if !is_ascending {
            jobs.reverse();
        }
        let later =
            |job: &Job| after.is_none_or(|after| if is_ascending { job.number > after } else { job.number < after });
        jobs.retain(|job| later(job) && self.wants(job));
        let most = self.max_results.as_deref().and_then(|text| text.parse().ok()).unwrap_or(PAGE).min(PAGE);
        let shown = &jobs[..jobs.len().min(most)];
        let mut page = json!({"jobSummaries": shown.iter().map(Job::summary).collect::<Vec<_>>()});
        if let Some(last) = shown.last().filter(|_| jobs.len() > most) {
            page["nextToken"] = json!(format!("{TOKEN}{}", last.number));
        }
        page
    }

    fn wants(&self, job: &Job) -> bool {
        let time = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<Timestamp>().ok());
        time(&self.creation_time_after).is_none_or(|after| job.created > after)
            && time(&self.creation_time_before).is_none_or(|before| job.created < before)
            && self.status_equals.as_ref().is_none_or(|status| status == job.status.name())
            && self.application_type_equals.as_ref().is_none_or(|kind| kind == job.application_type())
            && self.name_contains.as_ref().is_none_or(|text| job.request.job_name.contains(text))
    }
}
