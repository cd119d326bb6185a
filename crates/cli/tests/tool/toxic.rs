//! Toxicity of answers: by InvokeGuardrailChecks and by a guardrail, and what becomes of answers where neither can be
//! had.

use super::tool::{MODEL, Tool, close, of_model, question, questions, stand_in};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn};
use serde_json::{Value, json};

const CHECKS: &str = "InvokeGuardrailChecks";
const GUARDRAIL: &str = "ApplyGuardrail";

fn suite(tool: &Tool, lines: usize, toxicity: Value) {
    let spec = json!({
        "suite": "s", "dataset": "cases.jsonl", "models": [{"id": MODEL}], "scorers": ["response_length"],
        "toxicity": toxicity
    });
    tool.write("suite/assay.yaml", spec.to_string());
    tool.write("suite/cases.jsonl", questions(lines));
}

/// Answers to the question with this number are found so harmful.
fn harmful(number: usize, severities: Value) -> FaultRule {
    let severities = Fault::Severities(serde_json::from_value(severities).unwrap());
    // The stand-in's answer holds the first words of the question; the number is among them.
    FaultRule::always(severities).for_prompt(format!("number {number}?"))
}

fn calls(stand_in: &StandIn, operation: &str) -> usize {
    stand_in.calls().iter().filter(|call| call.operation == operation).count()
}

fn run(stand_in: &StandIn, lines: usize, toxicity: Value) -> (Tool, Value) {
    let tool = Tool::beside(stand_in);
    suite(&tool, lines, toxicity);
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    let summary = tool.json("out/summary.json");
    (tool, summary)
}

/// What of the questions the stand-in's answers repeat, so that rules find them.
fn stand_in_that_repeats_numbers(behaviour: Behaviour) -> StandIn {
    let probe = stand_in(behaviour);
    for number in 1..=4 {
        let answer = local_stack::stand_in::deterministic_answer(MODEL, &question(number));
        assert!(answer.contains(&format!("number {number}?")), "{answer}");
    }
    probe
}

#[test]
fn severities_become_scores_and_the_greatest_counts() {
    let behaviour = Behaviour::default()
        .with(harmful(1, json!({"HATE": 0.2, "INSULTS": 0.8})))
        .with(harmful(2, json!({"HATE": 0.6, "VIOLENCE": 1.0})));
    let stand_in = stand_in_that_repeats_numbers(behaviour);
    let (tool, summary) = run(&stand_in, 4, json!({"categories": ["HATE", "INSULTS"]}));
    let scores = &of_model(&summary, MODEL)["scores"];
    close(&scores["toxicity"]["mean"], (0.8 + 0.6) / 4.0);
    close(&scores["toxicity.HATE"]["mean"], (0.2 + 0.6) / 4.0);
    close(&scores["toxicity.INSULTS"]["mean"], 0.8 / 4.0);
    assert!(scores["toxicity.VIOLENCE"].is_null(), "it was not chosen");
    assert_eq!(calls(&stand_in, CHECKS), 4);

    // The request as AWS documents it.
    let asked = stand_in.latest_requests();
    let asked: Vec<&Value> = asked.iter().filter(|body| !body["checks"].is_null()).collect();
    let answer = local_stack::stand_in::deterministic_answer(MODEL, &question(1));
    let expected = json!({
        "messages": [{"role": "assistant", "content": [{"text": answer}]}],
        "checks": {"contentFilter": {"categories": [{"category": "HATE"}, {"category": "INSULTS"}]}}
    });
    assert!(asked.contains(&&expected), "{asked:#?}");

    let records = tool.records("out");
    let whole: Vec<&Value> = records.iter().filter(|record| record["failure"].is_null()).collect();
    assert_eq!(whole.len(), 4);
    let second = whole.iter().find(|record| record["sample"]["id"] == "case-2").unwrap();
    let severities = json!({"HATE": 0.6, "INSULTS": 0.0});
    assert_eq!(second["toxicity"], json!([{"response": 0, "source": CHECKS, "severities": severities}]));

    let metrics = std::fs::read_to_string(tool.path("out/metrics.jsonl")).unwrap();
    let metrics: Vec<Value> = metrics.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |name: &str| metrics.iter().filter(|metric| metric["name"] == name).collect::<Vec<_>>();
    assert_eq!(of("Toxicity").len(), 1);
    let categories: Vec<String> =
        of("ToxicityByCategory").iter().map(|metric| metric["dimensions"].to_string()).collect();
    assert_eq!(categories.len(), 2);
    assert!(categories[0].contains(r#"["Category","HATE"]"#), "{categories:?}");
}

#[test]
fn a_guardrail_tells_confidences_and_what_it_has_no_filter_for_is_unscored() {
    let behaviour = Behaviour::default()
        .with(harmful(1, json!({"HATE": 0.3, "INSULTS": 0.6})))
        .with(harmful(2, json!({"INSULTS": 0.9, "SEXUAL": null})));
    let stand_in = stand_in_that_repeats_numbers(behaviour);
    let categories = json!(["HATE", "INSULTS", "SEXUAL"]);
    let (_, summary) =
        run(&stand_in, 4, json!({"categories": categories, "guardrail": {"id": "abc1", "version": "2"}}));
    let scores = &of_model(&summary, MODEL)["scores"];
    // LOW is 1/3, MEDIUM 2/3, HIGH 1.
    close(&scores["toxicity.HATE"]["mean"], (1.0 / 3.0) / 4.0);
    close(&scores["toxicity.INSULTS"]["mean"], (2.0 / 3.0 + 1.0) / 4.0);
    assert_eq!((&scores["toxicity"]["n"], &scores["toxicity"]["unscored"]), (&json!(3), &json!(1)));
    close(&scores["toxicity"]["mean"], (2.0 / 3.0) / 3.0);
    assert_eq!(scores["toxicity"]["unscored_reasons"], json!({"SEXUAL was not measured": 1}));
    assert_eq!((calls(&stand_in, CHECKS), calls(&stand_in, GUARDRAIL)), (0, 4));
    let asked = stand_in.latest_requests();
    let asked = asked.iter().find(|body| body["source"] == "OUTPUT").unwrap();
    assert_eq!(asked["outputScope"], "FULL");
    assert!(asked["content"][0]["text"]["text"].is_string());
}

#[test]
fn where_the_operation_is_missing_the_answers_stay_and_the_way_out_is_told() {
    for fault in [Fault::UnknownOperation, Fault::Denied] {
        let stand_in = stand_in(Behaviour::default().with(FaultRule::always(fault).for_operation(CHECKS)));
        let (tool, summary) = run(&stand_in, 40, json!({}));
        let found = of_model(&summary, MODEL);
        assert_eq!((&found["answered"], &found["failed"]), (&json!(40), &json!(0)));
        assert_eq!(
            (&found["scores"]["toxicity"]["n"], &found["scores"]["toxicity"]["unscored"]),
            (&json!(0), &json!(40))
        );
        assert_eq!(found["scores"]["response_length"]["n"], 40);
        assert_eq!(summary["status"], "completed");
        let told = summary["problems"].to_string();
        assert!(told.contains("us-east-1") && told.contains("toxicity.guardrail"), "{told}");
        // Whoever was not under way already did not ask in vain.
        assert!(calls(&stand_in, CHECKS) <= 20, "{}", calls(&stand_in, CHECKS));
        drop(tool);
    }
}

#[test]
fn a_passing_fault_is_asked_again_and_a_lasting_one_leaves_the_number_open() {
    let behaviour = Behaviour::default()
        .with(FaultRule::every(3, Fault::Throttle { retry_after_seconds: None }).for_operation(CHECKS))
        .with(FaultRule::always(Fault::Validation).for_operation(CHECKS).for_prompt("number 2?"));
    let stand_in = stand_in_that_repeats_numbers(behaviour);
    let (_, summary) = run(&stand_in, 4, json!({"categories": ["HATE"]}));
    let scores = &of_model(&summary, MODEL)["scores"];
    assert_eq!((&scores["toxicity"]["n"], &scores["toxicity"]["unscored"]), (&json!(3), &json!(1)));
    let reasons = scores["toxicity"]["unscored_reasons"].to_string();
    assert!(reasons.contains("rejected: ValidationException"), "{reasons}");
}

#[test]
fn recorded_answers_are_looked_through_too_but_not_offline() {
    let stand_in = stand_in(
        Behaviour::default()
            .with(FaultRule::always(Fault::Severities([("HATE".to_owned(), Some(0.4))].into())).for_prompt("bad")),
    );
    let tool = Tool::beside(&stand_in);
    suite(&tool, 0, json!({"categories": ["HATE"]}));
    let answer = |text: &str| json!({"response": text, "modelIdentifier": "m"});
    let lines = [("a", "a bad answer"), ("b", "a good answer"), ("c", "")];
    let lines = lines.map(|(id, text)| json!({"id": id, "prompt": id, "modelResponses": [answer(text)]}).to_string());
    tool.write("suite/cases.jsonl", lines.join("\n"));
    tool.run(&["run", "suite", "--out", "asked"]).exits(0);
    let summary = tool.json("asked/summary.json");
    let scores = &of_model(&summary, "m")["scores"]["toxicity"];
    assert_eq!((&scores["n"], &scores["unscored"]), (&json!(2), &json!(1)));
    close(&scores["mean"], 0.2);
    assert_eq!(scores["unscored_reasons"], json!({"rejected: the answer is empty": 1}));
    assert_eq!(calls(&stand_in, "Converse"), 0);

    stand_in.clear_calls();
    tool.run(&["run", "suite", "--out", "offline", "--recorded"]).exits(0);
    let summary = tool.json("offline/summary.json");
    let scores = &of_model(&summary, "m")["scores"]["toxicity"];
    assert_eq!(scores["unscored_reasons"], json!({"not collected: only recorded answers were used": 3}));
    assert_eq!(stand_in.totals().calls, 0);
}
