//! Rows to answers. Pure. What a row does not tell is none, never 0.

use super::Row;
use super::question::STOP_REASON;
use jiff::Timestamp;
use serde::Serialize;

/// One call that took long.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlowCall {
    /// When it was logged.
    pub at: Option<Timestamp>,
    /// The model as it was invoked.
    pub model: Option<String>,
    /// `Converse` or `ConverseStream`; other operations write no latency.
    pub operation: Option<String>,
    /// The request's id.
    pub request: Option<String>,
    /// Who called.
    pub caller: Option<String>,
    /// From the request to the last token, as the service measured it, in milliseconds.
    pub latency_ms: Option<f64>,
    /// Tokens read, without those from the prompt cache.
    pub input_tokens: Option<u64>,
    /// Tokens written.
    pub output_tokens: Option<u64>,
    /// Tokens read from the prompt cache.
    pub cache_read_tokens: Option<u64>,
    /// Tokens written to the prompt cache.
    pub cache_write_tokens: Option<u64>,
    /// Why the answer ended.
    pub stop_reason: Option<String>,
    /// Of Assay's own calls: the suite.
    pub suite: Option<String>,
    /// Of Assay's own calls: the run.
    pub run: Option<String>,
}

/// How long the calls of one model by one operation take.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Latency {
    /// The model as it was invoked.
    pub model: Option<String>,
    /// The operation.
    pub operation: Option<String>,
    /// Calls.
    pub calls: Option<u64>,
    /// Of these, so many have a latency. InvokeModel and InvokeModelWithResponseStream write none, nor do failed calls.
    pub measured: Option<u64>,
    /// The median, in milliseconds; none where no call has a latency, as for all that follow.
    pub p50_ms: Option<f64>,
    /// The 90th percentile.
    pub p90_ms: Option<f64>,
    /// The 99th percentile.
    pub p99_ms: Option<f64>,
    /// The longest.
    pub longest_ms: Option<f64>,
}

/// Calls of one model that failed in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorCount {
    /// The model as it was invoked.
    pub model: Option<String>,
    /// The operation.
    pub operation: Option<String>,
    /// The error's code.
    pub error: String,
    /// So many calls.
    pub calls: u64,
    /// Of so many calls of the model by the operation.
    pub of_calls: u64,
}

/// Answers of one model that ended for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StopCount {
    /// The model as it was invoked.
    pub model: Option<String>,
    /// The operation.
    pub operation: Option<String>,
    /// Why, such as `max_tokens` or `guardrail_intervened`.
    pub stop_reason: String,
    /// So many answers.
    pub calls: u64,
    /// Of so many calls of the model by the operation.
    pub of_calls: u64,
}

/// Tokens of one model and caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenCount {
    /// The model as it was invoked.
    pub model: Option<String>,
    /// Who called; none where callers were not asked for.
    pub caller: Option<String>,
    /// Calls, failed ones among them.
    pub calls: Option<u64>,
    /// Tokens read, without those from the prompt cache.
    pub input_tokens: Option<u64>,
    /// Tokens written.
    pub output_tokens: Option<u64>,
    /// Tokens read from the prompt cache.
    pub cache_read_tokens: Option<u64>,
    /// Tokens written to the prompt cache.
    pub cache_write_tokens: Option<u64>,
}

/// Reasons for which an answer ends as it should.
const WELL_ENDED: [&str; 3] = ["end_turn", "tool_use", "stop_sequence"];

pub(super) fn slow_call(row: &Row) -> SlowCall {
    SlowCall {
        at: row.time("@timestamp"),
        model: row.text("modelId"),
        operation: row.text("operation"),
        request: row.text("requestId"),
        caller: row.text("identity.arn"),
        latency_ms: row.number("latencyMs"),
        input_tokens: row.count("inputTokens"),
        output_tokens: row.count("outputTokens"),
        cache_read_tokens: row.count("cacheReadTokens"),
        cache_write_tokens: row.count("cacheWriteTokens"),
        stop_reason: row.text(STOP_REASON),
        suite: row.text("requestMetadata.suite"),
        run: row.text("requestMetadata.run"),
    }
}

pub(super) fn latency(row: &Row) -> Latency {
    Latency {
        model: row.text("modelId"),
        operation: row.text("operation"),
        calls: row.count("calls"),
        measured: row.count("measured"),
        p50_ms: row.number("p50"),
        p90_ms: row.number("p90"),
        p99_ms: row.number("p99"),
        longest_ms: row.number("longest"),
    }
}

pub(super) fn token_count(row: &Row) -> TokenCount {
    TokenCount {
        model: row.text("modelId"),
        caller: row.text("identity.arn"),
        calls: row.count("calls"),
        input_tokens: row.count("inputTokens"),
        output_tokens: row.count("outputTokens"),
        cache_read_tokens: row.count("cacheReadTokens"),
        cache_write_tokens: row.count("cacheWriteTokens"),
    }
}

/// The errors, and the answers that were cut short or blocked, in the order of the rows; the calls of a model by an
/// operation are all of its rows together.
pub(super) fn errors(rows: &[Row]) -> (Vec<ErrorCount>, Vec<StopCount>) {
    let key = |row: &Row| (row.text("modelId"), row.text("operation"));
    let calls = |row: &Row| row.count("calls").unwrap_or_default();
    let of_calls = |row: &Row| -> u64 { rows.iter().filter(|other| key(other) == key(row)).map(calls).sum() };
    let mut errors: Vec<ErrorCount> = Vec::new();
    let mut stops: Vec<StopCount> = Vec::new();
    for row in rows {
        let (model, operation) = key(row);
        let (calls, of_calls) = (calls(row), of_calls(row));
        if let Some(error) = row.text("errorCode") {
            // A failed call may have a reason for stopping, too; it is one error all the same.
            let same =
                |found: &&mut ErrorCount| found.model == model && found.operation == operation && found.error == error;
            match errors.iter_mut().find(same) {
                Some(found) => found.calls += calls,
                None => errors.push(ErrorCount { model, operation, error, calls, of_calls }),
            }
        } else if let Some(reason) = row.text(STOP_REASON).filter(|reason| !WELL_ENDED.contains(&reason.as_str())) {
            stops.push(StopCount { model, operation, stop_reason: reason, calls, of_calls });
        }
    }
    (errors, stops)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(fields: &[(&str, &str)]) -> Row {
        Row::new(fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn a_row_without_fields_is_an_answer_without_numbers() {
        let empty = Row::default();
        assert_eq!((slow_call(&empty).latency_ms, slow_call(&empty).at), (None, None));
        assert_eq!((latency(&empty).calls, latency(&empty).p50_ms), (None, None));
        let tokens = token_count(&row(&[("modelId", "m"), ("inputTokens", "5"), ("outputTokens", "")]));
        assert_eq!((tokens.input_tokens, tokens.output_tokens, tokens.cache_read_tokens), (Some(5), None, None));
    }

    #[test]
    fn errors_and_cut_answers_are_counted_against_all_calls_of_their_model() {
        let of = |model: &str, more: &[(&str, &str)], calls: &str| {
            row(&[&[("modelId", model), ("operation", "Converse"), ("calls", calls)], more].concat())
        };
        let rows = [
            of("a", &[(STOP_REASON, "end_turn")], "90"),
            of("a", &[("errorCode", "ThrottlingException")], "6"),
            of("a", &[(STOP_REASON, "max_tokens")], "3"),
            of("a", &[("errorCode", "ThrottlingException"), (STOP_REASON, "max_tokens")], "1"),
            of("b", &[("errorCode", "ValidationException")], "2"),
            of("b", &[], "5"),
        ];
        let (errors, stops) = errors(&rows);
        let told: Vec<(&str, u64, u64)> = errors.iter().map(|e| (e.error.as_str(), e.calls, e.of_calls)).collect();
        assert_eq!(told, [("ThrottlingException", 7, 100), ("ValidationException", 2, 7)]);
        let told: Vec<(&str, u64, u64)> = stops.iter().map(|s| (s.stop_reason.as_str(), s.calls, s.of_calls)).collect();
        assert_eq!(told, [("max_tokens", 3, 100)]);
    }
}
