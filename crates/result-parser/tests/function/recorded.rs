//! Jobs over answers that the dataset brings: no model is asked, and models keep the names of the dataset.

use crate::expected::{assert_score, model, scores};
use crate::world::{JUDGE, World, reading};
use serde_json::{Value, json};

const BOT: &str = "us.example.bot-v7:0";

fn answered(prompt: &str, answers: &[(&str, &str)]) -> String {
    let answers: Vec<Value> =
        answers.iter().map(|(model, text)| json!({"response": text, "modelIdentifier": model})).collect();
    json!({"id": format!("id of {prompt}"), "prompt": prompt, "referenceResponse": "yes it is", "modelResponses": answers}).to_string() + "\n"
}

fn assert_no_model_was_asked(world: &World) {
    assert!(world.stand_in.calls().iter().all(|call| call.operation.contains("Job")), "{:?}", world.stand_in.calls());
}

#[tokio::test]
async fn a_judge_judges_recorded_answers() {
    let world = World::new("recorded-judge").await;
    let spec = format!(
        "scorers: [f1]\nonline: false\njobs: [{{kind: judge, recorded: true, evaluator: '{JUDGE}', metrics: [Correctness]}}]\n"
    );
    let dataset = answered("Is it?", &[(BOT, "yes it is")]) + &answered("Or is it?", &[(BOT, "no")]);
    let outputs = world.finish("faq", &spec, &dataset).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.assert_told_once("faq").await;
    let summary = run.summary();
    assert_eq!(summary["answers"], json!({"asked": 0, "recorded": 2}));
    let found = model(&summary, BOT);
    assert_score(found, "job.Correctness", &scores(&world.lines(&outputs[0]).await)["Correctness"].0, 0);
    assert_score(found, "f1", &[1.0, 0.0], 0);
    for record in run.records() {
        assert_eq!((&record["recorded"], &record["model"]), (&json!(true), &json!(BOT)));
        assert!(record["sample"]["id"].as_str().unwrap().starts_with("id of "));
    }
    assert_eq!(reading(&world.metrics().await, "SamplesTotal", BOT).sum, 2.0);
    assert_no_model_was_asked(&world);
}

#[tokio::test]
async fn people_compare_recorded_answers() {
    let world = World::new("recorded-people").await;
    let spec = "scorers: [f1]\nonline: false\njobs:\n- kind: human\n  recorded: true\n  \
        flow_definition: 'arn:aws:sagemaker:us-east-1:000000000000:flow-definition/raters'\n  instructions: Read.\n  \
        ratings: [{name: Up, method: ThumbsUpDown}, {name: Preferred, method: ComparisonChoice}]\n";
    let answers = [(BOT, "yes it is"), ("other bot", "no")];
    let dataset = answered("Is it?", &answers) + &answered("Or is it?", &answers);
    let outputs = world.finish("faq", spec, &dataset).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.assert_told_once("faq").await;
    let summary = run.summary();
    assert_eq!(summary["answers"], json!({"asked": 0, "recorded": 4}));
    let first = |line: &Value| line["humanEvaluationResult"][0]["humanAnswers"].as_array().unwrap().clone();
    let lines = world.lines(&outputs[0]).await;
    for (id, name, f1) in [("0", BOT, 1.0), ("1", "other bot", 0.0)] {
        let chosen = |answer: &Value| {
            let choice = &answer["answerContent"]["evaluationResults"]["comparisonChoice"][0]["result"];
            if choice["modelResponseId"] == id { 1.0 } else { 0.0 }
        };
        let expected: Vec<f64> = lines.iter().map(|line| first(line).iter().map(chosen).sum::<f64>() / 2.0).collect();
        assert_score(model(&summary, name), "job.human.Preferred", &expected, 0);
        assert_score(model(&summary, name), "f1", &[f1, f1], 0);
    }
    assert!(run.records().iter().all(|record| record["recorded"] == true));
    assert_no_model_was_asked(&world);
}

#[tokio::test]
async fn recorded_answers_of_a_rag_system_are_judged() {
    let world = World::new("recorded-rag").await;
    let spec = format!(
        "scorers: [f1]\nonline: false\njobs: [{{kind: rag, recorded: true, evaluator: '{JUDGE}', metrics: [Correctness, Refusal]}}]\n"
    );
    let line = |id: &str, prompt: &str, text: &str| {
        let passages = json!({"retrievalResults": [{"content": {"text": "a passage"}}]});
        let output = json!({"text": text, "knowledgeBaseIdentifier": "our:search", "retrievedPassages": passages});
        let turn = json!({"prompt": {"content": [{"text": prompt}]},
            "referenceResponses": [{"content": [{"text": "at nine"}]}], "output": output});
        json!({"id": id, "conversationTurns": [turn]}).to_string() + "\n"
    };
    let dataset = line("a", "When?", "at nine") + &line("b", "When exactly?", "no idea");
    let outputs = world.finish("faq", &spec, &dataset).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.assert_told_once("faq").await;
    let summary = run.summary();
    assert_eq!(summary["answers"], json!({"asked": 0, "recorded": 2}));
    let found = model(&summary, "our:search");
    let expected = scores(&world.lines(&outputs[0]).await);
    for metric in ["Correctness", "Refusal"] {
        assert_score(found, &format!("job.{metric}"), &expected[metric].0, expected[metric].1);
    }
    assert_score(found, "f1", &[1.0, 0.0], 0);
    let ids: Vec<Value> = run.records().iter().map(|record| record["sample"]["id"].clone()).collect();
    assert_eq!((ids, run.records()[0]["recorded"].clone()), (vec![json!("a"), json!("b")], json!(true)));
    assert_no_model_was_asked(&world);
}
