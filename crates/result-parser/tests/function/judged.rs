//! Jobs with a judge: scores that were not given, metrics of one's own, explanations.

use crate::expected::{assert_score, model, score, scores};
use crate::world::{JUDGE, MODEL, World, many, reading};
use local_stack::stand_in::{JobBehaviour, deterministic_score};
use serde_json::{Value, json};

fn spec() -> String {
    format!(
        "scorers: [f1]\nonline: false\njobs:\n- kind: judge\n  evaluator: '{JUDGE}'\n  metrics: [Correctness, Builtin.FollowingInstructions]\n  \
         models: [{{id: '{MODEL}'}}]\n  custom_metrics:\n  - name: BrandVoice\n    instructions: 'Rate {{{{prediction}}}}.'\n    \
         scale: [{{definition: poor, number: 1}}, {{definition: fair, number: 3}}, {{definition: good, number: 5}}]\n"
    )
}

#[tokio::test]
async fn scores_that_were_not_given_are_unscored_and_never_zero() {
    let world = World::new("judge").await;
    let outputs = world.finish("faq", &spec(), &many(40)).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let lines = world.lines(&outputs[0]).await;
    let expected = scores(&lines);
    let (following, missing) = &expected["FollowingInstructions"];
    assert!(*missing > 0 && !following.is_empty(), "the judge leaves out some: {expected:?}");
    assert!(expected["BrandVoice"].0.iter().all(|value| [1.0, 3.0, 5.0].contains(value)));

    let run = world.assert_told_once("faq").await;
    let summary = run.summary();
    let found = model(&summary, MODEL);
    assert_score(found, "job.Correctness", &expected["Correctness"].0, 0);
    assert_score(found, "job.FollowingInstructions", following, *missing);
    assert_score(found, "job.custom.BrandVoice", &expected["BrandVoice"].0, 0);
    assert_eq!(found["scores"]["f1"]["n"], 40);

    let metrics = world.metrics().await;
    for (name, values) in [
        ("FollowingInstructions", following),
        ("custom.BrandVoice", &expected["BrandVoice"].0),
        ("Correctness", &expected["Correctness"].0),
    ] {
        let published = reading(&metrics, "JobScore", &format!("{MODEL}/{name}"));
        assert_eq!(published.count, values.len() as f64, "{name}");
        assert!((published.sum - values.iter().sum::<f64>()).abs() < 1e-9, "{name}");
    }
    assert_eq!(reading(&metrics, "SamplesUnscored", MODEL).sum, *missing as f64);

    for (record, line) in run.records().iter().zip(&lines) {
        let evaluations = record["evaluations"].as_array().unwrap();
        assert_eq!(evaluations.len(), 3);
        for (evaluation, given) in
            evaluations.iter().zip(line["automatedEvaluationResult"]["scores"].as_array().unwrap())
        {
            assert_eq!(evaluation["explanation"], given["evaluatorDetails"][0]["explanation"]);
            assert_eq!(evaluation["evaluator"], JUDGE);
            assert_eq!(evaluation.get("value").and_then(Value::as_f64), given["result"].as_f64());
        }
        let (prompt, answer) = (record["sample"]["prompt"].as_str().unwrap(), record["responses"][0]["text"].as_str());
        let following = deterministic_score("FollowingInstructions", prompt, answer.unwrap());
        assert_eq!(score(record, "job.FollowingInstructions"), following);
        let said = &record["scores"]["job.FollowingInstructions"]["unscored"];
        assert_eq!(said.is_string(), following.is_none(), "{said}");
    }
}

#[tokio::test]
async fn a_metric_that_was_never_given_has_no_mean() {
    let scores = [("Builtin.Correctness".to_owned(), None)].into();
    let world = World::with("judge-null", JobBehaviour { scores, ..JobBehaviour::default() }).await;
    let outputs = world.finish("faq", &spec(), &many(3)).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.assert_told_once("faq").await;
    let score = run.summary()["models"][0]["scores"]["job.Correctness"].clone();
    assert_eq!((&score["n"], &score["unscored"]), (&json!(0), &json!(3)));
    assert!(score.get("mean").is_none_or(Value::is_null), "{score}");
    let metrics = world.metrics().await;
    assert!(!metrics.keys().any(|(name, of)| name == "JobScore" && of.ends_with("/Correctness")), "{metrics:?}");
}
