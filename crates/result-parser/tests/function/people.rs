//! Jobs in which people rate: every method, two of them, and nothing of who they are.

use crate::expected::{assert_score, model};
use crate::world::{MODEL, OTHER, World, dataset};
use local_stack::stand_in::{JobBehaviour, OutputVariant};
use serde_json::Value;

const METHODS: [(&str, &str); 5] = [
    ("Up", "ThumbsUpDown"),
    ("Clarity", "IndividualLikertScale"),
    ("Closer", "ComparisonLikertScale"),
    ("Preferred", "ComparisonChoice"),
    ("Overall", "ComparisonRank"),
];

fn spec() -> String {
    let ratings = METHODS.map(|(name, method)| format!("{{name: {name}, method: {method}}}")).join(", ");
    format!(
        "scorers: [f1]\nonline: false\njobs:\n- kind: human\n  models: [{{id: '{MODEL}'}}, {{id: '{OTHER}'}}]\n  \
         flow_definition: 'arn:aws:sagemaker:us-east-1:000000000000:flow-definition/raters'\n  \
         instructions: Read first.\n  ratings: [{ratings}]\n"
    )
}

/// What one person's rating says of the answer `id`: yes is 1, no is 0; five steps are as they are; of comparisons, 1 is
/// for the better one, and five steps between two go in quarters.
fn values(results: &Value, id: &str) -> Vec<(&'static str, f64)> {
    let rated = |method: &str| results[method].as_array().unwrap().clone();
    let of_answer = |method: &str| {
        rated(method).into_iter().find(|rating| rating["modelResponseId"] == id).unwrap()["result"].clone()
    };
    let up = if of_answer("thumbsUpDown").as_bool().unwrap() { 1.0 } else { 0.0 };
    let steps = rated("comparisonLikertScale")[0]["result"].as_f64().unwrap();
    let toward_right = (steps - 1.0) / 4.0;
    let closer = if id == "0" { 1.0 - toward_right } else { toward_right };
    let preferred = if rated("comparisonChoice")[0]["result"]["modelResponseId"] == id { 1.0 } else { 0.0 };
    let ranks = rated("comparisonRank")[0]["result"].as_array().unwrap().clone();
    let rank = ranks.iter().find(|rank| rank["modelResponseId"] == id).unwrap()["rank"].as_f64().unwrap();
    vec![
        ("Up", up),
        ("Clarity", of_answer("individualLikertScale").as_f64().unwrap()),
        ("Closer", closer),
        ("Preferred", preferred),
        ("Overall", 2.0 - rank),
    ]
}

/// Everything that names one of the people in the output.
fn identities(lines: &[Value]) -> Vec<String> {
    let answers = lines.iter().flat_map(|line| line["humanEvaluationResult"][0]["humanAnswers"].as_array().unwrap());
    let of = |answer: &Value| {
        let identity = &answer["workerMetadata"]["identityData"];
        [&answer["workerId"], &identity["sub"], &identity["issuer"]].map(|text| text.as_str().unwrap().to_owned())
    };
    answers.flat_map(of).collect()
}

/// Asserts that nothing which Assay wrote names one of the people.
async fn assert_nobody_is_named(world: &World, identities: &[String]) {
    assert!(identities.len() >= 6);
    for prefix in ["runs", "suites", "jobs"] {
        for key in world.keys(prefix).await {
            let text = world.read(&key).await;
            for identity in identities.iter().map(String::as_str).chain(["workerId", "workerMetadata"]) {
                assert!(!text.contains(identity), "{identity} is in {key}");
            }
        }
    }
}

#[tokio::test]
async fn every_method_is_read_and_nobody_is_named() {
    let world = World::new("people").await;
    let outputs = world.finish("faq", &spec(), &dataset()).await;
    assert_eq!((outputs.len(), world.stand_in.jobs().len()), (1, 1), "people see both models at once");
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let lines = world.lines(&outputs[0]).await;
    let run = world.assert_told_once("faq").await;
    let (records, summary) = (run.records(), run.summary());
    assert_eq!(records.len(), 4);
    for (id, name) in [("0", MODEL), ("1", OTHER)] {
        let mut by_metric = std::collections::BTreeMap::<&str, Vec<f64>>::new();
        for line in &lines {
            let answers = line["humanEvaluationResult"][0]["humanAnswers"].as_array().unwrap();
            assert_eq!(answers.len(), 2);
            let [one, two] =
                [0, 1].map(|rater: usize| values(&answers[rater]["answerContent"]["evaluationResults"], id));
            for ((metric, first), (_, second)) in one.into_iter().zip(two) {
                by_metric.entry(metric).or_default().push((first + second) / 2.0);
            }
        }
        for (metric, values) in &by_metric {
            assert_score(model(&summary, name), &format!("job.human.{metric}"), values, 0);
        }
        let own: Vec<&Value> = records.iter().filter(|record| record["model"] == name).collect();
        assert_eq!(own.len(), 2);
        for record in own {
            let evaluations = record["evaluations"].as_array().unwrap();
            assert_eq!(evaluations.len(), 10, "five methods by two people");
            for rater in 0..2 {
                assert_eq!(evaluations.iter().filter(|found| found["rater"] == rater).count(), 5);
            }
        }
    }
    assert_nobody_is_named(&world, &identities(&lines)).await;
}

#[tokio::test]
async fn a_line_that_breaks_off_is_counted_and_names_nobody_either() {
    let world = World::new("people-broken").await;
    let whole = world.finish("faq", &spec(), &dataset()).await;
    let lines = world.lines(&whole[0]).await;
    // As far as the second person's identity, and no further.
    let text = world.read(&whole[0]).await;
    let end = text.rfind("\"sub\"").unwrap();
    world.put(&whole[0], &text[..end]).await;
    assert_eq!(world.parse(&whole[0]).await, "collected");
    let run = world.only_run("faq").await;
    assert_eq!(world.notes().await.values().next().unwrap()["read"]["unread"], 1);
    let kept = run.objects.iter().find(|(name, _)| name.starts_with("unread/")).unwrap().1;
    assert!(kept.contains(&whole[0]) && kept.contains("\"line\":2"), "{kept}");
    assert!(run.problems().contains("1 lines of output could not be read"), "{}", run.problems());
    assert_nobody_is_named(&world, &identities(&lines)).await;
}

#[tokio::test]
async fn other_readings_of_the_documentation_say_the_same() {
    let mut means = Vec::new();
    for (name, output) in [
        ("people-usual", vec![]),
        ("people-beside", vec![OutputVariant::HumanLoopBeside]),
        ("people-object", vec![OutputVariant::HumanResultObject]),
    ] {
        let world = World::with(name, JobBehaviour { output, ..JobBehaviour::default() }).await;
        let outputs = world.finish("faq", &spec(), &dataset()).await;
        assert_eq!(world.parse(&outputs[0]).await, "collected");
        let models = world.only_run("faq").await.summary()["models"].clone();
        let scores: Vec<(Value, Value)> =
            models.as_array().unwrap().iter().map(|model| (model["model"].clone(), model["scores"].clone())).collect();
        means.push(scores);
    }
    assert_eq!(means[0], means[1]);
    assert_eq!(means[0], means[2]);
}
