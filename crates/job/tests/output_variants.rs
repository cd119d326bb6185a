//! The forms in which output was documented or seen beside those of the samples, and lines that cannot be read.

#![allow(clippy::unwrap_used)]

use assay_core::record::Evaluation;
use assay_job::output::{Context, JudgedAnswer, Unreadable, read_line};
use serde_json::{Value, json};

fn read(line: &str) -> Vec<JudgedAnswer> {
    read_line(line, &Context::default()).unwrap_or_else(|problem| panic!("{problem}: {line}"))
}

fn only(line: &Value) -> JudgedAnswer {
    let found = read(&line.to_string());
    assert_eq!(found.len(), 1, "{line}");
    found[0].clone()
}

fn refused(line: &str) -> Unreadable {
    read_line(line, &Context::default()).unwrap_err()
}

/// A line of an automatic job whose scores are these.
fn automatic(scores: &str) -> String {
    format!(
        r#"{{"automatedEvaluationResult":{{"scores":{scores}}},"inputRecord":{{"prompt":"p","referenceResponse":"r"}},"modelResponses":[{{"modelIdentifier":"m","response":"a"}}]}}"#
    )
}

fn evaluations(scores: &str) -> Vec<(String, Option<f64>, Option<String>)> {
    let found = read(&automatic(scores)).remove(0).evaluations;
    found.into_iter().map(|one| (one.metric, one.value, one.label)).collect()
}

fn number(metric: &str, value: impl Into<Option<f64>>) -> (String, Option<f64>, Option<String>) {
    (metric.to_owned(), value.into(), None)
}

#[test]
fn results_come_in_many_types() {
    let scores = r#"[{"metricName":"A","result":4},{"metricName":"B","result":-0.5},{"metricName":"C","result":2E-3},
        {"metricName":"D","result":true},{"metricName":"E","result":null},{"metricName":"F"},
        {"metricName":"G","result":"rather good"},{"metricName":"H","result":"3"},{"metricName":null,"result":1},
        {"metricName":"","result":1},{"result":1},{"metricName":"Accuracy","result":0},{"metricName":"Accuracy","result":1},
        {"metricName":"Builtin.Wit","result":99999999999999999999999}]"#
        .replace('\n', " ");
    let expected = [
        number("custom.A", 4.0),
        number("custom.B", -0.5),
        number("custom.C", 0.002),
        number("custom.D", 1.0),
        number("custom.E", None),
        number("custom.F", None),
        ("custom.G".to_owned(), None, Some("rather good".to_owned())),
        number("custom.H", 3.0),
        number("unknown", 1.0),
        number("unknown", 1.0),
        number("unknown", 1.0),
        number("Accuracy", 0.0),
        number("Accuracy", 1.0),
        number("Wit", 1e23),
    ];
    assert_eq!(evaluations(&scores), expected);
    assert_eq!((evaluations("[]"), evaluations("null")), (vec![], vec![]));
}

#[test]
fn what_python_writes_is_read_all_the_same() {
    let scores = r#"[{"metricName":"A","result":NaN},{"metricName":"B","result":-Infinity},
        {"metricName":"C","result":1e999},{"metricName":"D","result":0.5,"x":Infinity}]"#
        .replace('\n', " ");
    let expected =
        [number("custom.A", None), number("custom.B", None), number("custom.C", None), number("custom.D", 0.5)];
    assert_eq!(evaluations(&scores), expected);

    let line = r#"{"automatedEvaluationResult":{"scores":[{"metricName":"A","result":NaN}]},
        "inputRecord":{"prompt":"NaN is \"NaN\" \ud83d, \ud83d\ude00 is whole"},
        "modelResponses":[{"modelIdentifier":"m","response":"Infinity \udc00"}]}"#
        .replace('\n', " ");
    let found = read(&line).remove(0);
    assert_eq!(found.prompt, "NaN is \"NaN\" \u{fffd}, 😀 is whole");
    assert_eq!(found.response.as_deref(), Some("Infinity \u{fffd}"));
}

#[test]
fn of_keys_that_are_there_twice_the_last_counts() {
    let line = r#"{"automatedEvaluationResult":{"scores":[{"metricName":"A","metricName":"B","result":1,"result":2}]},"inputRecord":{"prompt":"first","prompt":"second"},"modelResponses":[]}"#;
    let found = read(line).remove(0);
    assert_eq!((found.prompt.as_str(), found.evaluations[0].metric.as_str()), ("second", "custom.B"));
    assert_eq!(found.evaluations[0].value, Some(2.0));
}

#[test]
fn unknown_keys_are_passed_over_everywhere() {
    let odd = json!({"deep": [[{"x": [null, 1e300, "y"]}]], "text": 3});
    let line = json!({
        "odd": odd,
        "automatedEvaluationResult": {"odd": odd, "scores": [
            {"metricName": "Accuracy", "result": 1, "odd": odd,
             "evaluatorDetails": [{"modelIdentifier": "j", "explanation": "e", "odd": odd}]}]},
        "inputRecord": {"prompt": "p", "referenceResponse": "r", "category": "c", "odd": odd},
        "modelResponses": [{"modelIdentifier": "m", "response": "a", "stopReason": "end_turn", "odd": odd}],
    });
    let expected = JudgedAnswer {
        prompt: "p".to_owned(),
        references: vec!["r".to_owned()],
        category: Some("c".to_owned()),
        model: "m".to_owned(),
        response: Some("a".to_owned()),
        stop_reason: Some("end_turn".to_owned()),
        evaluations: vec![Evaluation {
            metric: "Accuracy".to_owned(),
            evaluator: Some("j".to_owned()),
            value: Some(1.0),
            explanation: Some("e".to_owned()),
            ..Evaluation::default()
        }],
        ..JudgedAnswer::default()
    };
    assert_eq!(only(&line), expected);
}

#[test]
fn parts_may_be_missing() {
    let scores = json!({"scores": [{"metricName": "Accuracy", "result": 1}]});
    let bare = only(&json!({"automatedEvaluationResult": scores}));
    assert_eq!((bare.prompt.as_str(), bare.model.as_str(), bare.response), ("", "", None));
    assert_eq!((bare.references.len(), bare.evaluations.len()), (0, 1));

    let nameless = only(&json!({"automatedEvaluationResult": scores, "modelResponses": [{"response": " a"}]}));
    assert_eq!((nameless.model.as_str(), nameless.response.as_deref()), ("", Some(" a")));
    let silent = json!([{"modelIdentifier": "m", "response": null, "stopReason": null}]);
    let silent = only(&json!({"automatedEvaluationResult": {}, "modelResponses": silent}));
    assert_eq!((silent.response, silent.stop_reason, silent.evaluations), (None, None, vec![]));
}

#[test]
fn sagemaker_has_other_names_and_forms() {
    let line = json!({
        "automatedEvaluationResult": {"scores": []},
        "inputRecord": {
            "prompt": {"text": "Who flew first?"}, "category": 2024, "referenceResponse": {"text": "The Wrights"},
            "responses": [{"modelIdentifier": "llama", "text": "Two brothers."}],
        },
    });
    let found = only(&line);
    assert_eq!((found.prompt.as_str(), found.model.as_str()), ("Who flew first?", "llama"));
    assert_eq!((found.references, found.response.as_deref()), (vec!["The Wrights".to_owned()], Some("Two brothers.")));
    assert_eq!(found.category.as_deref(), Some("2024"));
}

#[test]
fn an_answer_that_looks_like_python_is_unwrapped_beside_such_a_prompt_only() {
    let asked = |prompt: &str| {
        only(&json!({
            "automatedEvaluationResult": {"scores": []},
            "inputRecord": {"prompt": prompt},
            "modelResponses": [{"modelIdentifier": "m", "response": "['a']"}],
        }))
    };
    let wrapped = asked(r"[{'role': 'system', 'content': 'Be brief.'}, {'role': 'user', 'content': 'It\'s\nlate'}]");
    assert_eq!((wrapped.prompt.as_str(), wrapped.response.as_deref()), ("Be brief.\n\nIt's\nlate", Some("a")));
    let plain = asked("A Python list with an a, please");
    assert_eq!(plain.response.as_deref(), Some("['a']"));
}

#[test]
fn an_empty_line_is_no_answer_and_marks_of_files_do_not_matter() {
    for line in ["", " ", "\r", "\u{feff}", "\u{feff}\r\n", "\t \n"] {
        assert_eq!(read(line), [], "{line:?}");
    }
    let line = automatic("[]");
    let plain = read(&line);
    assert_eq!(read(&format!("\u{feff}{line}\r\n")), plain);
    assert_eq!(read(&format!("  {line}\r")), plain);
}

#[test]
fn turns_are_numbered_only_where_there_are_several() {
    let turn = |prompt: &str| {
        json!({
            "inputRecord": {"prompt": {"content": [{"text": prompt}, {"text": "Please."}]}, "referenceResponses": [
                {"content": [{"text": "a"}, {"text": "b"}]}, {"content": [{"text": "c"}]}, {"content": []}]},
            "output": {"text": " x", "knowledgeBaseIdentifier": "KB", "stopReason": "end_turn"},
        })
    };
    let one = only(&json!({"conversationTurns": [turn("1")]}));
    assert_eq!((one.turn, one.prompt.as_str(), one.response.as_deref()), (None, "1\nPlease.", Some(" x")));
    assert_eq!(one.references, ["a\nb", "c"]);
    assert_eq!((one.model.as_str(), one.stop_reason.as_deref()), ("KB", Some("end_turn")), "no model is named");
    assert_eq!(Value::Object(one.metadata), json!({"knowledge_base": "KB"}));
    let three = read(&json!({"conversationTurns": [turn("1"), turn("2"), turn("3")]}).to_string());
    assert_eq!(three.iter().map(|answer| answer.turn).collect::<Vec<_>>(), [Some(0), Some(1), Some(2)]);
    assert_eq!(three[2].prompt, "3\nPlease.");
}

#[test]
fn passages_are_from_many_places() {
    let mark = json!({"x-amz-bedrock-kb-source-uri": "s3://b/marked"});
    let line = json!({"conversationTurns": [{
        "output": {"modelIdentifier": "m", "knowledgeBaseIdentifier": "KB", "text": null, "retrievedResults": {
            "retrievalResults": [
                {"content": {"text": "a"}, "location": {"type": "WEB", "webLocation": {"url": "https://example.com/"}}},
                {"content": {"text": "b"}, "location": {"customDocumentLocation": {"id": "7"}}, "metadata": mark},
                {"content": {"text": "c"}, "metadata": mark},
                {"content": {"byteContent": "AA=="}, "location": null},
            ],
        }},
        "results": [{"metricName": "Builtin.ContextRelevance", "result": null}],
    }]});
    let found = only(&line);
    assert_eq!((found.model.as_str(), found.response.as_ref()), ("KB", None), "it only retrieves");
    let expected = json!([
        {"text": "a", "uri": "https://example.com/"},
        {"text": "b", "uri": "7"},
        {"text": "c", "uri": "s3://b/marked"},
        {},
    ]);
    assert_eq!(found.metadata["retrieved_passages"], expected);
    assert_eq!(found.evaluations[0].value, None);
}

#[test]
fn what_cannot_be_read_says_why_and_tells_no_text() {
    let secret = r#"{"prompt":"SECRET","referenceResponse":"SECRET"}"#;
    for (line, expected) in [
        (r#"{"automatedEval: SECRET"#.to_owned(), "not valid JSON at column 23"),
        ("SECRET".to_owned(), "not valid JSON at column 1"),
        (
            format!(r#"{{"inputRecord":{secret}}}"#),
            "no automatedEvaluationResult, conversationTurns or humanEvaluationResult",
        ),
        (
            r#"{"automatedEvaluationResult":null}"#.to_owned(),
            "no automatedEvaluationResult, conversationTurns or humanEvaluationResult",
        ),
        (automatic(r#"[{"metricName":"SECRET","result":{"SECRET":1}}]"#), "a score is no number"),
        (automatic(r#"[{"metricName":"SECRET","result":["SECRET"]}]"#), "a score is no number"),
        (r#"{"automatedEvaluationResult":"SECRET"}"#.to_owned(), "a value of another type than expected at column 37"),
        (
            format!(
                r#"{{"automatedEvaluationResult":{{}},"inputRecord":{secret},"modelResponses":[{{"response":"SECRET"}},{{}}]}}"#
            ),
            "one list of scores for several answers",
        ),
        (r#"{"conversationTurns":[]}"#.to_owned(), "a conversation without turns"),
    ] {
        assert_eq!(refused(&line).to_string(), expected, "{line}");
    }
}

#[test]
fn deep_nesting_is_passed_over_or_refused() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let line = automatic("[]").replacen('{', &format!(r#"{{"odd":{},"#, deep(100_000)), 1);
    assert_eq!(read(&line).len(), 1);
    for line in [deep(100_000), format!(r#"{{"inputRecord":{{"prompt":{}}}}}"#, deep(100_000)), "[".repeat(100_000)] {
        assert!(matches!(refused(&line), Unreadable::InvalidJson { .. }));
    }
}
