//! Lines of any kind: nothing makes the parser panic, and a problem quotes nothing.

#![allow(clippy::unwrap_used)]

use assay_job::output::{Context, read_line};
use proptest::prelude::*;
use serde_json::{Map, Value};

const SAMPLES: [&str; 5] = [
    include_str!("samples/automatic_output.jsonl"),
    include_str!("samples/judge_output.jsonl"),
    include_str!("samples/rag_retrieve_and_generate_output.jsonl"),
    include_str!("samples/rag_retrieve_only_output.jsonl"),
    include_str!("samples/human_output.jsonl"),
];

/// Keys that mean something, and one that does not.
const KEYS: [&str; 30] = [
    "automatedEvaluationResult",
    "scores",
    "metricName",
    "result",
    "evaluatorDetails",
    "inputRecord",
    "prompt",
    "referenceResponse",
    "referenceResponses",
    "content",
    "text",
    "modelResponses",
    "modelIdentifier",
    "response",
    "conversationTurns",
    "output",
    "results",
    "retrievedPassages",
    "retrievalResults",
    "location",
    "citations",
    "humanEvaluationResult",
    "humanAnswers",
    "answerContent",
    "evaluationResults",
    "comparisonRank",
    "comparisonChoice",
    "modelResponseId",
    "modelResponseIdMap",
    "x",
];

fn sample_lines() -> Vec<&'static str> {
    SAMPLES.iter().flat_map(|file| file.lines()).collect()
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["0", "1", "[{'role': 'user', 'content': 'a'}]", "['a']"]).prop_map(Value::from),
    ]
}

/// Values whose keys are mostly those of output.
fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(7, 60, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(KEYS.to_vec()), inner), 0..6).prop_map(|entries| {
                let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), value));
                Value::Object(entries.collect::<Map<_, _>>())
            }),
        ]
    })
}

/// Replaces the value at a place, counted in the order of reading.
fn replace(value: &mut Value, place: &mut usize, new: &Value) -> bool {
    if *place == 0 {
        value.clone_from(new);
        return true;
    }
    *place -= 1;
    match value {
        Value::Array(list) => list.iter_mut().any(|inner| replace(inner, place, new)),
        Value::Object(map) => map.values_mut().any(|inner| replace(inner, place, new)),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_line(&String::from_utf8_lossy(&bytes), &Context::default());
    }

    #[test]
    fn any_json(value in value()) {
        let _ = read_line(&value.to_string(), &Context::default());
    }

    #[test]
    fn samples_with_another_value_somewhere(
        line in prop::sample::select(sample_lines()),
        place in 0_usize..120,
        new in value(),
    ) {
        let mut whole: Value = serde_json::from_str(line).unwrap();
        let mut left = place;
        replace(&mut whole, &mut left, &new);
        if let Ok(answers) = read_line(&whole.to_string(), &Context::default()) {
            let values = answers.iter().flat_map(|answer| &answer.evaluations).filter_map(|found| found.value);
            for value in values {
                prop_assert!(value.is_finite(), "{value}");
            }
        }
    }

    #[test]
    fn samples_that_are_cut_or_damaged(
        line in prop::sample::select(sample_lines()),
        place in any::<prop::sample::Index>(),
        damage in "(NaN|[\\\\\"{}\\[\\],:]|\\\\ud83d|\u{0}|\u{feff}|ä){0,3}",
        cut in any::<bool>(),
    ) {
        let mut place = place.index(line.len());
        while !line.is_char_boundary(place) {
            place -= 1;
        }
        let (before, after) = line.split_at(place);
        let damaged = if cut { format!("{before}{damage}") } else { format!("{before}{damage}{after}") };
        if let Err(problem) = read_line(&damaged, &Context::default()) {
            let problem = problem.to_string();
            prop_assert!(problem.is_ascii() && problem.len() < 100, "{problem}");
        }
    }
}
