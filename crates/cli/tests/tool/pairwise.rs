//! Answers compared in pairs: both orders, ties where they disagree, and nothing paid for twice.

use super::tool::{MODEL, OTHER, Tool, question, questions, release, stand_in, until_held};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn};
use serde_json::json;

const JUDGE: &str = "us.amazon.nova-premier-v1:0";

fn tool(stand_in: &StandIn, lines: usize) -> Tool {
    let tool = Tool::beside(stand_in);
    let spec = json!({
        "suite": "s", "dataset": "cases.jsonl", "models": [{"id": OTHER}, {"id": MODEL}], "scorers": ["response_length"],
        "judge": {"model": JUDGE, "pairwise": {"text": "Which is clearer?"}}
    });
    tool.write("suite/assay.yaml", spec.to_string());
    tool.write("suite/cases.jsonl", questions(lines));
    tool
}

/// What the judge prefers for this question, first when asked and then when asked in the other order.
fn prefers(behaviour: Behaviour, number: usize, by_place: [&str; 2]) -> Behaviour {
    let form = |preferred: &str| json!({"explanation": "because", "preferred": preferred});
    let rule = |preferred: &str| FaultRule::always(Fault::ToolInput(form(preferred))).for_model(JUDGE);
    behaviour
        .with(rule(by_place[0]).for_prompt(question(number)).times(1))
        .with(rule(by_place[1]).for_prompt(question(number)))
}

#[test]
fn an_answer_wins_only_if_both_orders_agree() {
    // Whichever order is asked first, saying A once and B once is the same answer each time; A twice is a preference
    // for the place.
    let mut behaviour = Behaviour::default();
    for number in 1..=3 {
        behaviour = prefers(behaviour, number, ["A", "A"]);
    }
    behaviour = prefers(behaviour, 4, ["tie", "tie"]);
    for number in 5..=8 {
        behaviour = prefers(behaviour, number, ["A", "B"]);
    }
    let stand_in = stand_in(behaviour);
    let tool = tool(&stand_in, 8);
    tool.run(&["run", "suite", "--out", "out", "--concurrency", "1"]).exits(0);
    let summary = tool.json("out/summary.json");
    let pair = &summary["judge"]["pairs"][0];
    assert_eq!((&pair["first"], &pair["second"]), (&json!(MODEL), &json!(OTHER)));
    assert_eq!(summary["judge"]["pairs"].as_array().unwrap().len(), 1);
    let count = |name: &str| pair[name].as_u64().unwrap();
    assert_eq!((count("wins") + count("losses"), count("ties"), count("failed")), (4, 4, 0));
    assert_eq!(count("wins"), 4, "the first model is shown as A first");
    assert_eq!(pair["position_consistency"], 5.0 / 8.0);
    // Four heads of four, two-sided: 2/16.
    assert!((pair["p_value"].as_f64().unwrap() - 0.125).abs() < 1e-12);
    // Wilson's interval for 4 of 8 (E. B. Wilson, 1927), by its formula.
    let (n, z) = (8.0_f64, 1.959_963_984_540_054_f64);
    let half = z * (0.25 / n + z * z / (4.0 * n * n)).sqrt() / (1.0 + z * z / n);
    let interval = &pair["win_interval"];
    assert!((interval[0].as_f64().unwrap() - (0.5 - half)).abs() < 1e-9, "{interval}");
    assert!((interval[1].as_f64().unwrap() - (0.5 + half)).abs() < 1e-9, "{interval}");

    let lines = std::fs::read_to_string(tool.path("out/pairwise/part-00000.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 16);
    let judged = stand_in.calls().iter().filter(|call| &*call.model == JUDGE).count();
    assert_eq!(judged, 16);
}

#[test]
fn a_killed_comparison_goes_on_where_it_was() {
    let stand_in = stand_in(Behaviour::default());
    let tool = tool(&stand_in, 40);
    let command = ["run", "suite", "--out", "out", "--concurrency", "4"];
    // Starts the run, and waits until the judge has compared 27 further pairs and the next four calls are held.
    let start_and_hold = |before: u64| {
        let hold = FaultRule::always(Fault::Hold).for_model(JUDGE).after(27);
        stand_in.set_behaviour(Behaviour::default().with(hold));
        let running = tool.start(&command);
        until_held(&stand_in, before + 27 + 4, 4);
        running
    };
    start_and_hold(2 * 40).kill();
    release(&stand_in);
    start_and_hold(2 * 40 + 27 + 4).interrupt("INT", &stand_in).exits(4);
    assert!(!tool.path("out/summary.json").exists());
    tool.run(&command).exits(0);
    assert_eq!(stand_in.repeated_answers(), 0);
    assert_eq!(stand_in.totals().calls, 4 * 40 + 4, "but for what was held at the kill");
    let pair = tool.json("out/summary.json")["judge"]["pairs"][0].clone();
    let sum: u64 = ["wins", "losses", "ties"].iter().map(|name| pair[name].as_u64().unwrap()).sum();
    assert_eq!((sum, &pair["failed"]), (40, &json!(0)));
}
