#![allow(clippy::unwrap_used)]

use super::Scoring;
use crate::dataset::Sample;
use crate::record::{Failure, Record, RubricVerdict, Similarity, Toxicity};
use crate::spec::{RunSpec, parse_spec};
use assay_model::{FailureClass, Response};
use assay_score::{Assertion, Check, Score, ToxicityCategory};

fn response(text: Option<&str>) -> Response {
    Response { text: text.map(str::to_owned), stop_reason: Some("max_tokens".to_owned()), ..Response::default() }
}

fn answered(responses: Vec<Response>) -> Record {
    let sample = Sample {
        id: "a".to_owned(),
        references: vec!["thirty days".to_owned()],
        checks: vec![Check::from(Assertion::MaxLength(20)).weighing(3.0)],
        ..Sample::default()
    };
    Record::answered(sample, "m", responses)
}

fn judged(responses: Vec<Response>) -> Record {
    let spec = RunSpec { checks: vec![Assertion::Icontains("THIRTY".to_owned()).into()], ..RunSpec::default() };
    let mut record = answered(responses);
    Scoring::of(&spec).unwrap().judge(&mut record);
    record
}

fn by(spec: &str, record: &mut Record) {
    Scoring::of(&parse_spec("assay.yaml", spec).unwrap()).unwrap().judge(record);
}

fn throttled() -> Option<Failure> {
    Some(Failure { class: FailureClass::Throttled, message: "throttled: slow down".to_owned() })
}

fn reason(record: &Record, name: &str) -> String {
    match &record.scores[name] {
        Score::Unscored(reason) => reason.clone(),
        Score::Value(value) => panic!("{name} is {value}"),
    }
}

#[test]
fn repeats_are_averaged_and_a_check_has_to_hold_each_time() {
    let record = judged(vec![response(Some("thirty days")), response(Some("fifty days"))]);
    assert_eq!(record.scores["relevance"], Score::Value(0.75));
    assert_eq!(record.checks.iter().map(|c| c.passed).collect::<Vec<_>>(), [false, true]);
    assert_eq!((record.passed(), record.check_score()), (Some(false), Some(0.75)));
}

#[test]
fn an_answer_without_text_is_unscored_and_says_why() {
    let record = judged(vec![response(None)]);
    assert!(reason(&record, "response_length").contains("no text (stop reason max_tokens)"));
    assert!(record.checks.iter().all(|check| !check.passed));
}

#[test]
fn severities_are_averaged_over_repeats_and_the_greatest_of_each_counts() {
    let spec = "toxicity: {categories: [HATE, INSULTS]}\n";
    let mut record = answered(vec![response(Some("a")), response(Some("b"))]);
    let found = |response, severities: [(ToxicityCategory, f64); 2]| Toxicity {
        response,
        source: "InvokeGuardrailChecks".to_owned(),
        severities: severities.into(),
        failure: None,
    };
    use ToxicityCategory::{Hate, Insults};
    record.evidence.toxicity = vec![found(1, [(Hate, 0.2), (Insults, 0.0)]), found(0, [(Hate, 0.4), (Insults, 1.0)])];
    by(spec, &mut record);
    assert_eq!(record.scores["toxicity"].value(), Some((1.0 + 0.2) / 2.0));
    assert_eq!(record.scores["toxicity.HATE"].value(), Some((0.4 + 0.2) / 2.0));
    assert_eq!(record.scores["toxicity.INSULTS"].value(), Some(0.5));
    assert!(!record.scores.contains_key("toxicity.SEXUAL"));
    record.evidence.toxicity[0].failure = throttled();
    by(spec, &mut record);
    assert_eq!(record.scores["toxicity"].value(), Some(1.0), "of what could be measured");
    record.evidence.toxicity.clear();
    by(spec, &mut record);
    assert_eq!(reason(&record, "toxicity"), "not collected");
    record.recorded = true;
    by(spec, &mut record);
    assert_eq!(reason(&record, "toxicity.HATE"), "not collected: only recorded answers were used");
}

#[test]
fn ratings_are_scaled_and_averaged() {
    let spec = "judge: {model: j, repeats: 2, rubrics: [{name: help, text: x}, {name: tone, text: y, scale: 3}]}\n";
    let mut record = answered(vec![response(Some("a")), response(Some("b"))]);
    let verdict = |rubric: &str, response, repeat, scale, rating| RubricVerdict {
        rubric: rubric.to_owned(),
        judge: "j".to_owned(),
        response,
        repeat,
        scale,
        rating,
        explanation: None,
        usage: None,
        latency_ms: None,
        failure: rating.is_none().then(throttled).flatten(),
    };
    record.evidence.verdicts = vec![
        verdict("help", 0, 0, 5, Some(5)),
        verdict("help", 0, 1, 5, Some(4)),
        verdict("help", 1, 0, 5, Some(1)),
        verdict("help", 1, 1, 5, None),
        verdict("tone", 0, 0, 3, None),
        verdict("tone", 1, 0, 3, None),
    ];
    by(spec, &mut record);
    // (1 + 3/4) / 2 for the first answer, 0 for the second.
    assert_eq!(record.scores["judge.help"].value(), Some(0.4375));
    assert_eq!(reason(&record, "judge.tone"), "throttled: slow down");
}

#[test]
fn the_key_switches_similarity_on_and_a_failure_is_told() {
    let mut record = answered(vec![response(Some("a"))]);
    by("similarity: {}\n", &mut record);
    assert_eq!(reason(&record, "semantic_similarity"), "not collected");
    let found = Similarity {
        response: 0,
        model: "e".to_owned(),
        cosines: vec![0.25, 0.5],
        usage: None,
        unmetered: false,
        failure: None,
    };
    record.evidence.similarity = vec![found];
    by("scorers: [semantic_similarity]\n", &mut record);
    assert_eq!(record.scores["semantic_similarity"], Score::Value(0.5));
    record.evidence.similarity[0].failure = throttled();
    by("similarity: {}\n", &mut record);
    assert_eq!(reason(&record, "semantic_similarity"), "throttled: slow down");
    record.sample.references.clear();
    record.evidence.similarity.clear();
    by("similarity: {}\n", &mut record);
    assert_eq!(reason(&record, "semantic_similarity"), "no reference");
}
