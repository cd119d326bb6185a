//! The adapter to Logs Insights: starts a query, waits for its end, and fetches its rows page by page.
//!
//! Where the time is over, somebody asks to stop, or a look fails, the query is stopped. A start that is on its way by then
//! is waited for a little, to stop that query too; one whose id comes later still runs to its own end, and is paid for.

use super::{LogsError, Row, Span};
use assay_model::{Advice, ServiceError};
use assay_problem::Classified;
use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::Builder;
use aws_sdk_cloudwatchlogs::operation::get_query_results::GetQueryResultsOutput;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

/// The first pause between two looks at a query; each further one is half as long again.
const FIRST_LOOK: Duration = Duration::from_millis(250);
/// The longest pause between two looks.
const LONGEST_LOOK: Duration = Duration::from_secs(5);
/// The first pause after "too many queries"; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest pause after "too many queries".
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// So many looks in a row may find a status that tells nothing.
const UNKNOWN_LOOKS: u32 = 5;
/// So many looks in a row may fail.
const FAILED_LOOKS: u32 = 5;
/// How long stopping a query may take.
const STOPPING: Duration = Duration::from_secs(5);
/// How long the id of a query whose start is on its way is waited for once nobody wants it any more.
const LATE_START: Duration = Duration::from_secs(2);
/// How long one attempt of a request may take.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(20);
/// More pages than a result of the service can have, which is 100,000 rows.
const MOST_PAGES: usize = 1000;

const START: Advice = Advice::new("allow logs:StartQuery on the log group", "check the log group");
const LOOK: Advice = Advice::new("allow logs:GetQueryResults", "the query is not known any more");
const STOP: Advice = Advice::new("allow logs:StopQuery", "the query is not known any more");

/// The rows of a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The rows, in the query's order.
    pub rows: Vec<Row>,
    /// How many records the query matched, where the service says so.
    pub matched: Option<f64>,
}

/// Logs Insights, in the Region and with the credentials of its settings.
#[derive(Debug, Clone)]
pub struct Insights {
    client: Client,
}

impl Insights {
    /// A client with time limits of its own.
    pub fn new(config: &SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .operation_attempt_timeout(LONGEST_ATTEMPT)
            .build();
        Self { client: Client::from_conf(Builder::from(config).timeout_config(timeouts).build()) }
    }

    /// The rows of `query` over the log group `group` (a name or an ARN) in `span`, within `time` from now.
    ///
    /// # Errors
    /// Every other end of a query, each with its remedy; [`LogsError::Stopped`] once `stop` is cancelled.
    pub async fn find(
        &self,
        group: &str,
        span: Span,
        query: &str,
        time: Duration,
        stop: &CancellationToken,
    ) -> Result<Found, LogsError> {
        let deadline = Instant::now() + time;
        let id = self.start(group, span, query, (deadline, time), stop).await?;
        let mut status = "Scheduled".to_owned();
        let looked = tokio::select! {
            biased;
            () = stop.cancelled() => Err(LogsError::Stopped),
            looked = timeout_at(deadline, self.wait(&id, group, &mut status)) => match looked {
                Ok(looked) => looked,
                Err(_) => Err(LogsError::Deadline(time, String::new())),
            }
        };
        let found = match looked {
            Err(LogsError::Deadline(time, _)) => Err(LogsError::Deadline(time, status)),
            other => other,
        };
        // One that has ended needs no stopping.
        if found.as_ref().is_err_and(|error| !matches!(error, LogsError::Ended { .. })) {
            self.stop(&id).await;
        }
        found
    }

    /// Starts a query, and waits while too many run.
    async fn start(
        &self,
        group: &str,
        span: Span,
        query: &str,
        (deadline, time): (Instant, Duration),
        stop: &CancellationToken,
    ) -> Result<String, LogsError> {
        let (since, until) = span.seconds();
        let mut pause = FIRST_WAIT;
        let mut refused = None;
        loop {
            let call = self.client.start_query().start_time(since).end_time(until).query_string(query);
            let call = match group.strip_suffix(":*").unwrap_or(group) {
                arn if arn.starts_with("arn:") => call.log_group_identifiers(arn),
                name => call.log_group_name(name),
            };
            if stop.is_cancelled() {
                return Err(LogsError::Stopped);
            }
            let mut sent = std::pin::pin!(call.send());
            let started = tokio::select! {
                biased;
                () = stop.cancelled() => Err(LogsError::Stopped),
                started = timeout_at(deadline, &mut sent) => started.map_err(|_| match refused.take() {
                    Some(said) => LogsError::TooManyQueries(time, said),
                    None => LogsError::Deadline(time, "not started".to_owned()),
                }),
            };
            let started = match started {
                Ok(started) => started,
                Err(error) => {
                    match tokio::time::timeout(LATE_START, sent).await {
                        Ok(Ok(late)) => self.stop(late.query_id().unwrap_or_default()).await,
                        Ok(Err(_)) => {}
                        Err(_) => tracing::warn!("a query may have been started and could not be stopped"),
                    }
                    return Err(error);
                }
            };
            let error = match started {
                Ok(started) => match started.query_id {
                    Some(id) => return Ok(id),
                    None => return Err(LogsError::Unavailable("the service gave the query no id".to_owned())),
                },
                Err(error) => ServiceError::of(START, &error),
            };
            let ServiceError::LimitReached(said) = error else { return Err(LogsError::of(error, group)) };
            if Instant::now() + pause >= deadline {
                return Err(LogsError::TooManyQueries(time, said));
            }
            refused = Some(said);
            tokio::select! {
                () = stop.cancelled() => return Err(LogsError::Stopped),
                () = sleep(pause) => pause = (pause * 2).min(LONGEST_WAIT),
            }
        }
    }

    /// Looks at a query until it ends. What it was last seen as is left in `status`.
    async fn wait(&self, id: &str, group: &str, status: &mut String) -> Result<Found, LogsError> {
        let mut pause = FIRST_LOOK;
        let (mut unknown, mut failed) = (0, 0);
        loop {
            match self.look(id, None).await {
                Ok(looked) => {
                    failed = 0;
                    let seen = looked.status.as_ref().map_or("Unknown", |status| status.as_str());
                    seen.clone_into(status);
                    match seen {
                        "Complete" => return self.pages(id, group, looked).await,
                        "Failed" | "Cancelled" | "Timeout" => {
                            return Err(LogsError::Ended { status: seen.to_owned() });
                        }
                        "Scheduled" | "Running" => unknown = 0,
                        _ => {
                            unknown += 1;
                            if unknown > UNKNOWN_LOOKS {
                                let message = format!("the query's status stays {seen}; it was stopped, ask again");
                                return Err(LogsError::Unavailable(message));
                            }
                        }
                    }
                }
                Err(error) => {
                    failed += 1;
                    if !error.is_transient() || failed > FAILED_LOOKS {
                        return Err(of_look(error, group));
                    }
                }
            }
            sleep(pause).await;
            pause = (pause * 3 / 2).min(LONGEST_LOOK);
        }
    }

    /// The rows of all pages, of which `first` is the first.
    async fn pages(&self, id: &str, group: &str, first: GetQueryResultsOutput) -> Result<Found, LogsError> {
        let mut found = Found { rows: rows(&first), matched: first.statistics.map(|told| told.records_matched) };
        let mut next = first.next_token;
        for _ in 0..MOST_PAGES {
            let Some(token) = next.filter(|token| !token.is_empty()) else { return Ok(found) };
            let mut failed = 0;
            let page = loop {
                match self.look(id, Some(&token)).await {
                    Ok(page) => break page,
                    Err(error) => {
                        failed += 1;
                        if !error.is_transient() || failed > FAILED_LOOKS {
                            return Err(of_look(error, group));
                        }
                        sleep(FIRST_LOOK).await;
                    }
                }
            };
            found.rows.extend(rows(&page));
            next = page.next_token.filter(|following| *following != token);
        }
        Ok(found)
    }

    async fn look(&self, id: &str, page: Option<&str>) -> Result<GetQueryResultsOutput, ServiceError> {
        let call = self.client.get_query_results().query_id(id).set_next_token(page.map(str::to_owned));
        call.send().await.map_err(|error| ServiceError::of(LOOK, &error))
    }

    /// Stops a query. Where that fails it runs to its own end, which harms nobody.
    async fn stop(&self, id: &str) {
        let call = self.client.stop_query().query_id(id).send();
        match tokio::time::timeout(STOPPING, call).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                let error = ServiceError::of(STOP, &error);
                tracing::warn!(query = id, %error, "a query could not be stopped; it runs to its end");
            }
            Err(_) => tracing::warn!(query = id, "a query could not be stopped in time; it runs to its end"),
        }
    }
}

fn of_look(error: ServiceError, group: &str) -> LogsError {
    match error {
        // The log group is there, or the query would not have been started.
        ServiceError::Missing(said) => LogsError::Rejected(said),
        other => LogsError::of(other, group),
    }
}

fn rows(page: &GetQueryResultsOutput) -> Vec<Row> {
    let of_row = |row: &Vec<aws_sdk_cloudwatchlogs::types::ResultField>| {
        Row::new(row.iter().filter_map(|found| Some((found.field.clone()?, found.value.clone()?))))
    };
    page.results().iter().map(of_row).collect()
}
