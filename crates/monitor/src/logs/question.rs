//! Questions as text of Logs Insights' query language. Pure.
//!
//! Records are those of `schemaType` `ModelInvocationLog`. Only Converse and ConverseStream write a latency and a reason for
//! stopping into them; a call that failed has an `errorCode` and no output. The model is told as it was invoked: by id,
//! inference profile or ARN.

use super::Filter;
use std::num::NonZeroU32;

/// The largest number of rows that a query can give, as the service's model states it.
pub const LARGEST_LIMIT: u32 = 100_000;
/// So many groups (of model, caller, operation and the like) are asked for at most.
pub const MOST_GROUPS: u32 = 10_000;

/// Where a latency is, in milliseconds.
const LATENCY: &str = "output.outputBodyJson.metrics.latencyMs";
/// Why an answer ended.
pub(super) const STOP_REASON: &str = "output.outputBodyJson.stopReason";
/// The sums over tokens, and the names that they get.
const TOKENS: &str = "sum(input.inputTokenCount) as inputTokens, sum(output.outputTokenCount) as outputTokens, \
    sum(input.cacheReadInputTokenCount) as cacheReadTokens, sum(input.cacheWriteInputTokenCount) as cacheWriteTokens";

/// Whose calls are meant. Assay marks its own with `source` `assay` in the request's metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Traffic {
    /// Everybody else's.
    Production,
    /// Assay's own.
    Evaluation,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// The slowest calls, so many of them.
    Slowest(NonZeroU32),
    /// How long calls take, by model and operation.
    Latencies,
    /// How many calls failed, and why answers ended, by model and operation.
    Errors,
    /// How many tokens were read and written, by model and caller. Cost is made of the same.
    Tokens,
    /// The same by model alone, whoever called: for a digest. An account has few models, and may have a caller for each
    /// session.
    TokensByModel,
}

impl Question {
    /// The query's text.
    pub fn query(self, traffic: Traffic, filter: &Filter) -> String {
        let mut lines = vec![format!("filter {}", conditions(traffic, filter).join(" and "))];
        match self {
            Self::Slowest(limit) => {
                lines.push(format!("filter ispresent({LATENCY})"));
                lines.push(format!(
                    "fields @timestamp, modelId, operation, requestId, identity.arn, {LATENCY} as latencyMs, \
                     input.inputTokenCount as inputTokens, output.outputTokenCount as outputTokens, \
                     input.cacheReadInputTokenCount as cacheReadTokens, \
                     input.cacheWriteInputTokenCount as cacheWriteTokens, {STOP_REASON}, requestMetadata.suite, \
                     requestMetadata.run"
                ));
                lines.push("sort latencyMs desc".to_owned());
                lines.push(format!("limit {}", limit.get().min(LARGEST_LIMIT)));
            }
            Self::Latencies => {
                lines.push(format!(
                    "stats count(*) as calls, count({LATENCY}) as measured, pct({LATENCY}, 50) as p50, \
                     pct({LATENCY}, 90) as p90, pct({LATENCY}, 99) as p99, max({LATENCY}) as longest \
                     by modelId, operation"
                ));
                lines.extend(groups("calls"));
            }
            Self::Errors => {
                lines.push(format!("stats count(*) as calls by modelId, operation, errorCode, {STOP_REASON}"));
                lines.extend(groups("calls"));
            }
            Self::Tokens => {
                lines.push(format!("stats count(*) as calls, {TOKENS} by modelId, identity.arn"));
                lines.extend(groups("calls"));
            }
            Self::TokensByModel => {
                lines.push(format!("stats count(*) as calls, {TOKENS} by modelId"));
                lines.extend(groups("calls"));
            }
        }
        lines.join("\n| ")
    }

    /// The most rows that the query gives.
    pub fn limit(self) -> u32 {
        match self {
            Self::Slowest(limit) => limit.get().min(LARGEST_LIMIT),
            Self::Latencies | Self::Errors | Self::Tokens | Self::TokensByModel => MOST_GROUPS,
        }
    }
}

/// Where there are too many groups, the largest ones are told.
fn groups(by: &str) -> [String; 2] {
    [format!("sort {by} desc"), format!("limit {MOST_GROUPS}")]
}

fn conditions(traffic: Traffic, filter: &Filter) -> Vec<String> {
    let mut conditions = vec!["schemaType = \"ModelInvocationLog\"".to_owned()];
    conditions.push(match traffic {
        Traffic::Evaluation => "requestMetadata.source = \"assay\"".to_owned(),
        // A comparison with a field that is not there holds for nothing, so that is asked first.
        Traffic::Production => {
            "(not ispresent(requestMetadata.source) or requestMetadata.source != \"assay\")".to_owned()
        }
    });
    let like =
        |field: &str, part: &Option<super::Named>| part.as_ref().map(|part| format!("{field} like {}", part.quoted()));
    conditions.extend(like("modelId", &filter.model));
    conditions.extend(like("identity.arn", &filter.caller));
    conditions
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Named;
    use super::*;
    use proptest::prelude::*;

    fn all() -> [Question; 5] {
        let slowest = Question::Slowest(NonZeroU32::new(20).unwrap());
        [slowest, Question::Latencies, Question::Errors, Question::Tokens, Question::TokensByModel]
    }

    #[test]
    fn queries_read_as_they_are_meant() {
        let none = Filter::default();
        assert_eq!(
            Question::Tokens.query(Traffic::Evaluation, &none),
            "filter schemaType = \"ModelInvocationLog\" and requestMetadata.source = \"assay\"\n\
             | stats count(*) as calls, sum(input.inputTokenCount) as inputTokens, sum(output.outputTokenCount) as \
             outputTokens, sum(input.cacheReadInputTokenCount) as cacheReadTokens, \
             sum(input.cacheWriteInputTokenCount) as cacheWriteTokens by modelId, identity.arn\n\
             | sort calls desc\n\
             | limit 10000"
        );
        let by_model = Question::TokensByModel.query(Traffic::Evaluation, &none);
        assert!(by_model.contains(" as cacheWriteTokens by modelId\n") && !by_model.contains("identity"), "{by_model}");
        let filter = Filter {
            model: Some(Named::new("nova-lite").unwrap()),
            caller: Some(Named::new("assumed-role/shop/").unwrap()),
        };
        assert_eq!(
            Question::Errors.query(Traffic::Production, &filter),
            "filter schemaType = \"ModelInvocationLog\" and (not ispresent(requestMetadata.source) or \
             requestMetadata.source != \"assay\") and modelId like \"nova-lite\" and identity.arn like \
             \"assumed-role/shop/\"\n\
             | stats count(*) as calls by modelId, operation, errorCode, output.outputBodyJson.stopReason\n\
             | sort calls desc\n\
             | limit 10000"
        );
        let latencies = Question::Latencies.query(Traffic::Evaluation, &none);
        for part in ["pct(output.outputBodyJson.metrics.latencyMs, 50) as p50", "90) as p90", "99) as p99", "max("] {
            assert!(latencies.contains(part), "{latencies}");
        }
        let slowest = Question::Slowest(NonZeroU32::new(7).unwrap()).query(Traffic::Evaluation, &none);
        assert!(slowest.ends_with("| sort latencyMs desc\n| limit 7"), "{slowest}");
        let most = Question::Slowest(NonZeroU32::MAX);
        assert!(most.query(Traffic::Evaluation, &none).ends_with("| limit 100000") && most.limit() == LARGEST_LIMIT);
    }

    #[test]
    fn no_query_reads_what_was_asked_or_answered() {
        for question in all() {
            let query = question.query(Traffic::Production, &Filter::default());
            for text in ["@message", "inputBodyJson", "outputBodyJson.output", "content", "text"] {
                assert!(!query.contains(text), "{text}: {query}");
            }
            assert!(query.len() < 10_000, "the service takes 10,000 characters");
        }
    }

    proptest! {
        #[test]
        fn a_value_never_changes_a_query_but_in_its_own_place(text in "\\PC*|[a-z.:|\"'\\\\\n/#`-]{0,40}") {
            let Ok(named) = Named::new(&text) else { return Ok(()) };
            for question in all() {
                let filter = Filter { model: Some(named.clone()), caller: Some(named.clone()) };
                let query = question.query(Traffic::Production, &filter);
                // What a reader of the language sees: text outside of quotes, which never changes, and quoted texts.
                let parts: Vec<&str> = query.split('"').collect();
                prop_assert_eq!(parts.len(), 9);
                prop_assert_eq!((parts[5], parts[7]), (text.as_str(), text.as_str()));
                let with = Filter { model: Some(Named::new("x").unwrap()), caller: Some(Named::new("x").unwrap()) };
                let plain = question.query(Traffic::Production, &with);
                let outside = |query: &str| query.split('"').step_by(2).map(str::to_owned).collect::<Vec<_>>();
                prop_assert_eq!(outside(&query), outside(&plain));
                prop_assert!(!text.contains('\\') && !text.contains('\n'));
            }
        }

        #[test]
        fn everything_that_is_refused_names_a_character_of_it(text in "\\PC{1,60}") {
            match Named::new(&text) {
                Ok(_) => prop_assert!(text.is_ascii() && !text.contains(['"', '\\', '|', '\'', '`', ' '])),
                Err(super::super::NamedError::Character(c)) => prop_assert!(text.contains(c)),
                Err(other) => prop_assert!(false, "{}", other),
            }
        }
    }
}
