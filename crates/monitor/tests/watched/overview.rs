//! Questions from their text to typed answers, and all of them at once as the digest asks them.

use std::num::NonZeroU32;
use std::time::Duration;

use super::{logs, settings};
use assay_model::pricing::Prices;
use assay_monitor::logs::{
    Asking, Filter, Insights, LogsError, ModelCosts, Named, Span, costs_by_model, errors, overview, slow,
};
use jiff::{SignedDuration, Timestamp};
use local_stack::insights::{LogsError as Scripted, LogsScript, LogsStandIn, ScriptedQuery, row};
use tokio_util::sync::CancellationToken;

const GROUP: &str = "calls";
const LITE: &str = "us.amazon.nova-lite-v1:0";
const SLOWEST: NonZeroU32 = NonZeroU32::new(2).unwrap();
/// Only in the query about Assay's own calls.
const OURS: &str = "requestMetadata.source = \"assay\"";

fn asking(insights: &Insights) -> Asking<'_> {
    Asking {
        insights,
        group: GROUP,
        span: Span::last(SignedDuration::from_hours(168), Timestamp::now()),
        filter: Filter::default(),
        time: Duration::from_secs(600),
        stop: CancellationToken::new(),
    }
}

fn script() -> LogsScript {
    let call = |model: &str, latency: &str| {
        row(&[("@timestamp", "2026-11-24 06:00:00.000"), ("modelId", model), ("latencyMs", latency), ("@ptr", "x")])
    };
    let latency = row(&[
        ("modelId", LITE),
        ("operation", "Converse"),
        ("calls", "10"),
        ("measured", "8"),
        ("p50", "120.5"),
        ("p90", "300"),
        ("p99", "900"),
        ("longest", "950"),
    ]);
    let unmeasured =
        row(&[("modelId", "amazon.titan"), ("operation", "InvokeModel"), ("calls", "4"), ("measured", "0")]);
    let failed =
        row(&[("modelId", LITE), ("operation", "Converse"), ("errorCode", "ThrottlingException"), ("calls", "2")]);
    let fine = row(&[
        ("modelId", LITE),
        ("operation", "Converse"),
        ("output.outputBodyJson.stopReason", "end_turn"),
        ("calls", "8"),
    ]);
    let tokens =
        |input: &str| row(&[("modelId", LITE), ("calls", "5"), ("inputTokens", input), ("outputTokens", "1000")]);
    LogsScript::of_group(GROUP)
        .with(ScriptedQuery::of(&["sort latencyMs", OURS], vec![call("ours", "10")]).lacking("!="))
        .with(ScriptedQuery::of(&["sort latencyMs", "!="], vec![call(LITE, "950"), call(LITE, "900")]))
        .with(ScriptedQuery::of(&["pct(", "!="], vec![latency, unmeasured]))
        .with(ScriptedQuery::of(&["errorCode", "!="], vec![fine, failed]))
        .with(ScriptedQuery::of(&["sum(", "by modelId\n", "!="], vec![tokens("3000000")]))
        .with(ScriptedQuery::of(&["sum(", "by modelId\n", OURS], vec![tokens("500000")]).lacking("!="))
}

fn insights(served: &LogsStandIn) -> Insights {
    Insights::new(&settings(&served.url()))
}

#[tokio::test]
async fn an_overview_has_every_part_with_evaluation_apart() {
    let served = logs(script());
    let insights = insights(&served);
    let found = overview(&asking(&insights), SLOWEST, &Prices::default()).await;
    let slowest = found.slowest.unwrap();
    let calls = &slowest.production;
    assert_eq!((calls.rows.len(), calls.rows[0].latency_ms, calls.limit_reached), (2, Some(950.0), true));
    let ours = &slowest.evaluation;
    assert_eq!((ours.rows[0].model.as_deref(), ours.limit_reached), (Some("ours"), false));
    let errors = found.errors.unwrap().production;
    assert_eq!((errors.errors[0].calls, errors.errors[0].of_calls, errors.stops.len()), (2, 10, 0));
    let costs = found.costs.unwrap();
    let told = |costs: &ModelCosts| (costs.costs.total.usd, costs.costs.rows.len(), costs.limit_reached);
    // 3,000,000 x 0.06 + 1,000 x 0.24, and 500,000 x 0.06 + 1,000 x 0.24, over 1,000,000.
    assert_eq!(told(&costs.production), (Some(0.18024), 1, false));
    assert_eq!(told(&costs.evaluation), (Some(0.03024), 1, false));
    // Three questions about two kinds of traffic; how long calls take in general is not told, so it is not asked.
    let asked: Vec<String> = served.bodies("StartQuery").iter().map(|body| body["queryString"].to_string()).collect();
    assert_eq!(asked.len(), 6);
    assert!(asked.iter().all(|query| !query.contains("pct(")), "{asked:?}");
    assert!(served.violations().is_empty());
}

#[tokio::test]
async fn latency_by_model_is_told_with_the_slowest_calls() {
    let served = logs(script());
    let insights = insights(&served);
    let latencies = slow(&asking(&insights), SLOWEST).await.unwrap().production.latencies.rows;
    assert_eq!((latencies[0].p50_ms, latencies[0].p99_ms, latencies[0].measured), (Some(120.5), Some(900.0), Some(8)));
    assert_eq!((latencies[1].p50_ms, latencies[1].measured), (None, Some(0)));
    assert_eq!(served.bodies("StartQuery").len(), 4);
}

#[tokio::test]
async fn as_many_models_as_are_asked_for_may_not_be_all() {
    let models = |count: usize| {
        (0..count).map(|number| row(&[("modelId", &format!("m{number}")), ("inputTokens", "1")])).collect::<Vec<_>>()
    };
    let served = logs(
        LogsScript::of_group(GROUP)
            .with(ScriptedQuery::of(&["sum(", "!="], models(10_000)))
            .with(ScriptedQuery::of(&["sum(", OURS], models(9_999)).lacking("!=")),
    );
    let insights = insights(&served);
    let found = costs_by_model(&asking(&insights), &Prices::default()).await.unwrap();
    assert_eq!((found.production.limit_reached, found.evaluation.limit_reached), (true, false));
}

#[tokio::test]
async fn one_question_without_an_answer_leaves_the_others_whole() {
    let failing = ScriptedQuery::of(&["errorCode"], Vec::new()).going(&["Failed"]);
    let mut script = script();
    script.queries.insert(0, failing);
    let served = logs(script);
    let insights = insights(&served);
    let found = overview(&asking(&insights), SLOWEST, &Prices::default()).await;
    assert_eq!(found.errors, Err(LogsError::Ended { status: "Failed".to_owned() }));
    assert!(found.slowest.is_ok() && found.costs.is_ok());
}

#[tokio::test]
async fn where_one_query_is_refused_the_other_is_stopped_and_the_refusal_is_told() {
    let running = ScriptedQuery::of(&[], Vec::new()).going(&["Running"]);
    let script = LogsScript::of_group(GROUP).with(running);
    let served = logs(script.failing("StartQuery", Scripted::new("AccessDeniedException", "no")));
    let insights = insights(&served);
    let error = errors(&asking(&insights)).await.unwrap_err();
    assert!(matches!(error, LogsError::Denied(_)), "{error}");
    let begun = served.calls().iter().filter(|call| call.operation == "StartQuery" && call.error.is_none()).count();
    assert_eq!(served.bodies("StopQuery").len(), begun);
}

#[tokio::test]
async fn model_and_caller_are_asked_for_in_every_query() {
    let served = logs(LogsScript::of_group(GROUP));
    let insights = insights(&served);
    let filter =
        Filter { model: Some(Named::new("nova-lite").unwrap()), caller: Some(Named::new("role/shop").unwrap()) };
    let found = slow(&Asking { filter, ..asking(&insights) }, SLOWEST).await.unwrap();
    assert!(found.production.slowest.rows.is_empty() && !found.production.slowest.limit_reached);
    for body in served.bodies("StartQuery") {
        let text = body["queryString"].as_str().unwrap().to_owned();
        assert!(
            text.contains("modelId like \"nova-lite\"") && text.contains("identity.arn like \"role/shop\""),
            "{text}"
        );
    }
}
