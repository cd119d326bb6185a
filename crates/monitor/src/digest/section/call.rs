//! What the invocation log says, as lines.

use super::super::{Failed, LoggedCost, Part, Slow, Taken};
use super::{known, some};
use assay_core::pricing::usd_text;

/// What calls of each model took.
pub fn spending(spending: &Part<Vec<Taken>>) -> Vec<String> {
    known(spending, |spending| {
        if spending.is_empty() {
            return vec!["no call was logged".to_owned()];
        }
        some(spending.iter(), "models", |taken| {
            let before = taken.before.as_ref().map(|before| format!("; the week before: {}", cost(before)));
            let name = named(Some(&taken.model), taken.evaluation);
            format!("{name}: {}{}", cost(&taken.now), before.unwrap_or_default())
        })
    })
}

/// Failed calls.
pub fn errors(errors: &Part<Vec<Failed>>) -> Vec<String> {
    known(errors, |errors| {
        if errors.is_empty() {
            return vec!["none was logged".to_owned()];
        }
        some(errors.iter(), "kinds of failure", |failed| {
            let name = named(failed.model.as_deref(), failed.evaluation);
            format!("{name}: {} of {}, {}", failed.calls, failed.of_calls, failed.error)
        })
    })
}

/// The slowest calls.
pub fn slowest(slowest: &Part<Vec<Slow>>) -> Vec<String> {
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
