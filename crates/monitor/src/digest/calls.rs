//! What the invocation log says of a week: all calls of models, whoever made them, evaluation apart from production.

use super::Part;
use crate::logs::{ByTraffic, Costs, Errors, LogsError, Overview, SlowCall};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many of the slowest calls are told.
const SLOWEST: usize = 5;

/// Everything that the invocation log says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calls {
    /// The slowest calls, the slowest first.
    pub slowest: Part<Vec<Slow>>,
    /// Failed calls, the most frequent first.
    pub errors: Part<Vec<Failed>>,
    /// What calls took, by model and by whether they were evaluation.
    pub spending: Part<Vec<Taken>>,
}

/// A slow call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slow {
    /// Whether Assay made it.
    pub evaluation: bool,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The model, as it was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The id of the request, to find it in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Milliseconds.
    pub latency_ms: f64,
    /// Tokens written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
}

/// Calls of a model that failed in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// Whether Assay made them.
    pub evaluation: bool,
    /// The model, as it was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The code of the error.
    pub error: String,
    /// How many.
    pub calls: u64,
    /// Calls of the model by the same operation.
    pub of_calls: u64,
}

/// What the calls of one model took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// Whether Assay made them.
    pub evaluation: bool,
    /// The model, as it was called.
    pub model: String,
    /// This week.
    pub now: LoggedCost,
    /// The week before; none where that could not be asked, or nothing was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<LoggedCost>,
}

/// Tokens and their cost, as logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct LoggedCost {
    /// Tokens read, those of caches among them.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// US dollars; none where the price is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
}

impl Calls {
    /// What is known of the calls where invocations are not logged, or nobody knows where.
    pub fn unknown(why: &str) -> Self {
        let why = why.to_owned();
        Self { slowest: Part::Unknown(why.clone()), errors: Part::Unknown(why.clone()), spending: Part::Unknown(why) }
    }

    /// Why nothing at all is known, where that has one reason.
    pub fn reason(&self) -> Option<&str> {
        match (&self.slowest, &self.errors, &self.spending) {
            (Part::Unknown(why), Part::Unknown(other), Part::Unknown(third)) if why == other && why == third => {
                Some(why)
            }
            _ => None,
        }
    }

    /// What the log says of this week, and what calls cost in the week before.
    pub fn of(now: Overview, before: &Result<ByTraffic<Costs>, LogsError>) -> Self {
        let why = |error: LogsError| error.to_string();
        let slowest = now.slow.map(|slow| {
            let (ours, others) = (slow.evaluation.slowest.rows, slow.production.slowest.rows);
            slowest(others.into_iter().map(|call| (false, call)).chain(ours.into_iter().map(|call| (true, call))))
        });
        let errors = now.errors.map(|errors| failed(&errors));
        let spending = now.costs.map(|now| taken(&now, before.as_ref().ok()));
        Self { slowest: Part::of(slowest, why), errors: Part::of(errors, why), spending: Part::of(spending, why) }
    }
}

fn slowest(calls: impl Iterator<Item = (bool, SlowCall)>) -> Vec<Slow> {
    let told = calls.filter_map(|(evaluation, call)| {
        let SlowCall { at, model, request, latency_ms, output_tokens, .. } = call;
        Some(Slow { evaluation, at, model, request, latency_ms: latency_ms?, output_tokens })
    });
    let mut slowest: Vec<Slow> = told.collect();
    slowest.sort_by(|left, right| right.latency_ms.total_cmp(&left.latency_ms));
    slowest.truncate(SLOWEST);
    slowest
}

fn failed(errors: &ByTraffic<Errors>) -> Vec<Failed> {
    let sides = [(false, &errors.production), (true, &errors.evaluation)];
    let all = sides.into_iter().flat_map(|(evaluation, side)| side.errors.iter().map(move |row| (evaluation, row)));
    let mut failed: Vec<Failed> = all
        .map(|(evaluation, row)| Failed {
            evaluation,
            model: row.model.clone(),
            error: row.error.clone(),
            calls: row.calls,
            of_calls: row.of_calls,
        })
        .collect();
    failed.sort_by(|left, right| right.calls.cmp(&left.calls).then_with(|| left.model.cmp(&right.model)));
    failed
}

fn taken(now: &ByTraffic<Costs>, before: Option<&ByTraffic<Costs>>) -> Vec<Taken> {
    let mut taken = Vec::new();
    for evaluation in [false, true] {
        let side = |costs: &ByTraffic<Costs>| by_model(if evaluation { &costs.evaluation } else { &costs.production });
        let before = before.map(side).unwrap_or_default();
        let mut rows: Vec<Taken> = side(now)
            .into_iter()
            .map(|(model, now)| Taken { evaluation, before: before.get(&model).copied(), model, now })
            .collect();
        // What costs most is told first; a cost that is unknown may be any.
        rows.sort_by(|left, right| {
            let usd = |row: &Taken| row.now.usd.unwrap_or(f64::INFINITY);
            usd(right).total_cmp(&usd(left)).then_with(|| left.model.cmp(&right.model))
        });
        taken.extend(rows);
    }
    taken
}

/// The cost of each model. The log is asked by model, so each has one row.
fn by_model(costs: &Costs) -> BTreeMap<String, LoggedCost> {
    let rows = costs.rows.iter().map(|row| {
        let model = row.tokens.model.clone().unwrap_or_else(|| "a model that the log does not name".to_owned());
        let read = [row.tokens.input_tokens, row.tokens.cache_read_tokens, row.tokens.cache_write_tokens];
        let input_tokens = read.into_iter().flatten().sum();
        (model, LoggedCost { input_tokens, output_tokens: row.tokens.output_tokens.unwrap_or_default(), usd: row.usd })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::logs::{Answered, ErrorCount, Slowness, TokenCount, costs};
    use assay_core::pricing::{PriceTable, Prices};

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

    fn slowness(calls: Vec<SlowCall>) -> Slowness {
        let latencies = Answered { rows: Vec::new(), limit_reached: false };
        Slowness { slowest: Answered { rows: calls, limit_reached: false }, latencies }
    }

    fn tokens(model: &str, caller: &str, input_tokens: u64) -> TokenCount {
        TokenCount {
            model: Some(model.to_owned()),
            caller: Some(caller.to_owned()),
            calls: Some(1),
            input_tokens: Some(input_tokens),
            output_tokens: Some(1_000),
            cache_read_tokens: Some(500),
            cache_write_tokens: None,
        }
    }

    fn cost(rows: &[TokenCount]) -> Costs {
        let table = r#"{"format": 1, "models": {"own": {"input": "2", "output": "8", "cache_read": "1", "cache_write": "2",
            "source": "contract", "date": "2026-11-01"}}}"#;
        costs(rows, &Prices::default().with(PriceTable::read(table).unwrap()))
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
        let production = vec![tokens("own", "a", 1_500_000), tokens("new", "a", 7)];
        let now = Overview {
            slow: Ok(ByTraffic {
                production: slowness(vec![call("p", Some(5.0)), call("p", None), call("p", Some(1.0))]),
                evaluation: slowness(vec![
                    call("e", Some(9.0)),
                    call("e", Some(4.0)),
                    call("e", Some(3.0)),
                    call("e", Some(2.0)),
                ]),
            }),
            errors: Ok(ByTraffic { production: errors("x", 1), evaluation: errors("y", 2) }),
            tokens: Err(LogsError::Stopped),
            costs: Ok(ByTraffic { production: cost(&production), evaluation: cost(&[tokens("own", "us", 0)]) }),
        };
        let before = Ok(ByTraffic { production: cost(&[tokens("own", "a", 250_000)]), evaluation: cost(&[]) });
        let Calls { slowest, errors, spending } = Calls::of(now, &before);
        let (Part::Known(slowest), Part::Known(errors), Part::Known(spending)) = (slowest, errors, spending) else {
            panic!()
        };
        assert_eq!(slowest.iter().map(|call| call.latency_ms).collect::<Vec<_>>(), [9.0, 5.0, 4.0, 3.0, 2.0]);
        assert_eq!(slowest.iter().map(|call| call.evaluation).collect::<Vec<_>>(), [true, false, true, true, true]);
        assert_eq!(
            errors.iter().map(|failed| (failed.error.as_str(), failed.evaluation)).collect::<Vec<_>>(),
            [("y", true), ("x", false)]
        );
        let told: Vec<_> =
            spending.iter().map(|taken| (taken.model.as_str(), taken.evaluation, taken.now.usd)).collect();
        // By hand, over 1,000,000: 1,500,000 x 2 + 1,000 x 8 + 500 x 1, and for ours 1,000 x 8 + 500 x 1.
        assert_eq!(told, [("new", false, None), ("own", false, Some(3.0085)), ("own", true, Some(0.0085))]);
        assert_eq!(spending[1].now.input_tokens, 1_500_500);
        // 250,000 x 2 + 1,000 x 8 + 500 x 1.
        assert_eq!(spending[1].before.unwrap().usd, Some(0.5085));
        assert_eq!(spending[2].before, None);
    }

    #[test]
    fn a_question_without_an_answer_leaves_the_others() {
        let now = Overview {
            slow: Err(LogsError::Ended { status: "Failed".to_owned() }),
            errors: Err(LogsError::Stopped),
            tokens: Err(LogsError::Stopped),
            costs: Ok(ByTraffic { production: cost(&[tokens("own", "a", 1)]), evaluation: cost(&[]) }),
        };
        let calls = Calls::of(now, &Err(LogsError::Stopped));
        assert_eq!(calls.reason(), None);
        assert_eq!(calls.slowest, Part::Unknown("the query ended as Failed in the service; ask again".to_owned()));
        let Part::Known(spending) = calls.spending else { panic!() };
        assert_eq!((spending.len(), spending[0].before), (1, None));
        assert_eq!(Calls::unknown("off").reason(), Some("off"));
    }
}
