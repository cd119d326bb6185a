//! A suite that is run several times, and then answered worse: held against its baseline, its gate and its own history.
//!
//! The first model gets 0, 1, 0, 2 and 1 of twenty questions wrong in the first five rounds, so its means of `exact_match`
//! are 1, 0.95, 1, 0.9 and 0.95. Their median is 0.95; the deviations from it are 0.05, 0, 0.05, 0.05 and 0, whose median is
//! 0.05; two deviations below the median are 0.85. The second model is always right: median 1, no deviation, so the least
//! margin of 1 % counts, which is 0.99. In the sixth round the first model gets all of them wrong.

use crate::answers::{self, QUESTIONS};
use crate::{RUNNER, STACK, assert_no_violation, digest, facts, put_probe, turn};
use end_to_end::stack::{MODEL_IDS, NAMESPACE, deployed};
use end_to_end::tool;
use end_to_end::world::{self, assert_close, parse};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const SUITE: &str = "faq";
/// Wrong answers of the first model in the rounds before it gets worse.
const WRONG: [usize; 5] = [0, 1, 0, 2, 1];

/// The event of a round that was meant to be so many minutes ago.
fn round(minutes: i64) -> Value {
    let at = Timestamp::now() - SignedDuration::from_mins(minutes);
    json!({"assay": "probes", "suites": [SUITE], "at": at.to_string()})
}

/// Has the suite run while the first model gets so many questions wrong; the run.
async fn run(event: &Value, wrong: usize) -> String {
    answers::settle(&[wrong, 0]);
    let answer = world::deliver(RUNNER, event).await;
    assert_eq!((&answer["result"], &answer["findings"]), (&json!("finished"), &json!(0)), "{answer}");
    assert_eq!(answer["probes"].as_array().unwrap().len(), 1, "{answer}");
    assert_eq!(answer["probes"][0]["result"], "evaluated", "{answer}");
    answer["probes"][0]["run"].as_str().unwrap().to_owned()
}

fn alarm(model: usize) -> String {
    format!("{STACK}/{SUITE}/{}/exact_match", MODEL_IDS[model])
}

/// The alarms of the suite: their thresholds and states.
async fn alarms() -> Vec<(String, f64, String)> {
    let alarms = world::alarms().await.into_iter().filter(|(name, _)| name.starts_with(&format!("{STACK}/{SUITE}/")));
    let told = |alarm: &Value, field: &str| alarm[field].as_str().unwrap().to_owned();
    alarms.map(|(name, alarm)| (name, alarm["Threshold"].as_f64().unwrap(), told(&alarm, "StateValue"))).collect()
}

fn kinds(told: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<&str> =
        told.iter().map(|it| it["kind"].as_str().or(it["NewStateValue"].as_str()).unwrap()).collect();
    kinds.sort_unstable();
    kinds
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_got_worse_fail_the_gate_and_raise_the_alarm_of_their_history() {
    let (_turn, _) = turn().await;
    let gate = json!({"no_regression": {"against": "baseline", "alpha": 0.05}});
    put_probe(SUITE, &json!({"scorers": ["exact_match"], "application": "EndToEnd", "gate": gate})).await;
    let everything = world::subscribe_to_all(SUITE).await;

    let mut runs = vec![run(&round(10), WRONG[0]).await];
    let place = format!("s3://{}/runs/{SUITE}/{}", world::bucket(), runs[0]);
    let set = tool::assay(&["baseline", "set", &place]);
    assert!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));
    for (minutes, wrong) in (5..10).rev().zip(&WRONG[1..]) {
        let event = round(minutes);
        runs.push(run(&event, *wrong).await);
        // The same event again is the same round, and asks nobody.
        let asked = deployed().stand_in().calls().len();
        assert_eq!(world::deliver(RUNNER, &event).await["result"], "done");
        assert_eq!(deployed().stand_in().calls().len(), asked);
    }
    assert_eq!(alarms().await, [], "four runs are no history of five");
    let told = world::notices(&everything).await;
    assert_eq!(kinds(&told), ["run_finished"; 5], "one or two wrong answers of twenty are no evidence");

    let worse = run(&round(1), QUESTIONS).await;
    assert!(!runs.contains(&worse));
    assert_alarmed(&world::notices(&everything).await, &worse).await;
    assert_run(&worse, &runs[0]).await;
    assert_metrics(runs.len()).await;

    // Nothing comes after it: neither a second message nor a second run.
    assert_eq!(world::notices(&everything).await, Vec::<Value>::new());
    assert_eq!(world::runs(SUITE, WRONG.len() + 1).await.len(), WRONG.len() + 1);
    // The mean of the first model's six means is 4.8 / 6.
    let week = [
        format!("Runs: {SUITE}: 6 runs, 5 passed the gate, 1 FAILED THE GATE, 1 WORSE THAN THE BASELINE"),
        format!("Alarms: raised: {}", alarm(0)),
        format!("Trends: {SUITE}, {}: exact_match 0.8000 (no run in the week before)", MODEL_IDS[0]),
        format!("Trends: {SUITE}, {}: exact_match 1.0000 (no run in the week before)", MODEL_IDS[1]),
        "Throttled calls: none".to_owned(),
    ];
    digest::tells(&everything, &week).await;
    assert_no_violation();
}

/// What the topic was told of the round in which the first model got worse.
async fn assert_alarmed(told: &[Value], run: &str) {
    assert_eq!(alarms().await, [(alarm(1), 0.99, "OK".to_owned()), (alarm(0), 0.85, "ALARM".to_owned()),]);
    assert_eq!(kinds(told), ["ALARM", "alarms_changed", "gate_failed"], "{told:?}");
    let of = |kind: &str| told.iter().find(|it| it["kind"] == kind || it["NewStateValue"] == kind).unwrap();

    let changed = of("alarms_changed");
    assert_eq!(changed["suite"], SUITE);
    let added = |model: usize, threshold: f64| format!("added {}: the threshold is {threshold}", alarm(model));
    let mut said = facts(changed);
    said.sort_unstable();
    assert_eq!(said, [added(1, 0.99), added(0, 0.85)]);

    let message = of("ALARM");
    assert_eq!((&message["AlarmName"], &message["OldStateValue"]), (&json!(alarm(0)), &json!("OK")));
    let trigger = &message["Trigger"];
    assert_eq!((&trigger["MetricName"], &trigger["Namespace"]), (&json!("ExactMatch"), &json!(NAMESPACE)));
    let dimensions = [("ModelId", MODEL_IDS[0]), ("Application", "EndToEnd"), ("Suite", SUITE)];
    let dimensions = dimensions.map(|(name, value)| json!({"Name": name, "Value": value}));
    assert_eq!(trigger["Dimensions"], json!(dimensions));
    let description = message["AlarmDescription"].as_str().unwrap();
    for number in ["0.85", "0.95", "0.05", "5 runs"] {
        assert!(description.contains(number), "{number}: {description}");
    }

    let notice = of("gate_failed");
    assert_eq!((&notice["run"], &notice["suite"]), (&json!(run), &json!(SUITE)));
    assert_eq!(notice["report"], format!("s3://{}/runs/{SUITE}/{run}/report.html", world::bucket()));
    let link = notice["link"].as_str().unwrap();
    assert!(link.starts_with("https://") && link.contains("us-east-1") && link.contains(run), "{link}");
    let said = facts(notice).join("\n");
    assert!(said.contains(MODEL_IDS[0]) && said.contains("exact_match"), "{said}");
    assert!(said.contains(&answers::id(1)), "the worst samples are not named: {said}");
    for secret in ["secret of page", "written on page", "Nothing at all"] {
        assert!(!notice.to_string().contains(secret), "a notice tells no questions and no answers");
    }
}

/// What the run itself says.
async fn assert_run(run: &str, baseline: &str) {
    let path = format!("runs/{SUITE}/{run}/summary.json");
    let summary = parse(&world::objects(&path).await[&path]);
    assert_eq!(summary["gate"]["passed"], false, "{summary}");
    let reasons = summary["gate"]["reasons"].to_string();
    assert!(reasons.contains(MODEL_IDS[0]) && !reasons.contains(&format!("\"{}", MODEL_IDS[1])), "{reasons}");
    for (model, mean) in MODEL_IDS.into_iter().zip([0.0, 1.0]) {
        let told = summary["models"].as_array().unwrap().iter().find(|it| it["model"] == model).unwrap();
        assert_close(&told["scores"]["exact_match"]["mean"], mean, model);
    }
    let set = parse(
        &world::objects(&format!("suites/{SUITE}/baseline.json")).await[&format!("suites/{SUITE}/baseline.json")],
    );
    assert_eq!(set["run"], baseline);
    let history = world::objects(&format!("suites/{SUITE}/history.jsonl")).await;
    let lines: Vec<Value> = history.values().flat_map(|text| text.lines()).map(parse).collect();
    assert_eq!(lines.len(), WRONG.len() + 1);
}

/// What was counted over all six rounds.
async fn assert_metrics(before: usize) {
    let metrics = world::metrics(SUITE).await;
    let find = |name: &str, model: Option<&str>| {
        let mut dimensions = json!({"Application": "EndToEnd", "Suite": SUITE});
        if let Some(model) = model {
            dimensions["ModelId"] = json!(model);
        }
        let mut found = metrics.iter().filter(|it| it["name"] == name && it["dimensions"] == dimensions);
        let (Some(only), None) = (found.next(), found.next()) else { panic!("not one {name} of {dimensions}") };
        only
    };
    // The first run had no baseline yet, so nothing to be worse than; it passed what else there was of its gate.
    for (model, worse) in MODEL_IDS.into_iter().zip([1.0, 0.0]) {
        let regression = find("Regression", Some(model));
        assert_close(&regression["sum"][0], worse, &format!("Regression of {model}"));
        assert_close(&regression["count"][0], before as f64, &format!("runs of {model} that were compared"));
    }
    let passed = find("GatePassed", None);
    assert_close(&passed["sum"][0], before as f64, "gates that passed");
    assert_close(&passed["count"][0], before as f64 + 1.0, "gates");
    let right: usize = WRONG.iter().map(|wrong| QUESTIONS - wrong).sum();
    let scores = find("ExactMatch", Some(MODEL_IDS[0]));
    assert_close(&scores["sum"][0], right as f64, "right answers of the first model");
    assert_close(&scores["count"][0], (QUESTIONS * (before + 1)) as f64, "answers of the first model");
}
