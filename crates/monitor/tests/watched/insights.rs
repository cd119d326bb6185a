//! Queries from their start to every end that they can have.

use std::time::Duration;

use super::{logs, settings};
use assay_monitor::logs::{Found, Insights, LogsError, Span};
use assay_testing::clock::{Clock, until};
use local_stack::insights::{LogsError as Scripted, LogsScript, LogsStandIn, ScriptedQuery, row};
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const GROUP: &str = "/bedrock/calls";
/// Longer than anything takes here, even on a slow machine.
const LONG: Duration = Duration::from_secs(600);
/// Shorter than the time for which a start that is on its way is awaited.
const LITTLE: Duration = Duration::from_secs(1);

fn span() -> Span {
    let at = |text: &str| text.parse().unwrap();
    Span::new(at("2026-11-23T00:00:00Z"), Some(at("2026-11-24T00:00:00Z")), at("2026-11-24T12:00:00Z")).unwrap()
}

async fn find(served: &LogsStandIn, time: Duration) -> Result<Found, LogsError> {
    let insights = Insights::new(&settings(&served.url()));
    let found = insights.find(GROUP, span(), "stats count(*)", time, &CancellationToken::new()).await;
    assert!(served.violations().is_empty(), "{:?}", served.violations());
    found
}

/// Runs the query, lets `time` end once `holds` returns true, and lets at most `later` pass after that.
async fn find_until(
    served: &LogsStandIn,
    (time, later): (Duration, Duration),
    holds: impl Fn() -> bool,
) -> Result<Found, LogsError> {
    let clock = Clock::limited_to(time - Duration::from_millis(1));
    let ends = Instant::now() + time;
    let ending = async {
        until("the time may be over", async || holds()).await;
        clock.set(ends, later).await;
        // This releases the calls that are held.
        served.set_script(LogsScript::default());
    };
    let (found, ()) = tokio::join!(find(served, time), ending);
    found
}

fn query(statuses: &[&str]) -> ScriptedQuery {
    ScriptedQuery::of(&["count"], vec![row(&[("calls", "3")])]).going(statuses)
}

fn script(query: ScriptedQuery) -> LogsScript {
    LogsScript::of_group(GROUP).with(query)
}

fn stopped(served: &LogsStandIn) -> usize {
    served.bodies("StopQuery").len()
}

#[tokio::test]
async fn rows_are_waited_for_and_a_complete_query_is_not_stopped() {
    let query = ScriptedQuery { matched: Some(12.0), ..query(&["Scheduled", "Running", "Running", "Complete"]) };
    let served = logs(script(query));
    let found = find(&served, LONG).await.unwrap();
    assert_eq!((found.rows.len(), found.rows[0].count("calls"), found.matched), (1, Some(3), Some(12.0)));
    assert_eq!((served.bodies("GetQueryResults").len(), stopped(&served)), (4, 0));
    // `date -d 2026-11-23T00:00:00Z +%s` says 1795392000.
    let asked = json!({"logGroupName": GROUP, "startTime": 1_795_392_000, "endTime": 1_795_478_400,
        "queryString": "stats count(*)"});
    assert_eq!(served.bodies("StartQuery"), [asked]);
}

#[tokio::test]
async fn every_other_end_is_an_end() {
    for status in ["Failed", "Cancelled", "Timeout"] {
        let served = logs(script(query(&["Running", status])));
        assert_eq!(find(&served, LONG).await, Err(LogsError::Ended { status: status.to_owned() }));
        assert_eq!(stopped(&served), 0, "there is nothing to stop");
    }
}

#[tokio::test]
async fn a_status_that_tells_nothing_is_looked_at_again_but_not_for_ever() {
    let served = logs(script(query(&["Unknown", "Unknown", "Running", "Unknown", "Complete"])));
    assert_eq!(find(&served, LONG).await.unwrap().rows.len(), 1);
    let served = logs(script(query(&["Unknown"])));
    let error = find(&served, LONG).await.unwrap_err();
    assert!(matches!(&error, LogsError::Unavailable(said) if said.contains("stays Unknown")), "{error}");
    assert_eq!(stopped(&served), 1);
}

#[tokio::test]
async fn when_the_time_is_over_the_query_is_stopped() {
    let served = logs(script(query(&["Scheduled", "Running"])));
    // The third look shows that the answer to the second has arrived.
    let looked = || served.bodies("GetQueryResults").len() >= 3;
    let error = find_until(&served, (Duration::from_secs(1), LITTLE), looked).await.unwrap_err();
    assert_eq!(error, LogsError::Deadline(Duration::from_secs(1), "Running".to_owned()));
    let told = "no rows within 1s, the query was Running; it is stopped; give it more time, or ask about less time";
    assert_eq!(error.to_string(), told);
    assert_eq!(served.bodies("StopQuery"), [json!({"queryId": "00000000-0000-4000-8000-000000000001"})]);
}

#[tokio::test]
async fn an_answer_that_does_not_come_ends_with_the_time_too() {
    let served = logs(script(query(&[])).holding("StartQuery"));
    let error = find(&served, Duration::from_millis(500)).await.unwrap_err();
    assert_eq!(error, LogsError::Deadline(Duration::from_millis(500), "not started".to_owned()));
}

#[tokio::test]
async fn a_query_whose_start_was_on_its_way_is_stopped_too() {
    let served = logs(script(query(&["Running"])).holding("StartQuery"));
    let started = || !served.bodies("StartQuery").is_empty();
    let error = find_until(&served, (Duration::from_millis(100), LITTLE), started).await.unwrap_err();
    assert_eq!(error, LogsError::Deadline(Duration::from_millis(100), "not started".to_owned()));
    assert_eq!(served.bodies("StopQuery"), [json!({"queryId": "00000000-0000-4000-8000-000000000001"})]);
}

#[tokio::test]
async fn whoever_stops_the_asking_stops_the_query() {
    let served = logs(script(query(&["Running"])));
    let insights = Insights::new(&settings(&served.url()));
    let stop = CancellationToken::new();
    let asked = insights.find(GROUP, span(), "stats count(*)", LONG, &stop);
    let wait = async {
        while served.bodies("GetQueryResults").is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stop.cancel();
    };
    let (found, ()) = tokio::join!(asked, wait);
    assert_eq!((found, stopped(&served)), (Err(LogsError::Stopped), 1));
}

#[tokio::test]
async fn all_pages_are_fetched_in_order() {
    let page = |calls: &str| vec![row(&[("calls", calls)])];
    let served = logs(script(ScriptedQuery { pages: vec![page("1"), page("2"), page("3")], ..query(&[]) }));
    let found = find(&served, LONG).await.unwrap();
    let calls: Vec<Option<u64>> = found.rows.iter().map(|row| row.count("calls")).collect();
    assert_eq!(calls, [Some(1), Some(2), Some(3)]);
    let tokens: Vec<Value> = served.bodies("GetQueryResults").iter().map(|body| body["nextToken"].clone()).collect();
    assert_eq!(tokens, [Value::Null, json!("page-1"), json!("page-2")]);
}

#[tokio::test]
async fn too_many_queries_are_waited_for_within_the_time() {
    let limit = Scripted::new("LimitExceededException", "Account has reached its limit of 100 queries");
    let limited =
        |times: usize| (0..times).fold(script(query(&[])), |script, _| script.failing("StartQuery", limit.clone()));
    // The SDK asks three times by itself, so the fifth attempt is one after a pause of ours.
    let served = logs(limited(4));
    assert_eq!(find(&served, LONG).await.unwrap().rows.len(), 1);
    let served = logs(limited(1000));
    // The fourth attempt shows that the query was refused. The pauses of the SDK add up to three seconds at most.
    let refused = || served.bodies("StartQuery").len() >= 4;
    let error = find_until(&served, (Duration::from_secs(8), LONG), refused).await.unwrap_err().to_string();
    assert!(error.starts_with("too many queries run in this account, also after 8s of waiting"), "{error}");
}

#[tokio::test]
async fn a_refused_query_says_what_helps() {
    let served = logs(LogsScript::of_group("other"));
    let error = find(&served, LONG).await.unwrap_err();
    assert_eq!(error, LogsError::GroupMissing { group: GROUP.to_owned() });
    assert!(error.to_string().contains("`assay monitor logging`"));
    for (name, said) in [
        ("AccessDeniedException", "allow logs:StartQuery on the log group"),
        ("MalformedQueryException", "does not understand the query: MalformedQueryException (400): why"),
        ("InvalidParameterException", "InvalidParameterException (400): why"),
        ("ExpiredTokenException", "renew the credentials"),
    ] {
        let served = logs(script(query(&[])).failing("StartQuery", Scripted::new(name, "why")));
        let error = find(&served, LONG).await.unwrap_err().to_string();
        assert!(error.contains(said), "{name}: {error}");
    }
}

#[tokio::test]
async fn looks_that_fail_are_repeated_and_those_that_are_denied_are_not() {
    let down = Scripted::new("ServiceUnavailableException", "down").with_status(503);
    // Three are the SDK's own attempts at the first look.
    let served = logs(script(ScriptedQuery { errors: vec![down.clone(); 5], ..query(&[]) }));
    assert_eq!(find(&served, LONG).await.unwrap().rows.len(), 1);
    let denied = Scripted::new("AccessDeniedException", "no");
    let served = logs(script(ScriptedQuery { errors: vec![denied], ..query(&[]) }));
    let error = find(&served, LONG).await.unwrap_err();
    assert!(matches!(&error, LogsError::Denied(said) if said.contains("logs:GetQueryResults")), "{error}");
    assert_eq!(stopped(&served), 1);
}

#[tokio::test]
async fn a_log_group_may_be_named_by_its_arn_and_a_service_that_is_not_there_is_told() {
    let served = logs(script(query(&[])));
    let insights = Insights::new(&settings(&served.url()));
    let arn = format!("arn:aws:logs:us-east-1:111122223333:log-group:{GROUP}");
    let stop = CancellationToken::new();
    let found = insights.find(&format!("{arn}:*"), span(), "stats count(*)", LONG, &stop).await.unwrap();
    assert_eq!(found.rows.len(), 1);
    assert_eq!(served.bodies("StartQuery")[0]["logGroupIdentifiers"], json!([arn]));
    assert!(served.violations().is_empty());
    let nowhere = Insights::new(&settings("http://127.0.0.1:9"));
    let error = nowhere.find(GROUP, span(), "stats count(*)", LONG, &stop).await.unwrap_err();
    assert!(matches!(&error, LogsError::Unavailable(said) if said.contains("the connection failed")), "{error}");
}
