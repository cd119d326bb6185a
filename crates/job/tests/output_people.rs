//! Ratings of people in forms beside those of the samples: maps that are missing, answers that are named otherwise,
//! people who come twice.

#![allow(clippy::unwrap_used)]

use assay_job::output::{Context, JudgedAnswer, Unreadable, read_line};
use serde_json::{Value, json};

fn read(line: &Value) -> Result<Vec<JudgedAnswer>, Unreadable> {
    read_line(&line.to_string(), &Context::default())
}

/// What one person says, by their id.
fn says(worker: &str, results: Value) -> Value {
    json!({"workerId": worker, "answerContent": {"evaluationResults": results}})
}

fn thumbs(id: &str, up: bool) -> Value {
    json!({"thumbsUpDown": [{"metricName": "Useful", "modelResponseId": id, "result": up}]})
}

/// A record of two models, with what people say and the map of answers.
fn record(people: Value, map: Value) -> Value {
    json!({
        "humanEvaluationResult": {"humanAnswers": people, "modelResponseIdMap": map},
        "inputRecord": {"prompt": "p"},
        "modelResponses": [{"modelIdentifier": "one", "response": "1"}, {"modelIdentifier": "two", "text": "2"}],
    })
}

/// A rater and the number.
type Number = (u32, Option<f64>);

/// What was said of each answer, by its model.
fn numbers(answers: &[JudgedAnswer]) -> Vec<(&str, Vec<Number>)> {
    let of = |answer: &JudgedAnswer| answer.evaluations.iter().map(|one| (one.rater.unwrap(), one.value)).collect();
    answers.iter().map(|answer| (answer.model.as_str(), of(answer))).collect()
}

#[test]
fn without_a_map_ids_are_places() {
    for map in [Value::Null, json!({})] {
        let found = read(&record(json!([says("w", thumbs("1", true))]), map)).unwrap();
        assert_eq!(numbers(&found), [("one", vec![]), ("two", vec![(0, Some(1.0))])]);
        assert_eq!(found[1].response.as_deref(), Some("2"));
    }
}

#[test]
fn the_map_counts_and_not_the_place() {
    let map = json!({"0": "two", "1": "one"});
    let found = read(&record(json!([says("w", thumbs("1", true))]), map)).unwrap();
    assert_eq!(numbers(&found), [("one", vec![(0, Some(1.0))]), ("two", vec![])]);
    let names = json!({"0": "arn:aws:bedrock:us-east-1::foundation-model/one", "1": "arn:aws:bedrock:us-east-1::foundation-model/two"});
    let found = read(&record(json!([says("w", thumbs("1", true))]), names)).unwrap();
    assert_eq!(numbers(&found), [("one", vec![]), ("two", vec![(0, Some(1.0))])], "named in another form");
}

#[test]
fn two_answers_of_one_model_are_told_apart_by_place() {
    let mut line = record(json!([says("w", thumbs("1", true))]), json!({"0": "one", "1": "one"}));
    line["modelResponses"][1]["modelIdentifier"] = json!("one");
    assert_eq!(numbers(&read(&line).unwrap()), [("one", vec![]), ("one", vec![(0, Some(1.0))])]);
}

#[test]
fn answers_that_are_only_named_keep_their_ratings() {
    let choice = json!({"comparisonChoice": [{"metricName": "Best", "result": {"modelResponseId": "1"}}]});
    let mut line = record(json!([says("w", choice)]), json!({"0": "one", "1": "two"}));
    let expected = [("one", vec![(0, Some(0.0))]), ("two", vec![(0, Some(1.0))])];
    line["modelResponses"] = json!([]);
    let found = read(&line).unwrap();
    assert_eq!(numbers(&found), expected);
    assert!(found.iter().all(|answer| answer.prompt == "p" && answer.response.is_none()));
    line["modelResponses"] = json!([{"modelIdentifier": "one", "response": "1"}]);
    let found = read(&line).unwrap();
    assert_eq!(numbers(&found), expected);
    assert_eq!((found[0].response.as_deref(), found[1].response.as_deref()), (Some("1"), None));
}

#[test]
fn recorded_answers_inside_of_the_input_are_rated() {
    let mut line = record(json!([says("w", thumbs("1", true))]), json!({"0": "one", "1": "two"}));
    for key in ["modelResponses", "responses"] {
        line["inputRecord"][key] = line["modelResponses"].take();
        let found = read(&line).unwrap();
        assert_eq!(numbers(&found), [("one", vec![]), ("two", vec![(0, Some(1.0))])], "{key}");
        assert_eq!((found[0].response.as_deref(), found[1].response.as_deref()), (Some("1"), Some("2")), "{key}");
        line["modelResponses"] = line["inputRecord"][key].take();
    }
    let one = json!([{"modelIdentifier": "one", "response": "1"}]);
    line["inputRecord"]["modelResponses"] = one;
    line["modelResponses"] = json!(null);
    let found = read(&line).unwrap();
    assert_eq!(numbers(&found), [("one", vec![]), ("two", vec![(0, Some(1.0))])]);
    assert_eq!((found[0].response.as_deref(), found[1].response.as_deref()), (Some("1"), None));
}

#[test]
fn a_person_who_comes_twice_is_one_rater() {
    let people = json!([says("a", thumbs("0", true)), says("b", thumbs("0", false)), says("a", thumbs("1", false))]);
    let found = read(&record(people, Value::Null)).unwrap();
    assert_eq!(numbers(&found), [("one", vec![(0, Some(1.0)), (1, Some(0.0))]), ("two", vec![(0, Some(0.0))])]);
    let nameless = json!({"answerContent": {"evaluationResults": thumbs("0", true)}});
    let found = read(&record(json!([nameless, nameless]), Value::Null)).unwrap();
    assert_eq!(numbers(&found)[0].1, [(0, Some(1.0)), (1, Some(1.0))], "nothing tells that they are one");
}

#[test]
fn several_results_share_their_raters_and_have_their_own_maps() {
    let mut line = record(json!([]), Value::Null);
    line["humanEvaluationResult"] = json!([
        {"humanAnswers": [says("a", thumbs("0", true))], "modelResponseIdMap": {"0": "two"}},
        {"humanAnswers": [says("b", thumbs("0", false)), says("a", thumbs("0", true))]},
    ]);
    line["modelResponseIdMap"] = json!({"0": "one"});
    let found = read(&line).unwrap();
    assert_eq!(numbers(&found), [("one", vec![(1, Some(0.0)), (0, Some(1.0))]), ("two", vec![(0, Some(1.0))])]);
}

#[test]
fn who_said_nothing_said_nothing() {
    for answer in [json!({}), json!({"answerContent": null}), json!({"answerContent": {}}), says("w", Value::Null)] {
        let found = read(&record(json!([answer]), Value::Null)).unwrap();
        assert_eq!(numbers(&found), [("one", vec![]), ("two", vec![])], "{answer}");
    }
    for nobody in [Value::Null, json!([])] {
        assert_eq!(read(&record(nobody, Value::Null)).unwrap().len(), 2);
    }
    let undecided = json!({"comparisonChoice": [{"metricName": "Best", "result": null}]});
    let found = read(&record(json!([says("w", undecided)]), Value::Null)).unwrap();
    assert_eq!(numbers(&found), [("one", vec![(0, None)]), ("two", vec![(0, None)])]);
}

#[test]
fn words_and_nameless_ratings() {
    let results = json!({"individualLikertScale": [{"modelResponseId": "0", "result": "good"}]});
    let line = record(json!([says("w", results)]), Value::Null).to_string();
    for (asked, expected) in [(None, "unknown"), (Some("Clarity"), "human.Clarity")] {
        let context = Context { only_metric: asked.map(str::to_owned) };
        let found = read_line(&line, &context).unwrap().remove(0).evaluations.remove(0);
        assert_eq!((found.metric.as_str(), found.value, found.label.as_deref()), (expected, None, Some("good")));
    }
}

#[test]
fn what_the_method_is_called_does_not_matter() {
    let mut bedrock = record(json!([says("w", thumbs("0", true))]), Value::Null);
    let mut sagemaker = bedrock.clone();
    let input = |key: &str| json!({"evaluationMetrics": [{"metricName": "Useful", key: "ThumbsUpDown"}]});
    bedrock["humanEvaluationResult"]["inputContent"] = input("ratingMethod");
    sagemaker["inputContent"] = input("metricType");
    assert_eq!(read(&bedrock).unwrap(), read(&sagemaker).unwrap());
}

#[test]
fn a_rating_of_nothing_is_told() {
    for id in ["2", "-1", "x", ""] {
        let found = read(&record(json!([says("w", thumbs(id, true))]), Value::Null));
        assert_eq!(found, Err(Unreadable::UnknownAnswer), "{id}");
    }
    let mut line = record(json!([says("w", json!({"thumbsUpDown": [{"result": true}]}))]), Value::Null);
    line["modelResponses"] = json!([{"modelIdentifier": "only", "response": "1"}]);
    assert_eq!(numbers(&read(&line).unwrap()), [("only", vec![(0, Some(1.0))])], "there is just one");
}

#[test]
fn identities_are_not_kept_wherever_they_stand() {
    let mut person = says("WORKER-1", thumbs("0", true));
    person["workerMetadata"] = json!({"identityData": {"sub": "SUB-1", "issuer": "ISSUER-1"}});
    person["acceptanceTime"] = json!("TIME-1");
    person["submissionTime"] = json!("TIME-2");
    let found = format!("{:?}", read(&record(json!([person]), Value::Null)).unwrap());
    for trace in ["WORKER", "SUB", "ISSUER", "TIME"] {
        assert!(!found.contains(trace), "{trace}");
    }
    let broken = record(json!([{"workerId": "WORKER-1", "answerContent": "WORKER-1"}]), Value::Null);
    let problem = read(&broken).unwrap_err();
    assert!(!format!("{problem} {problem:?}").contains("WORKER"), "{problem}");
}
