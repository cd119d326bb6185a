//! What jobs wrote, read from the bucket in the plainest way, apart from how the functions read it.

use end_to_end::world;
use end_to_end::world::parse;
use serde_json::Value;
use std::collections::BTreeMap;

/// An answer, and what was said of it.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub prompt: String,
    pub reference: Option<String>,
    /// As suites and metrics name it.
    pub model: String,
    pub response: String,
    /// By the names that metrics have in CloudWatch: what each judge or person said.
    pub scores: BTreeMap<String, Vec<Option<f64>>>,
}

impl Judged {
    /// The score by a metric: the mean over all who said a number.
    pub(crate) fn score(&self, metric: &str) -> Option<f64> {
        let values: Vec<f64> = self.scores.get(metric)?.iter().copied().flatten().collect();
        (!values.is_empty()).then(|| world::mean(&values))
    }
}

/// Everything that the job `name` of a suite wrote about answers.
pub(crate) async fn of_job(suite: &str, name: &str) -> Vec<Judged> {
    let written = world::objects(&format!("job-output/{suite}/{name}/")).await;
    let results = written.iter().filter(|(key, _)| key.ends_with("_output.jsonl"));
    results.flat_map(|(_, text)| text.lines()).map(parse).flat_map(|record| answers(&record)).collect()
}

fn answers(record: &Value) -> Vec<Judged> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut answers: Vec<Judged> = record["modelResponses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|response| Judged {
            prompt: text(&record["inputRecord"]["prompt"]),
            reference: record["inputRecord"]["referenceResponse"].as_str().map(str::to_owned),
            // Profiles are named by ARN.
            model: text(&response["modelIdentifier"]).rsplit('/').next().unwrap().to_owned(),
            response: text(&response["response"]),
            ..Judged::default()
        })
        .collect();
    for score in list(&record["automatedEvaluationResult"]["scores"]) {
        let name = text(&score["metricName"]);
        let metric = name.strip_prefix("Builtin.").map_or_else(|| format!("custom.{name}"), str::to_owned);
        answers[0].scores.entry(metric).or_default().push(score["result"].as_f64());
    }
    for person in list(&record["humanEvaluationResult"][0]["humanAnswers"]) {
        let said = &person["answerContent"]["evaluationResults"];
        let place = |id: &Value| id.as_str().unwrap().parse::<usize>().unwrap();
        let mut rate = |place: usize, name: &Value, value: f64| {
            answers[place].scores.entry(format!("human.{}", text(name))).or_default().push(Some(value));
        };
        for rating in list(&said["thumbsUpDown"]) {
            let value = f64::from(u8::from(rating["result"].as_bool().unwrap()));
            rate(place(&rating["modelResponseId"]), &rating["metricName"], value);
        }
        for rating in list(&said["individualLikertScale"]) {
            rate(place(&rating["modelResponseId"]), &rating["metricName"], rating["result"].as_f64().unwrap());
        }
        for rating in list(&said["comparisonChoice"]) {
            let chosen = place(&rating["result"]["modelResponseId"]);
            rate(chosen, &rating["metricName"], 1.0);
            rate(1 - chosen, &rating["metricName"], 0.0);
        }
    }
    answers
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
