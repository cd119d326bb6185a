//! What the stand-in is told to do: latency, faults and the models it knows, as data.
//!
//! Whether a rule fires at a given call is decided in `faults`; how a fault looks on the wire is the
//! business of `converse` and `errors`.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::jobs::JobBehaviour;
use super::lives::ModelLife;

/// Everything that can be changed while the stand-in runs, in process or with `PUT /control/behaviour`.
///
/// The default is a server that answers every well-formed call at its own latency.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// Time from the arrival of a call to its answer, in milliseconds; absent: what the server was started with.
    /// Refusals (throttling, 400, 403, 404) come at once, as the service's own do.
    pub latency_ms: Option<u64>,
    /// The rules, tried in order at every call; the first that fires decides.
    pub faults: Vec<FaultRule>,
    /// The model ids that exist; any other is answered with 404. Absent: every model exists.
    pub known_models: Option<Vec<String>>,
    /// Seed of every `rate`, so that a run can be repeated with the same faults.
    pub seed: u64,
    /// How evaluation jobs go.
    pub jobs: JobBehaviour,
    /// The lives of foundation models by id; of others, nobody has announced an end. Under the id or ARN of a profile
    /// only `missing` and `denied` count.
    pub lives: BTreeMap<String, ModelLife>,
    /// The foundation models behind profiles, by the id or ARN of the profile. Profiles of the service that are not named
    /// have the model of their id.
    pub profiles: BTreeMap<String, Vec<String>>,
}

impl Behaviour {
    /// One rule more, for behaviours that are written in code.
    #[must_use]
    pub fn with(mut self, rule: FaultRule) -> Self {
        self.faults.push(rule);
        self
    }
}

/// One fault, and which calls it meets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// What happens to the call.
    pub fault: Fault,
    /// Only calls of this operation, such as `Converse` or `InvokeModel`.
    #[serde(default)]
    pub operation: Option<String>,
    /// Only calls of exactly this model id (or ARN), as it stands in the decoded address; of evaluation jobs, their ARN,
    /// or their name where they are created.
    #[serde(default)]
    pub model: Option<String>,
    /// Only calls whose prompt contains this text.
    #[serde(default)]
    pub prompt_contains: Option<String>,
    /// How often the rule fires among the calls it matches.
    #[serde(default)]
    pub cadence: Cadence,
    /// The rule fires at most this many times; absent: without end.
    #[serde(default)]
    pub times: Option<u64>,
    /// The rule skips this many of the calls that it matches, and does not count them for `every`.
    #[serde(default)]
    pub after: u64,
}

impl FaultRule {
    /// A rule that meets every call.
    #[must_use]
    pub fn always(fault: Fault) -> Self {
        let cadence = Cadence::Always;
        Self { fault, operation: None, model: None, prompt_contains: None, cadence, times: None, after: 0 }
    }

    /// A rule that meets every n-th call; 0 is read as 1.
    #[must_use]
    pub fn every(n: u64, fault: Fault) -> Self {
        let n = NonZeroU64::new(n).unwrap_or(NonZeroU64::MIN);
        Self { cadence: Cadence::Every(n), ..Self::always(fault) }
    }

    /// A rule that meets this share of the calls, 0 to 1.
    #[must_use]
    pub fn rate(share: f64, fault: Fault) -> Self {
        Self { cadence: Cadence::Rate(share), ..Self::always(fault) }
    }

    /// The same rule for one operation only.
    #[must_use]
    pub fn for_operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// The same rule for one model only.
    #[must_use]
    pub fn for_model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// The same rule for prompts that contain the text.
    #[must_use]
    pub fn for_prompt(mut self, text: impl Into<String>) -> Self {
        self.prompt_contains = Some(text.into());
        self
    }

    /// The same rule, firing at most so often.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// The same rule, which skips the first `calls` that it matches.
    #[must_use]
    pub fn after(mut self, calls: u64) -> Self {
        self.after = calls;
        self
    }
}

/// How often a rule fires among the calls that it matches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// At each of them.
    #[default]
    Always,
    /// At the n-th, the 2n-th and so on.
    Every(NonZeroU64),
    /// At this share of them, 0 to 1. Drawn from the seed, the rule, the model, the prompt and how often that prompt
    /// was asked before, never from the order of arrival: the same run meets the same faults at any concurrency.
    Rate(f64),
}

/// What can happen to a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// 429 `ThrottlingException`.
    Throttle {
        /// Value of a `Retry-After` header, in seconds; absent: no such header, which is what the service does.
        #[serde(default)]
        retry_after_seconds: Option<u64>,
    },
    /// 429 `ModelNotReadyException`.
    ModelNotReady,
    /// 500 `InternalServerException`.
    ServerError,
    /// 503 `ServiceUnavailableException`.
    Unavailable,
    /// 408 `ModelTimeoutException`.
    ModelTimeout,
    /// 424 `ModelErrorException`.
    ModelError,
    /// 403 `AccessDeniedException`.
    Denied,
    /// 404 `ResourceNotFoundException`.
    NotFound,
    /// 404 `UnknownOperationException`, as where a Region lacks the operation.
    UnknownOperation,
    /// 400 `ValidationException`.
    Validation,
    /// The connection is reset without an answer.
    ConnectionReset,
    /// No answer for a while, or for good.
    Hang {
        /// After this time, in milliseconds, the call is answered as usual; absent: never.
        #[serde(default)]
        for_ms: Option<u64>,
    },
    /// No answer until another behaviour is set; the call is then answered as usual. A test holds calls to know exactly how
    /// many are under way.
    Hold,
    /// 200 with a body that stops in the middle of its JSON.
    MalformedBody,
    /// 200 with valid JSON that lacks `output`.
    MissingOutput,
    /// The answer, with a reasoning block before its text.
    ReasoningFirst,
    /// The answer, cut into this many text blocks (at least two; joined they are the answer).
    TextBlocks(usize),
    /// An answer without any content block.
    EmptyContent,
    /// The answer with this stop reason, for example `max_tokens` or `guardrail_intervened`.
    StopReason(String),
    /// Whoever has to use a tool puts this in, whether it fits the tool's schema or not.
    ToolInput(Value),
    /// Guardrails find these severities, from 0 to 1, by category; categories that are not named have 0. Where it is
    /// null, the category is left out of the answer.
    Severities(BTreeMap<String, Option<f64>>),
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::super::jobs::{JobFailure, OutputVariant};
    use super::*;

    #[test]
    fn behaviour_reads_as_people_write_it() {
        let written = r#"{
            "latency_ms": 5,
            "faults": [
                {"fault": {"throttle": {"retry_after_seconds": 2}}, "cadence": {"every": 5}, "times": 3},
                {"fault": "server_error", "model": "a", "prompt_contains": "b", "cadence": {"rate": 0.2}},
                {"fault": {"hang": {}}},
                {"fault": "hold", "after": 4},
                {"fault": {"text_blocks": 3}, "cadence": "always"},
                {"fault": {"stop_reason": "max_tokens"}},
                {"fault": {"severities": {"HATE": 0.4, "SEXUAL": null}}, "operation": "InvokeGuardrailChecks"}
            ],
            "known_models": ["a"],
            "seed": 7,
            "jobs": {
                "finish_after_ms": 40,
                "fail": [{"name_contains": "bad", "messages": ["no access"]}],
                "hold": ["slow"],
                "max_concurrent_automated": 2,
                "scores": {"Builtin.Accuracy": 0.5, "Builtin.Coherence": null},
                "output": ["bare_metric_names", "file_per_metric"]
            }
        }"#;
        let throttle = Fault::Throttle { retry_after_seconds: Some(2) };
        let expected = Behaviour {
            latency_ms: Some(5),
            known_models: Some(vec!["a".to_owned()]),
            seed: 7,
            jobs: JobBehaviour {
                finish_after_ms: 40,
                fail: vec![JobFailure { name_contains: "bad".to_owned(), messages: vec!["no access".to_owned()] }],
                hold: vec!["slow".to_owned()],
                max_concurrent_automated: 2,
                scores: [("Builtin.Accuracy".to_owned(), Some(0.5)), ("Builtin.Coherence".to_owned(), None)].into(),
                output: vec![OutputVariant::BareMetricNames, OutputVariant::FilePerMetric],
                ..JobBehaviour::default()
            },
            ..Behaviour::default()
        }
        .with(FaultRule::every(5, throttle).times(3))
        .with(FaultRule::rate(0.2, Fault::ServerError).for_model("a").for_prompt("b"))
        .with(FaultRule::always(Fault::Hang { for_ms: None }))
        .with(FaultRule::always(Fault::Hold).after(4))
        .with(FaultRule::always(Fault::TextBlocks(3)))
        .with(FaultRule::always(Fault::StopReason("max_tokens".to_owned())))
        .with(
            FaultRule::always(Fault::Severities([("HATE".to_owned(), Some(0.4)), ("SEXUAL".to_owned(), None)].into()))
                .for_operation("InvokeGuardrailChecks"),
        );
        let read: Behaviour = serde_json::from_str(written).unwrap();
        assert_eq!(read, expected);

        let again: Behaviour = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
        assert_eq!(again, expected);
    }

    #[test]
    fn misspelt_fields_are_refused() {
        assert!(serde_json::from_str::<Behaviour>(r#"{"latency": 5}"#).is_err());
        assert!(serde_json::from_str::<Behaviour>(r#"{"jobs": {"finish_after": 5}}"#).is_err());
        assert!(serde_json::from_str::<Behaviour>(r#"{"jobs": {"output": ["shuffled"]}}"#).is_err());
        assert!(serde_json::from_str::<FaultRule>(r#"{"fault": "throttled"}"#).is_err());
        assert!(serde_json::from_str::<FaultRule>(r#"{"fault": "denied", "every": 2}"#).is_err());
    }
}
