//! Bedrock's control plane, as far as evaluation jobs go: the only place that names its SDK.
//!
//! Requests come in and descriptions go out in plain values. When a job is asked for, and what becomes of an error, is left
//! to others.

mod description;
mod document;
mod error;
mod evaluation;
mod inference;

pub use description::{JobDescription, JobListing, JobStatus};
pub use error::ControlError;

use crate::request::JobRequest;
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_bedrock::Client;
use aws_sdk_bedrock::config::Builder;
use aws_sdk_bedrock::types::{ApplicationType, EvaluationOutputDataConfig, SortJobsBy, SortOrder, Tag};
use aws_smithy_types::DateTime;
use error::{Operation, classify};
use jiff::Timestamp;
use std::time::Duration;

/// How often an operation is tried in all. AWS publishes no rate for these operations, and the control plane is slow: more
/// than the SDK's three, with pauses of half a second, one, two, four and eight (each drawn at random up to that long), so
/// that a burst of jobs is worked off within the call, and a function is not held up for minutes.
const ATTEMPTS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// How long one attempt may take.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(30);

/// How many jobs are asked for at a time. The service may give fewer.
const PAGE: i32 = 100;

/// The operations on evaluation jobs.
#[derive(Debug, Clone)]
pub struct Control {
    client: Client,
}

impl Control {
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

    /// Creates a job and gives its ARN. The name is the token that makes asking twice harmless: the same request again gives
    /// the same job.
    ///
    /// # Errors
    /// Everything that the service answers otherwise, by remedy.
    pub async fn create(&self, request: &JobRequest) -> Result<String, ControlError> {
        let output = EvaluationOutputDataConfig::builder().s3_uri(&request.output).build()?;
        let tags = request.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
        let tags = tags.collect::<Result<Vec<Tag>, _>>()?;
        let is_rag = request.spec.kind == assay_core::spec::JobKind::Rag;
        let call = self
            .client
            .create_evaluation_job()
            .job_name(&request.name)
            .client_request_token(&request.name)
            .role_arn(&request.role)
            .set_customer_encryption_key_id(request.spec.encryption_key.clone())
            .set_job_tags((!tags.is_empty()).then_some(tags))
            .application_type(if is_rag { ApplicationType::RagEvaluation } else { ApplicationType::ModelEvaluation })
            .evaluation_config(evaluation::config(request)?)
            .inference_config(inference::config(request)?)
            .output_data_config(output);
        let created = call.send().await.map_err(|error| classify(Operation::Create, &error))?;
        Ok(created.job_arn)
    }

    /// What the service says of the job `arn`. It takes whole ARNs only.
    ///
    /// # Errors
    /// Everything that the service answers otherwise, by remedy.
    pub async fn describe(&self, arn: &str) -> Result<JobDescription, ControlError> {
        let call = self.client.get_evaluation_job().job_identifier(arn);
        let described = call.send().await.map_err(|error| classify(Operation::Describe, &error))?;
        Ok(description::of(described))
    }

    /// One page of the jobs that were created after `created_after`, and the mark of the next page if there is one. Oldest
    /// first: a job that is created meanwhile comes at the end and moves none to a page that was already read.
    ///
    /// # Errors
    /// Everything that the service answers otherwise, by remedy.
    pub async fn list(
        &self,
        created_after: Timestamp,
        page: Option<String>,
    ) -> Result<(Vec<JobListing>, Option<String>), ControlError> {
        let after = DateTime::from_secs_and_nanos(created_after.as_second(), 0);
        let call = self
            .client
            .list_evaluation_jobs()
            .creation_time_after(after)
            .sort_by(SortJobsBy::CreationTime)
            .sort_order(SortOrder::Ascending)
            .max_results(PAGE)
            .set_next_token(page);
        let listed = call.send().await.map_err(|error| classify(Operation::List, &error))?;
        let next = listed.next_token.filter(|mark| !mark.is_empty());
        let jobs = listed.job_summaries.unwrap_or_default();
        Ok((jobs.into_iter().map(description::listing).collect(), next))
    }

    /// Stops the job `arn`. It is `Stopping` for a while, then `Stopped`.
    ///
    /// # Errors
    /// Everything that the service answers otherwise, by remedy; `Rejected` where the job has ended already.
    pub async fn stop(&self, arn: &str) -> Result<(), ControlError> {
        let call = self.client.stop_evaluation_job().job_identifier(arn);
        call.send().await.map_err(|error| classify(Operation::Stop, &error))?;
        Ok(())
    }
}
