//! Checks over all answers of a record.

use super::parts::no_text;
use assay_model::Response;
use assay_score::{Check, CheckResult, CheckSet};

/// The checks of the spec and of the line. A check has passed when every answer passed it.
pub(super) fn check(checks: &CheckSet, own: &[Check], responses: &[Response]) -> Vec<CheckResult> {
    // The line's checks were compiled when the line was read, so they compile again.
    let own = if own.is_empty() { CheckSet::default() } else { CheckSet::compile(own).unwrap_or_default() };
    let mut results: Vec<CheckResult> = Vec::new();
    for response in responses {
        let round = match &response.text {
            Some(text) => [checks.evaluate(text), own.evaluate(text)].concat(),
            None => {
                let all = [checks.evaluate(""), own.evaluate("")].concat();
                all.into_iter().map(|result| failed(result, no_text(response))).collect()
            }
        };
        if results.is_empty() {
            results = round;
            continue;
        }
        for (result, again) in results.iter_mut().zip(round) {
            if result.passed && !again.passed {
                *result = again;
            }
        }
    }
    results
}

fn failed(result: CheckResult, reason: String) -> CheckResult {
    CheckResult { passed: false, reason: Some(reason), ..result }
}
