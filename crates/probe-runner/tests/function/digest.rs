//! The weekly digest: what it is made of, that it is told once, and what becomes of parts that cannot be had.

use crate::world::{World, dataset, hours_ago, logging};
use assay_testing::emulator;
use assay_testing::front::{self, Fate};
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, MetricDatum, StateValue, Statistic};
use jiff::{SignedDuration, Timestamp};
use local_stack::insights::{LogsError, LogsScript, LogsStandIn, ScriptedQuery, row};
use local_stack::stand_in::{Behaviour, ModelLife};
use probe_runner::handle;
use serde_json::{Value, json};

const LITE: &str = "us.amazon.nova-lite-v1:0";
const GROUP: &str = "/models/invocations";
/// Only in the query about Assay's own calls.
const OURS: &str = "requestMetadata.source = \"assay\"";

/// The digest's event. Its time is some minutes ahead, so that everything until now is in its week.
fn event() -> Value {
    json!({"assay": "digest", "at": (Timestamp::now() + SignedDuration::from_mins(5)).to_string()})
}

/// A world in which one suite was run, now and a week before.
async fn world(name: &str) -> World {
    let mut world = World::new(name).await;
    world.settings.model_ids = vec![LITE.to_owned()];
    world.put("probes/s/assay.yaml", &format!("models: [{{id: '{LITE}'}}]\nscorers: [f1]\n")).await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    world.round(&hours_ago(2)).await;
    let history = world.objects("suites/s").await["suites/s/history.jsonl"].clone();
    let mut before: Value = serde_json::from_str(history.trim()).unwrap();
    before["run"] = "20200101T000000Z-00000000".into();
    before["finished_at"] = (Timestamp::now() - SignedDuration::from_hours(8 * 24)).to_string().into();
    before["models"][0]["means"]["f1"] = json!({"n": 2, "mean": 0.75});
    before["models"][0]["usage"] = json!({"input_tokens": 1000, "output_tokens": 100});
    before["models"][0]["cost_usd"] = 0.5.into();
    world.put("suites/s/history.jsonl", &format!("{before}\n{history}")).await;
    world.notices().await;
    world
}

/// Throttled calls of the model, so many hours ago.
async fn throttled(client: &Client, count: f64, hours: i64) {
    let at = Timestamp::now() - SignedDuration::from_hours(hours);
    let dimension = Dimension::builder().name("ModelId").value(LITE).build();
    let datum = MetricDatum::builder()
        .metric_name("InvocationThrottles")
        .dimensions(dimension)
        .value(count)
        .timestamp(DateTime::from_secs(at.as_second()))
        .build();
    client.put_metric_data().namespace("AWS/Bedrock").metric_data(datum).send().await.unwrap();
}

/// An alarm that is in this state.
async fn alarm(client: &Client, name: &str, state: StateValue) {
    client
        .put_metric_alarm()
        .alarm_name(name)
        .namespace("Nothing")
        .metric_name("Nothing")
        .statistic(Statistic::Average)
        .period(3600)
        .evaluation_periods(1)
        .threshold(1.0)
        .comparison_operator(ComparisonOperator::LessThanThreshold)
        .send()
        .await
        .unwrap();
    client.set_alarm_state().alarm_name(name).state_value(state).state_reason("test").send().await.unwrap();
}

fn script() -> LogsScript {
    let call = row(&[
        ("@timestamp", "2026-11-24 06:00:00.000"),
        ("modelId", LITE),
        ("latencyMs", "9500"),
        ("outputTokens", "800"),
        ("requestId", "r-1"),
    ]);
    let failed =
        row(&[("modelId", LITE), ("operation", "Converse"), ("errorCode", "ThrottlingException"), ("calls", "2")]);
    let tokens = row(&[("modelId", LITE), ("calls", "5"), ("inputTokens", "2000000"), ("outputTokens", "1000000")]);
    LogsScript::of_group(GROUP)
        .with(ScriptedQuery::of(&["sort latencyMs", "!="], vec![call]))
        .with(ScriptedQuery::of(&["errorCode", "!="], vec![failed]))
        .with(ScriptedQuery::of(&["sum(", "!="], vec![tokens]))
        .with(ScriptedQuery::of(&["sum(", OURS], vec![]).lacking("!="))
}

#[tokio::test]
async fn a_week_is_told_once_with_everything_beside_the_week_before() {
    let served = LogsStandIn::start(script(), None).unwrap();
    let mut world = world("digest").await;
    world.settings.invocation_log_group = Some(GROUP.to_owned());
    world.config = logging(&emulator::url(), &world.stand_in.url(), &served.url()).await;
    let legacy = ModelLife::legacy_until(Timestamp::now() + SignedDuration::from_hours(24 * 45 + 1));
    let lives = [("amazon.nova-lite-v1:0".to_owned(), legacy)].into_iter().collect();
    world.stand_in.set_behaviour(Behaviour { lives, ..Behaviour::default() });
    let client = Client::new(&world.config);
    let stack = &world.settings.stack;
    alarm(&client, &format!("{stack}/s/{LITE}/f1"), StateValue::Alarm).await;
    alarm(&client, &format!("{stack}-models/{LITE}/latency"), StateValue::Alarm).await;
    alarm(&client, &format!("{stack}/s/{LITE}/recall"), StateValue::Ok).await;
    alarm(&client, &format!("{stack}-of-others/x"), StateValue::Alarm).await;
    // One on the stack itself, which tells the stack's topic, as CloudFormation names it.
    let own = client.put_metric_alarm().alarm_name(format!("{stack}-FailedEventsAlarm-1ABC"));
    let own = own.namespace("AWS/SQS").metric_name("ApproximateNumberOfMessagesVisible").statistic(Statistic::Maximum);
    let own = own.period(300).evaluation_periods(1).threshold(0.0).treat_missing_data("notBreaching");
    let own = own.comparison_operator(ComparisonOperator::GreaterThanThreshold);
    own.alarm_actions(world.settings.notice_topic.as_ref().unwrap()).send().await.unwrap();
    let raised = client.set_alarm_state().alarm_name(format!("{stack}-FailedEventsAlarm-1ABC"));
    raised.state_value(StateValue::Alarm).state_reason("test").send().await.unwrap();
    // What the alarm itself has told is no notice.
    world.notices().await;
    throttled(&client, 3.0, 30).await;
    throttled(&client, 4.0, 50).await;
    throttled(&client, 2.0, 24 * 9).await;

    let event = event();
    let told = world.deliver(&event, "one").await;
    assert_eq!((&told["result"], &told["suites"]), (&json!("told"), &json!(1)), "{told}");
    assert_eq!(world.deliver(&event, "two").await["result"], "done");

    let notices = world.notices().await;
    assert_eq!(notices.len(), 1, "{notices:?}");
    let notice = &notices[0];
    assert_eq!(
        (&notice["kind"], &notice["title"]),
        (&json!("weekly_digest"), &json!(format!("weekly digest of {stack}: 1 run")))
    );
    let run = world.only_run("s").await;
    let model = &run.summary()["models"][0];
    let (f1, read, written) =
        (&model["scores"]["f1"]["mean"], &model["usage"]["input_tokens"], &model["usage"]["output_tokens"]);
    let facts: Vec<&str> = notice["facts"].as_array().unwrap().iter().map(|fact| fact.as_str().unwrap()).collect();
    let cost = format!("Cost of evaluation: {LITE}: {read} + {written} tokens, ");
    for expected in [
        "Runs: s: 1 run".to_owned(),
        format!("Alarms: raised: {stack}/s/{LITE}/f1"),
        format!("Alarms: raised: {stack}-models/{LITE}/latency"),
        format!("Alarms: raised: {stack}-FailedEventsAlarm-1ABC"),
        format!("Trends: s, {LITE}: f1 0.7500 → {:.4}", f1.as_f64().unwrap()),
        format!("Throttled calls: {LITE}: 7, the week before: 2"),
        // 2,000,000 x 0.06 and 1,000,000 x 0.24 over 1,000,000, by the price of Nova Lite; the script says the same of both weeks.
        format!(
            "Cost of all calls: {LITE}: 2000000 + 1000000 tokens, 0.3600 USD; the week before: 2000000 + 1000000 tokens, 0.3600 USD"
        ),
        format!("Failed calls: {LITE}: 2 of 2, ThrottlingException"),
        format!("Slowest calls: {LITE}: 9500 ms at 2026-11-24T06:00:00Z, 800 tokens written, request r-1"),
    ] {
        assert!(facts.contains(&expected.as_str()), "no `{expected}` in {facts:#?}");
    }
    assert!(
        facts
            .iter()
            .any(|fact| fact.starts_with(&cost) && fact.ends_with("the week before: 1000 + 100 tokens, 0.5000 USD")),
        "{facts:#?}"
    );
    assert!(
        facts
            .iter()
            .any(|fact| fact.starts_with(&format!("Models: {LITE}: Legacy, ends on ")) && fact.ends_with("in 45 days")),
        "{facts:#?}"
    );
    assert_eq!(
        facts.iter().filter(|fact| fact.starts_with("Alarms: ")).count(),
        3,
        "only what is raised, and ours: {facts:#?}"
    );

    let page = notice["report"].as_str().unwrap().strip_prefix(&format!("s3://{}/", world.bucket)).unwrap().to_owned();
    let page = world.objects("monitor/digests").await[&page].clone();
    assert!(page.starts_with("# weekly digest of ") && page.matches("\n- ").count() == facts.len(), "{page}");
    assert!(world.stand_in.violations().is_empty(), "{:?}", world.stand_in.violations());
}

#[tokio::test]
async fn a_digest_that_could_not_be_told_is_told_as_it_was_gathered() {
    let served = LogsStandIn::start(script(), None).unwrap();
    let mut world = world("digest-untold").await;
    world.settings.invocation_log_group = Some(GROUP.to_owned());
    let url = front::refusing_notices("weekly_digest").await;
    let event = event();
    world.config = logging(&url, &world.stand_in.url(), &served.url()).await;
    let error = Box::pin(handle(event.clone(), &world.runner(), None, "one")).await.unwrap_err();
    assert_eq!(error.class(), "NotAnnounced");
    assert!(world.notices().await.is_empty());
    let asked = served.bodies("StartQuery").len();
    assert!(asked > 0);

    world.config = logging(&emulator::url(), &world.stand_in.url(), &served.url()).await;
    assert_eq!(world.deliver(&event, "one").await["result"], "told");
    assert!(!world.facts("weekly_digest").await.is_empty());
    assert_eq!(served.bodies("StartQuery").len(), asked, "the log is not asked, and paid for, again");
}

#[tokio::test]
async fn what_cannot_be_known_says_why_and_keeps_nobody_from_the_rest() {
    let world = world("digest-unknown").await;
    let url = front::start(|_, path, _| match path.ends_with("/DescribeAlarms") {
        true => Fate::Refuse(403, "application/cbor", Vec::new()),
        false => Fate::Pass,
    });
    let runner = world.runner_at(&url.await).await;
    let answer = Box::pin(handle(event(), &runner, None, "one")).await.unwrap();
    assert_eq!(answer["result"], "told");
    let facts = world.facts("weekly_digest").await;
    assert!(facts.contains(&"Runs: s: 1 run".to_owned()), "{facts:?}");
    let alarms = facts.iter().find(|fact| fact.starts_with("Alarms: unknown: ")).unwrap_or_else(|| panic!("{facts:?}"));
    assert!(alarms.contains("cloudwatch:DescribeAlarms"), "{alarms}");
    let calls =
        facts.iter().find(|fact| fact.starts_with("All calls: unknown: ")).unwrap_or_else(|| panic!("{facts:?}"));
    assert!(
        calls.contains("invocations are not logged") && calls.contains("assay monitor logging --enable"),
        "{calls}"
    );
}

#[tokio::test]
async fn a_log_that_the_account_names_and_nobody_may_read_names_the_parameter() {
    let denied = LogsError::new("AccessDeniedException", "not authorized").with_status(400);
    // Each query is refused, and not the first alone.
    let refusing = (0..20).fold(script(), |script, _| script.failing("StartQuery", denied.clone()));
    let served = LogsStandIn::start(refusing, None).unwrap();
    let mut world = World::new("digest-denied").await;
    world.config = logging(&emulator::url(), &world.stand_in.url(), &served.url()).await;
    world.stand_in.set_invocation_logging(Some(json!({
        "cloudWatchConfig": {"logGroupName": GROUP, "roleArn": "arn:aws:iam::111122223333:role/logs"},
        "textDataDeliveryEnabled": true,
    })));
    world.deliver(&event(), "one").await;
    let facts = world.facts("weekly_digest").await;
    let calls =
        facts.iter().find(|fact| fact.starts_with("All calls: unknown: ")).unwrap_or_else(|| panic!("{facts:?}"));
    assert!(calls.contains("logs:StartQuery") && calls.contains("the parameter InvocationLogGroup"), "{calls}");
}

#[tokio::test]
async fn a_stack_without_a_run_has_a_digest_and_two_deliveries_at_once_tell_one() {
    let world = World::new("digest-empty").await;
    let event = event();
    let runners = (world.runner(), world.runner());
    let answers = tokio::join!(
        Box::pin(handle(event.clone(), &runners.0, None, "one")),
        Box::pin(handle(event.clone(), &runners.1, None, "two")),
    );
    let mut results =
        [answers.0.unwrap(), answers.1.unwrap()].map(|answer| answer["result"].as_str().unwrap().to_owned());
    results.sort();
    assert!(results[1] == "told" && ["busy", "done"].contains(&results[0].as_str()), "{results:?}");
    let facts = world.facts("weekly_digest").await;
    assert!(facts.contains(&"Runs: no suite had a run".to_owned()), "{facts:?}");
}
