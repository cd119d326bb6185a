//! What the invocation log says, as lines.

use super::super::{Calls, Failed, Listed, LoggedCost, Part, Slow};
use super::{known, some};
use crate::logs::MOST_GROUPS;
use assay_model::pricing::usd_text;

/// What calls of each model took.
pub(super) fn spending(calls: &Calls) -> Vec<String> {
    known(&calls.spending, |spending| {
        let mut lines = match spending.found.as_slice() {
            [] => vec!["no call was logged".to_owned()],
            found => some(found.iter(), "models", |taken| {
                let name = named(Some(&taken.model), taken.evaluation);
                let told = |week: &Option<LoggedCost>| week.as_ref().map_or_else(|| "nothing".to_owned(), cost);
                match calls.unknown_before {
                    None => format!("{name}: {}; the week before: {}", told(&taken.now), told(&taken.before)),
                    Some(_) => format!("{name}: {}", told(&taken.now)),
                }
            }),
        };
        lines.extend(calls.unknown_before.iter().map(|why| format!("the week before is unknown: {why}")));
        lines.extend(more(spending.limit_reached));
        lines
    })
}

/// Says so where the log gave as many groups as were asked for.
fn more(limit_reached: bool) -> Option<String> {
    limit_reached
        .then(|| format!("there may be more than is counted here: at most {MOST_GROUPS} groups of calls are asked for"))
}

/// Failed calls.
pub(super) fn errors(errors: &Part<Listed<Failed>>) -> Vec<String> {
    known(errors, |errors| {
        let mut lines = match errors.found.as_slice() {
            [] => vec!["none was logged".to_owned()],
            found => some(found.iter(), "kinds of failure", |failed| {
                let name = named(failed.model.as_deref(), failed.evaluation);
                format!("{name}: {} of {}, {}", failed.calls, failed.of_calls, failed.error)
            }),
        };
        lines.extend(more(errors.limit_reached));
        lines
    })
}

/// The slowest calls.
pub(super) fn slowest(slowest: &Part<Vec<Slow>>) -> Vec<String> {
    known(slowest, |slowest| {
        some(slowest.iter(), "calls", |call| {
            let name = named(call.model.as_deref(), call.evaluation);
            let at = call.at.map(|at| format!(" at {at}")).unwrap_or_default();
            let tokens = call.output_tokens.map(|tokens| format!(", {tokens} tokens written")).unwrap_or_default();
            let request = call.request.as_ref().map(|request| format!(", request {request}")).unwrap_or_default();
            format!("{name}: {:.0} ms{at}{tokens}{request}", call.latency_ms)
        })
    })
}

fn named(model: Option<&str>, evaluation: bool) -> String {
    let model = model.unwrap_or("a model that the log does not name");
    if evaluation { format!("{model} (evaluation)") } else { model.to_owned() }
}

fn cost(cost: &LoggedCost) -> String {
    let usd = cost.usd.map_or_else(|| "cost unknown".to_owned(), usd_text);
    format!("{} + {} tokens, {usd}", cost.input_tokens, cost.output_tokens)
}
