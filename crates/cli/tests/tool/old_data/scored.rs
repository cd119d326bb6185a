//! Scores of an old run, computed again, and the same suite run again.

use super::{list, only_run, restore, text, values};
use crate::tool::{Tool, close};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn, StandInOptions};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A stand-in with the same faults as the one that the old run called.
fn same_stand_in() -> StandIn {
    let severities = Fault::Severities([("HATE".to_owned(), Some(0.2)), ("INSULTS".to_owned(), Some(0.6))].into());
    let refused = FaultRule::always(Fault::Validation).for_operation("Converse").for_prompt("Which stars are seen");
    let behaviour = Behaviour::default()
        .with(refused)
        .with(FaultRule::always(Fault::EmptyContent).for_model("us.amazon.nova-premier-v1:0").for_prompt("of the moon"))
        .with(FaultRule::always(severities).for_operation("InvokeGuardrailChecks").for_prompt("folded wrongly"));
    StandIn::start(StandInOptions { behaviour, ..StandInOptions::default() }).unwrap()
}

/// Indexes records by sample and model.
fn by_key(records: Vec<Value>) -> BTreeMap<(String, String), Value> {
    let key = |record: &Value| (text(record, "/sample/id").to_owned(), text(record, "/model").to_owned());
    records.into_iter().map(|record| (key(&record), record)).collect()
}

#[test]
fn an_old_run_gets_the_same_scores_again() {
    let tool = Tool::alone();
    restore(&tool, "run-with-judge");
    let run = only_run(&tool, "support");
    let spec = tool.json(&format!("{run}/spec.json"));
    let scorers: Vec<&str> = list(&spec["spec"], "scorers").iter().map(|scorer| scorer.as_str().unwrap()).collect();
    let ended = tool.run(&["score", &run, "--scorers", &scorers.join(",")]).exits(0);
    let mut lines = ended.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut compared = 0;
    for record in tool.records(&run).iter().filter(|record| record["failure"].is_null()) {
        let line = lines.next().unwrap();
        assert_eq!((&line["id"], &line["model"]), (&record["sample"]["id"], &record["model"]));
        assert_eq!(line["scores"].as_object().unwrap().len(), scorers.len());
        for scorer in &scorers {
            let (score, before) = (&line["scores"][scorer], &record["scores"][scorer]);
            match before["value"].as_f64() {
                Some(value) => close(&score["value"], value),
                None => assert!(before["unscored"].is_string() && score["unscored"].is_string(), "{scorer}: {line}"),
            }
            compared += usize::from(before["value"].is_f64());
        }
    }
    assert!(lines.next().is_none() && compared > 50, "{compared}");
}

#[test]
fn the_same_suite_sends_the_same_prompts_and_is_compared_with_the_old_run() {
    let stand_in = same_stand_in();
    let tool = Tool::beside(&stand_in);
    restore(&tool, "run-with-judge");
    let old = only_run(&tool, "support");
    tool.run(&["run", "suite", "--out", "new"]).exits(0);

    // A response of the stand-in depends on the model and the prompt only, so equal responses mean equal prompts.
    let (before, after) = (by_key(tool.records(&old)), by_key(tool.records("new")));
    assert!(before.keys().eq(after.keys()), "{:?}", after.keys());
    for (key, record) in &before {
        let again = &after[key];
        let responses = |record: &Value| -> Vec<Value> {
            list(record, "responses").iter().map(|response| response["text"].clone()).collect()
        };
        assert_eq!((responses(record), &record["sample"]), (responses(again), &again["sample"]), "{key:?}");
        let variants = |record: &Value| -> Vec<Value> {
            let variants = list(record, "variants").iter();
            variants.map(|variant| json!([variant["kind"], variant["prompt"], variant["response"]["text"]])).collect()
        };
        assert_eq!(variants(record), variants(again), "{key:?}");
        assert_eq!(record["toxicity"], again["toxicity"], "{key:?}");
        let ratings = |record: &Value| -> Vec<Value> {
            let verdicts = list(record, "verdicts").iter();
            verdicts.map(|verdict| json!([verdict["rubric"], verdict["repeat"], verdict["rating"]])).collect()
        };
        assert_eq!(ratings(record), ratings(again), "{key:?}");
    }

    let ended = tool.run(&["compare", &old, "new", "--format", "json"]).exits(0);
    let found: Value = serde_json::from_str(&ended.out).unwrap();
    for comparison in found.as_array().unwrap() {
        let model = &comparison["before"]["model"];
        let of_model: Vec<&Value> = before.values().filter(|record| record["model"] == *model).collect();
        assert_eq!((&comparison["shared"], &comparison["changed"]), (&json!(of_model.len()), &json!(0)));
        assert_eq!((&comparison["regressed"], &comparison["improved"]), (&json!(0), &json!(0)), "{comparison}");
        let measures = list(comparison, "measures");
        let relevance = measures.iter().find(|measure| measure["name"] == "relevance").unwrap();
        let known = values(&of_model, "relevance");
        close(&relevance["before"], super::mean(&known));
        close(&relevance["effect"], 0.0);
        close(&relevance["n"], known.len() as f64);
    }
    assert_eq!(found.as_array().unwrap().len(), 2);
}
