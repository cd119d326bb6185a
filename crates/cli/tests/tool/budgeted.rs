//! Budgets: never overspent however many calls are under way, nothing lost, and the same run goes on with more.

use super::tool::{MODEL, Tool, of_model, question, questions, stand_in, write_suite};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, deterministic_answer, estimated_tokens};
use serde_json::{Value, json};

const SAMPLES: usize = 200;
const LONGEST: u64 = 60;
const COMMAND: [&str; 6] = ["run", "suite", "--out", "out", "--concurrency", "32"];

fn suite(tool: &Tool, model: &str, budget: Option<Value>) {
    // A file that is written again is another state of the dataset.
    if !tool.path("suite/cases.jsonl").exists() {
        tool.write("suite/cases.jsonl", questions(SAMPLES));
    }
    let mut spec = json!({"suite": "parcels", "dataset": "cases.jsonl", "scorers": ["response_length"],
        "models": [{"id": model, "inference": {"maxTokens": LONGEST}}]});
    if let Some(budget) = budget {
        spec["budget"] = budget;
    }
    tool.write("suite/assay.yaml", spec.to_string());
}

/// What the stand-in bills for one question.
fn billed(prompt: &str) -> (u64, u64) {
    let count = |text: &str| estimated_tokens(text.chars().count());
    (count(prompt), count(&deterministic_answer(MODEL, prompt)).min(LONGEST))
}

/// Tokens, and cost in billionths of a dollar, of everything that the stand-in answered.
fn spent(stand_in: &local_stack::stand_in::StandIn) -> (u64, u64) {
    let calls = stand_in.calls();
    let answered = calls.iter().filter(|call| call.outcome.name() == "answered").map(|call| billed(&call.prompt));
    answered.fold((0, 0), |(tokens, cost), (input, output)| (tokens + input + output, cost + input * 60 + output * 240))
}

#[test]
fn a_budget_is_never_overspent_and_a_higher_one_goes_on() {
    let (all_tokens, all_cost) = (1..=SAMPLES).map(question).fold((0, 0), |(tokens, cost), prompt| {
        let (input, output) = billed(&prompt);
        (tokens + input + output, cost + input * 60 + output * 240)
    });
    let most_of_one = (32 + question(SAMPLES).len() as u64, LONGEST);
    for (budget, bound) in [("tokens", all_tokens / 2), ("usd", all_cost / 2)] {
        let stand_in = stand_in(
            Behaviour { latency_ms: Some(20), ..Behaviour::default() }
                .with(FaultRule::rate(0.1, Fault::Throttle { retry_after_seconds: None })),
        );
        let tool = Tool::beside(&stand_in);
        let value = |bound: u64| match budget {
            "tokens" => json!({"tokens": bound}),
            _ => json!({"usd": format!("0.{bound:09}")}),
        };
        suite(&tool, MODEL, Some(value(bound)));
        let ended = tool.run(&COMMAND).exits(4).says("is used up after").says("raise `budget`");
        assert!(!tool.path("out/summary.json").exists(), "the run can be gone on with");
        let (tokens, cost) = spent(&stand_in);
        let (taken, most) = match budget {
            "tokens" => (tokens, most_of_one.0 + most_of_one.1),
            _ => (cost, most_of_one.0 * 60 + most_of_one.1 * 240),
        };
        assert!(taken <= bound && taken + most > bound, "{budget}: {taken} of {bound}");
        let kept = tool.records("out").iter().filter(|record| record["failure"].is_null()).count();
        let answered = stand_in.calls().iter().filter(|call| call.outcome.name() == "answered").count();
        assert_eq!(kept, answered, "nothing that was answered is lost");
        assert!(ended.err.contains(&format!("after {kept} of {SAMPLES} answers")), "{}", ended.err);

        // Once more: a question that is shorter than the one that did not fit may fit, and the bound holds all the same.
        tool.run(&COMMAND).exits(4).says("is used up after");
        let (tokens, cost) = spent(&stand_in);
        assert!(if budget == "tokens" { tokens } else { cost } <= bound, "{budget}: {tokens}, {cost} of {bound}");

        suite(&tool, MODEL, Some(value(bound * 3)));
        tool.run(&COMMAND).exits(0).says("going on with run");
        assert_eq!(stand_in.repeated_answers(), 0, "what is paid for is not asked again");
        assert_eq!(spent(&stand_in), (all_tokens, all_cost));
        let summary = tool.json("out/summary.json");
        assert_eq!(
            (&summary["status"], &of_model(&summary, MODEL)["answered"]),
            (&json!("completed"), &json!(SAMPLES))
        );
    }
}

#[test]
fn without_the_budget_the_same_run_goes_on_too() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    suite(&tool, MODEL, Some(json!({"tokens": 1000})));
    tool.run(&COMMAND).exits(4);
    let before = stand_in.totals().calls;
    assert!((1..SAMPLES as u64).contains(&before), "{before}");
    suite(&tool, MODEL, None);
    tool.run(&COMMAND).exits(0);
    assert_eq!(stand_in.totals().calls, SAMPLES as u64);
}

#[test]
fn dollars_need_a_price_and_tokens_do_not() {
    const STRANGER: &str = "us.example.first-v1:0";
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    suite(&tool, STRANGER, Some(json!({"usd": 5})));
    tool.run(&COMMAND).exits(2).says(STRANGER).says("give its price under `prices`").says("`budget.tokens`");
    assert_eq!(stand_in.totals().calls, 0);
    suite(&tool, STRANGER, Some(json!({"tokens": 10_000_000})));
    tool.run(&COMMAND).exits(0);
    assert_eq!(stand_in.totals().calls, SAMPLES as u64);
}

#[test]
fn an_answer_without_a_longest_length_is_reckoned_with_an_assumption_that_is_told() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, 3, &[MODEL]);
    let mut spec = tool.json("suite/assay.yaml");
    spec["budget"] = json!({"tokens": 4000});
    tool.write("suite/assay.yaml", spec.to_string());
    tool.run(&COMMAND).exits(4).says("after 0 of 3 answers");
    assert_eq!(stand_in.totals().calls, 0, "an answer of 4,096 tokens does not fit");
    spec["budget"] = json!({"tokens": 20_000});
    tool.write("suite/assay.yaml", spec.to_string());
    tool.run(&COMMAND).exits(0).prints("has no maxTokens: the budget reckons with answers of 4096");
}
