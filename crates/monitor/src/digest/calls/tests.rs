#![allow(clippy::unwrap_used)]
use super::*;
use crate::logs::{Answered, ErrorCount, TokenCount, costs};
use assay_model::pricing::{PriceTable, Prices};

fn call(model: &str, latency_ms: Option<f64>) -> SlowCall {
    SlowCall {
        at: None,
        model: Some(model.to_owned()),
        operation: None,
        request: None,
        caller: None,
        latency_ms,
        input_tokens: None,
        output_tokens: None,
        cache_read_tokens: None,
        cache_write_tokens: None,
        stop_reason: None,
        suite: None,
        run: None,
    }
}

fn slow(rows: Vec<SlowCall>) -> Answered<SlowCall> {
    Answered { rows, limit_reached: false }
}

fn tokens(model: &str, input_tokens: u64) -> TokenCount {
    TokenCount {
        model: Some(model.to_owned()),
        caller: None,
        calls: Some(1),
        input_tokens: Some(input_tokens),
        output_tokens: Some(1_000),
        cache_read_tokens: Some(500),
        cache_write_tokens: None,
    }
}

fn cost(rows: &[TokenCount]) -> ModelCosts {
    let table = r#"{"format": 1, "models": {"own": {"input": "2", "output": "8", "cache_read": "1", "cache_write": "2",
        "source": "contract", "date": "2026-11-01"}}}"#;
    let costs = costs(rows, &Prices::default().with(PriceTable::read(table).unwrap()));
    ModelCosts { costs, limit_reached: false }
}

#[test]
fn evaluation_and_production_stand_in_one_order() {
    let errors = |error: &str, calls| Errors {
        errors: vec![ErrorCount {
            model: Some("own".to_owned()),
            operation: None,
            error: error.to_owned(),
            calls,
            of_calls: 10,
        }],
        stops: Vec::new(),
        limit_reached: false,
    };
    let production = vec![tokens("own", 1_500_000), tokens("new", 7)];
    let now = Overview {
        slowest: Ok(ByTraffic {
            production: slow(vec![call("p", Some(5.0)), call("p", None), call("p", Some(1.0))]),
            evaluation: slow(vec![
                call("e", Some(9.0)),
                call("e", Some(4.0)),
                call("e", Some(3.0)),
                call("e", Some(2.0)),
            ]),
        }),
        errors: Ok(ByTraffic { production: errors("x", 1), evaluation: errors("y", 2) }),
        costs: Ok(ByTraffic { production: cost(&production), evaluation: cost(&[tokens("own", 0)]) }),
    };
    let last = [tokens("own", 250_000), tokens("left", 1_000_000)];
    let before = Ok(ByTraffic { production: cost(&last), evaluation: cost(&[]) });
    let Calls { slowest, errors, spending, unknown_before } = Calls::of(now, &before);
    assert_eq!(unknown_before, None);
    let (Part::Known(slowest), Part::Known(errors), Part::Known(spending)) = (slowest, errors, spending) else {
        panic!()
    };
    assert_eq!(slowest.iter().map(|call| call.latency_ms).collect::<Vec<_>>(), [9.0, 5.0, 4.0, 3.0, 2.0]);
    assert_eq!(slowest.iter().map(|call| call.evaluation).collect::<Vec<_>>(), [true, false, true, true, true]);
    assert_eq!(
        errors.found.iter().map(|failed| (failed.error.as_str(), failed.evaluation)).collect::<Vec<_>>(),
        [("y", true), ("x", false)]
    );
    let usd = |cost: Option<LoggedCost>| cost.map(|cost| cost.usd);
    let told: Vec<_> = spending
        .found
        .iter()
        .map(|taken| (taken.model.as_str(), taken.evaluation, usd(taken.now), usd(taken.before)))
        .collect();
    // By hand, over 1,000,000: 1,500,000 x 2 + 1,000 x 8 + 500 x 1, and for ours 1,000 x 8 + 500 x 1; the week before
    // 250,000 x 2 + 1,000 x 8 + 500 x 1. One that nobody calls any more is told, too; it has no price.
    let expected = [
        ("new", false, Some(None), None),
        ("own", false, Some(Some(3.0085)), Some(Some(0.5085))),
        ("left", false, None, Some(None)),
        ("own", true, Some(Some(0.0085)), None),
    ];
    assert_eq!(told, expected);
    assert_eq!(spending.found[1].now.unwrap().input_tokens, 1_500_500);
}

#[test]
fn that_there_may_be_more_is_carried_on() {
    let none = || ByTraffic { production: ModelCosts::default(), evaluation: ModelCosts::default() };
    let full = ModelCosts { limit_reached: true, ..ModelCosts::default() };
    let errors = Errors { errors: Vec::new(), stops: Vec::new(), limit_reached: true };
    let few = Errors { limit_reached: false, ..errors.clone() };
    let of = |costs| Overview {
        slowest: Ok(ByTraffic { production: slow(Vec::new()), evaluation: slow(Vec::new()) }),
        errors: Ok(ByTraffic { production: few.clone(), evaluation: errors.clone() }),
        costs: Ok(costs),
    };
    let limited = |now: ByTraffic<ModelCosts>, before| {
        let Part::Known(spending) = Calls::of(of(now), &Ok(before)).spending else { panic!() };
        spending.limit_reached
    };
    let evaluation = || ByTraffic { evaluation: full.clone(), ..none() };
    assert_eq!(
        [limited(none(), none()), limited(evaluation(), none()), limited(none(), evaluation())],
        [false, true, true]
    );
    let Part::Known(errors) = Calls::of(of(none()), &Ok(none())).errors else { panic!() };
    assert!(errors.limit_reached && errors.found.is_empty());
}

#[test]
fn a_question_without_an_answer_leaves_the_others() {
    let now = Overview {
        slowest: Err(LogsError::Ended { status: "Failed".to_owned() }),
        errors: Err(LogsError::Stopped),
        costs: Ok(ByTraffic { production: cost(&[tokens("own", 1)]), evaluation: cost(&[]) }),
    };
    let calls = Calls::of(now, &Err(LogsError::Stopped));
    assert_eq!(calls.reason(), None);
    assert_eq!(calls.slowest, Part::Unknown("the query ended as Failed in the service; ask again".to_owned()));
    let Part::Known(spending) = calls.spending else { panic!() };
    assert_eq!((spending.found.len(), spending.found[0].before), (1, None));
    assert_eq!(calls.unknown_before.as_deref(), Some("stopped"), "what is not known is not shown as none");
    assert_eq!(Calls::unknown("off").reason(), Some("off"));
}
