//! `assay logs`: what is asked, what is told, and every way in which there is no answer.

use super::super::tool::{Ended, Tool, until};
use super::{GROUP, World, document};
use local_stack::insights::{LogsError, LogsScript, LogsStandIn, ScriptedQuery, row};
use local_stack::stand_in::{Behaviour, Fault, FaultRule};
use serde_json::json;
use std::collections::BTreeSet;

const LITE: &str = "us.amazon.nova-lite-v1:0";
const SHOP: &str = "arn:aws:sts::111122223333:assumed-role/shop/session";
/// Only in queries about all calls but Assay's own, and only in those about its own.
const THEIRS: &str = "not ispresent(requestMetadata.source)";
const OURS: &str = "and requestMetadata.source = \"assay\"";

fn tokens() -> LogsScript {
    let tokens = |model: &str, calls: &str, input: &str, output: &str, more: &[(&str, &str)]| {
        let fields = [
            ("modelId", model),
            ("identity.arn", SHOP),
            ("calls", calls),
            ("inputTokens", input),
            ("outputTokens", output),
        ];
        row(&[&fields, more].concat())
    };
    let theirs = vec![
        tokens(LITE, "1000", "1.5E7", "2000000", &[]),
        tokens(
            "global.anthropic.claude-sonnet-4-6",
            "7",
            "100",
            "50",
            &[("cacheReadTokens", "1000000"), ("cacheWriteTokens", "0")],
        ),
        tokens("us.example.first-v1:0", "1", "10", "20", &[]),
        row(&[("modelId", "amazon.titan-image\u{1b}[2J"), ("calls", "3")]),
    ];
    let ours = vec![tokens(LITE, "50", "500000", "100000", &[])];
    LogsScript::of_group(GROUP)
        .with(ScriptedQuery::of(&["sum(", THEIRS], theirs).going(&["Scheduled", "Running", "Complete"]))
        .with(ScriptedQuery::of(&["sum(", OURS], ours))
}

#[test]
fn tokens_and_cost_are_told_with_evaluation_apart() {
    let world = World::logging(tokens());
    let told = document(&world.run(&["logs", "tokens", "--since", "7d", "--format", "json"]).exits(0));
    assert_eq!((&told["question"], &told["log_group"]), (&json!("tokens"), &json!(GROUP)));
    let row = &told["production"]["rows"][0];
    assert_eq!(
        (&row["input_tokens"], &row["caller"], &row["cache_read_tokens"]),
        (&json!(15_000_000), &json!(SHOP), &json!(null))
    );
    assert_eq!(told["production"]["rows"].as_array().unwrap().len(), 4);
    assert_eq!(told["evaluation"]["rows"][0]["input_tokens"], 500_000);

    let told = document(&world.run(&["logs", "cost", "--format", "json"]).exits(0));
    // Nova Lite: 0.06 and 0.24 for a million tokens: 15 x 0.06 + 2 x 0.24.
    assert_eq!(told["production"]["rows"][0]["usd"], json!(1.38));
    // Claude Sonnet 4.6 by the global endpoint: 3, 15, and 0.3 for what is read from the cache.
    assert_eq!(told["production"]["rows"][1]["usd"], json!(0.30105));
    assert_eq!(told["production"]["rows"][2]["usd"], json!(null));
    let unknown = json!(["amazon.titan-image\u{1b}[2J", "us.example.first-v1:0"]);
    assert_eq!(told["production"]["total"], json!({"usd": 1.68105, "complete": false, "unknown": unknown}));
    // 0.5 x 0.06 + 0.1 x 0.24.
    assert_eq!(told["evaluation"]["total"], json!({"usd": 0.054, "complete": true, "unknown": []}));

    let printed = world.run(&["logs", "cost"]).exits(0);
    for text in [
        "Production: all calls",
        "Evaluation: Assay's own",
        "unknown",
        "Cost: 0.0540 USD\n",
        "without amazon.titan-image␛[2J",
    ] {
        assert!(printed.out.contains(text), "{text}\n{}", printed.out);
    }
    assert!(!printed.out.contains('\u{1b}'), "a name must not steer the terminal");
}

#[test]
fn prices_of_ones_own_go_first() {
    let world = World::logging(tokens());
    let price = json!({"input": "1", "output": "2", "source": "our contract", "date": "2026-11-01"});
    world.tool.write("prices.json", json!({"format": 1, "models": {"us.example.first-v1:0": price}}).to_string());
    let printed = world.run(&["logs", "cost", "--prices", "prices.json"]).exits(0);
    // 10 x 1 + 20 x 2 over 1,000,000.
    assert!(
        printed.out.contains("0.0000500 USD") && printed.out.contains("our contract (2026-11-01)"),
        "{}",
        printed.out
    );
    let asked = world.logs.bodies("StartQuery").len();
    world.run(&["logs", "cost", "--prices", "none.json"]).exits(2).says("does not exist");
    assert_eq!(world.logs.bodies("StartQuery").len(), asked, "no query is paid for in vain");
}

#[test]
fn slow_calls_and_percentiles_are_told() {
    let call = row(&[
        ("@timestamp", "2026-11-24 06:00:00.123"),
        ("modelId", LITE),
        ("operation", "Converse"),
        ("requestId", "r-1"),
        ("identity.arn", SHOP),
        ("latencyMs", "9500"),
        ("inputTokens", "12"),
        ("output.outputBodyJson.stopReason", "max_tokens"),
    ]);
    let latency = row(&[
        ("modelId", LITE),
        ("operation", "Converse"),
        ("calls", "10"),
        ("measured", "8"),
        ("p50", "120.4"),
        ("p90", "300"),
        ("p99", "9400"),
        ("longest", "9500"),
    ]);
    let script = LogsScript::of_group(GROUP)
        .with(ScriptedQuery::of(&["sort latencyMs", THEIRS], vec![call]))
        .with(ScriptedQuery::of(&["pct(", THEIRS], vec![latency]));
    let world = World::logging(script);
    let arguments = ["logs", "slow", "--limit", "1", "--model", "nova-lite", "--caller", "assumed-role/shop"];
    let printed = world.run(&arguments).exits(0);
    for text in
        ["120", "9400", "2026-11-24 06:00:00", "r-1", "max_tokens", "there may be more", "calls without a latency"]
    {
        assert!(printed.out.contains(text), "{text}\n{}", printed.out);
    }
    let queries = world.logs.bodies("StartQuery");
    assert_eq!(queries.len(), 4);
    for query in &queries {
        let text = query["queryString"].as_str().unwrap();
        assert!(text.contains("modelId like \"nova-lite\" and identity.arn like \"assumed-role/shop\""), "{text}");
        let (since, until) = (query["startTime"].as_i64().unwrap(), query["endTime"].as_i64().unwrap());
        assert!((86_400..=86_401).contains(&(until - since)), "a day, with a begun second: {query}");
    }
    let told = document(&world.run(&["logs", "slow", "--format", "json"]).exits(0));
    let call = &told["production"]["slowest"]["rows"][0];
    assert_eq!((&call["latency_ms"], &call["output_tokens"]), (&json!(9500.0), &json!(null)));
    assert_eq!(told["evaluation"]["latencies"], json!({"rows": [], "limit_reached": false}));
}

#[test]
fn errors_are_told_with_their_share() {
    let of = |more: &[(&str, &str)]| row(&[&[("modelId", LITE), ("operation", "Converse")], more].concat());
    let rows = vec![
        of(&[("calls", "95"), ("output.outputBodyJson.stopReason", "end_turn")]),
        of(&[("calls", "3"), ("errorCode", "ThrottlingException")]),
        of(&[("calls", "2"), ("output.outputBodyJson.stopReason", "guardrail_intervened")]),
    ];
    let world = World::logging(LogsScript::of_group(GROUP).with(ScriptedQuery::of(&["errorCode", THEIRS], rows)));
    let printed = world.run(&["logs", "errors"]).exits(0);
    for text in
        ["ThrottlingException", "3.0 %", "guardrail_intervened", "2.0 %", "Evaluation: Assay's own calls\n  none\n"]
    {
        assert!(printed.out.contains(text), "{text}\n{}", printed.out);
    }
    assert!(!printed.out.contains("end_turn"), "{}", printed.out);
}

#[test]
fn what_is_typed_wrongly_asks_nothing() {
    let world = World::logging(tokens());
    for (arguments, said) in [
        (&["--since", "yesterday"][..], "--since `yesterday` is no time"),
        (&["--since", "2999-01-01T00:00:00Z"], "is in the future"),
        (&["--since", "1h", "--until", "2h"], "which is not later"),
        (&["--timeout", "0s"], "--timeout `0s` is no length of time"),
        (&["--model", "a\" or 1 = 1 | fields @message"], "--model cannot be used: it holds '\"'"),
        (&["--caller", "arn|x"], "--caller cannot be used: it holds '|'"),
        (&["--model", ""], "--model cannot be used: it is empty"),
        (&["--log-group", "a b"], "--log-group holds ' '"),
    ] {
        world.run(&[&["logs", "tokens"], arguments].concat()).exits(2).says(said);
    }
    world.run(&["logs", "slow", "--limit", "0"]).exits(2);
    world.run(&["logs"]).exits(2);
    assert!(world.logs.calls().is_empty());
}

#[test]
fn every_end_without_rows_has_its_words_and_its_exit_code() {
    for (status, said) in [
        ("Failed", "the query ended as Failed in the service; ask again"),
        ("Cancelled", "ended as Cancelled: somebody stopped it"),
        ("Timeout", "ended as Timeout, as the service gives up after an hour"),
    ] {
        World::logging(going(status)).run(&["logs", "slow", "--timeout", "600s"]).exits(1).says(said);
    }
    // `slow` starts four queries at once.
    let (world, time, ended) = in_time(
        "slow",
        || going("Running"),
        |logs| {
            let looks = logs.bodies("GetQueryResults");
            let queries: BTreeSet<&str> = looks.iter().map(|look| look["queryId"].as_str().unwrap()).collect();
            let count = |query: &str| looks.iter().filter(|look| look["queryId"] == query).count();
            // The second request for the results of a query shows that the tool has the answer to the first.
            queries.len() == 4 && queries.iter().all(|query| count(query) >= 2)
        },
    );
    ended.exits(4).says(&format!("no rows within {time}, the query was Running; it is stopped"));
    let (begun, stopped) = (world.logs.bodies("StartQuery").len(), world.logs.bodies("StopQuery").len());
    assert_eq!((begun, stopped), (4, 4), "none is left running");

    let failing =
        |name: &str| (0..100).fold(tokens(), |script, _| script.failing("StartQuery", LogsError::new(name, "why")));
    for (name, code, said) in [
        ("AccessDeniedException", 2, "allow logs:StartQuery on the log group"),
        ("ResourceNotFoundException", 2, "there is no log group `/bedrock/calls`"),
        ("MalformedQueryException", 1, "does not understand the query"),
    ] {
        World::logging(failing(name)).run(&["logs", "tokens", "--timeout", "600s"]).exits(code).says(said);
    }
    // `tokens` starts two. The fourth attempt shows that the tool was refused: the SDK makes three attempts by itself.
    let (_, _, ended) = in_time(
        "tokens",
        || failing("LimitExceededException"),
        |logs| {
            let asked = logs.bodies("StartQuery");
            let queries: BTreeSet<&str> = asked.iter().map(|query| query["queryString"].as_str().unwrap()).collect();
            let count = |query: &str| asked.iter().filter(|asked| asked["queryString"] == query).count();
            queries.len() == 2 && queries.iter().all(|query| count(query) >= 4)
        },
    );
    ended.exits(1).says("too many queries run in this account");
}

/// A script in which every query stays in a status.
fn going(status: &str) -> LogsScript {
    LogsScript::of_group(GROUP).with(ScriptedQuery::of(&[], Vec::new()).going(&[status]))
}

/// Runs `assay logs`, with a longer timeout for a slow machine, until the calls that arrived are enough. Returns the timeout
/// beside the result.
fn in_time(
    command: &str,
    script: impl Fn() -> LogsScript,
    is_enough: impl Fn(&LogsStandIn) -> bool,
) -> (World, &'static str, Ended) {
    for time in ["3s", "30s", "300s"] {
        let world = World::logging(script());
        let ended = world.run(&["logs", command, "--timeout", time]);
        if is_enough(&world.logs) {
            return (world, time, ended);
        }
    }
    panic!("no time is enough for `assay logs {command}`");
}

#[test]
fn ctrl_c_stops_the_query() {
    let script = LogsScript::of_group(GROUP).with(ScriptedQuery::of(&[], Vec::new()).going(&["Running"]));
    let world = World::logging(script);
    let running = world.tool.start(&["logs", "tokens"]);
    until("both queries are looked at", || {
        let looks = world.logs.bodies("GetQueryResults");
        looks.iter().map(|look| look["queryId"].as_str().unwrap()).collect::<BTreeSet<_>>().len() == 2
    });
    running.signal("INT");
    running.wait().exits(4).says("stopping the query").says("error: stopped");
    assert_eq!(world.logs.bodies("StopQuery").len(), world.logs.bodies("StartQuery").len());
}

#[test]
fn without_a_log_group_there_is_nothing_to_ask() {
    let world = World::new(Behaviour::default(), tokens());
    world.run(&["logs", "tokens"]).exits(2).says("invocation logging is off").says("`assay monitor logging --enable`");
    world.bedrock.set_invocation_logging(Some(json!({"s3Config": {"bucketName": "bkt", "keyPrefix": "p"}})));
    world.run(&["logs", "tokens"]).exits(2).says("logged to s3://bkt/p alone");
    world.run(&["logs", "tokens", "--log-group", GROUP]).exits(0);
    world.run(&["logs", "tokens", "--log-group", "other"]).exits(2).says("there is no log group `other`");
    world.bedrock.set_behaviour(Behaviour::default().with(FaultRule::always(Fault::Denied)));
    world.run(&["logs", "tokens"]).exits(2).says("allow bedrock:GetModelInvocationLoggingConfiguration");
    Tool::alone()
        .with("AWS_EC2_METADATA_DISABLED", "true")
        .run(&["logs", "tokens"])
        .exits(2)
        .says("no AWS Region is set");
}
