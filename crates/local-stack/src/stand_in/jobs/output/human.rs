//! Records of human jobs: two workers, who answer by every rating method of the job and do not always agree.
//!
//! The page that documents the shape has brackets that do not balance; this is the reading in which everything about
//! the loop stands in its element. No real output is known.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{Maker, OutputFile, input_record, text};
use crate::stand_in::jobs::members::HumanMetric;
use crate::stand_in::jobs::scores::number;

/// Names of the workers in the ids that are made for them.
const WORKERS: [&str; 2] = ["first", "second"];

/// What the workers saw of a record, in an object of its own.
pub(super) fn additional_data(folder: &str, index: usize, record: &Value) -> OutputFile {
    let content = json!({"prompt": record["prompt"], "referenceResponse": record["referenceResponse"]}).to_string();
    OutputFile { key: format!("{folder}/{}", additional_data_key(index)), content }
}

fn additional_data_key(index: usize) -> String {
    format!("records/{index}/human-loop-additional-data.json")
}

pub(super) async fn record(maker: Maker<'_>, record: &Value, (uri, index): (&str, usize)) -> Result<Value, String> {
    let human = maker.request().human().ok_or("The job asks no people.")?;
    let responses = maker.responses(record).await?;
    let metric = |metric: &HumanMetric| {
        let mut described = json!({"metricName": metric.name, "ratingMethod": metric.rating_method});
        if let Some(description) = &metric.description {
            described["description"] = json!(description);
        }
        described
    };
    let mut content = json!({
        "additionalDataS3Uri": format!("{uri}/{}", additional_data_key(index)),
        "evaluationMetrics": human.custom_metrics.iter().map(metric).collect::<Vec<_>>(),
    });
    if let Some(instructions) = &human.human_workflow_config.instructions {
        content["instructions"] = json!(instructions);
    }
    let ids = responses.iter().enumerate().map(|(id, response)| (id.to_string(), response["modelIdentifier"].clone()));
    let model_ids: Map<String, Value> = ids.collect();
    let answer = |(place, worker): (usize, &&str)| {
        human_answer(&human.custom_metrics, record, &responses, (place, worker), maker.job.created)
    };
    let result = json!({
        "flowDefinitionArn": human.human_workflow_config.flow_definition_arn,
        "humanAnswers": WORKERS.iter().enumerate().map(answer).collect::<Vec<_>>(),
        "humanLoopName": format!("{:08x}{index:08x}", number(&[&maker.job.arn])),
        "inputContent": content,
        "modelResponseIdMap": model_ids,
    });
    let said = |response: &Value| {
        let (identifier, response) = (&response["modelIdentifier"], &response["response"]);
        json!({"modelIdentifier": identifier, "response": response})
    };
    Ok(json!({
        "humanEvaluationResult": [result],
        "inputRecord": input_record(record),
        "modelResponses": responses.iter().map(said).collect::<Vec<_>>(),
    }))
}

fn human_answer(
    metrics: &[HumanMetric],
    record: &Value,
    responses: &[Value],
    (place, worker): (usize, &str),
    created: Timestamp,
) -> Value {
    let mut results = Map::new();
    for metric in metrics {
        let draw = |id: usize| {
            let response = responses.get(id).map_or("", |response| text(&response["response"]));
            number(&[&metric.name, text(&record["prompt"]), response, worker])
        };
        let (list, items) = ratings(metric, responses.len(), draw);
        let entry = results.entry(list).or_insert_with(|| json!([]));
        if let Some(entry) = entry.as_array_mut() {
            entry.extend(items);
        }
    }
    let seconds = 30.5 + f64::from(number(&[worker, text(&record["prompt"])]) % 60);
    let accepted = created + SignedDuration::from_secs(60 * place as i64);
    let submitted = accepted + SignedDuration::from_millis((seconds * 1000.0) as i64);
    json!({
        "acceptanceTime": format!("{accepted:.3}"),
        "answerContent": {"evaluationResults": results},
        "submissionTime": format!("{submitted:.3}"),
        "timeSpentInSeconds": seconds,
        "workerId": format!("{:016x}", number(&[worker])),
        "workerMetadata": {"identityData": {
            "identityProviderType": "Cognito",
            "issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_STANDIN01",
            "sub": format!("00000000-0000-4000-8000-{:012}", place + 1),
        }},
    })
}

/// The list that a rating method's answers go into, and one worker's answers: for each response where they are rated
/// one by one, else for all of them together.
fn ratings(metric: &HumanMetric, responses: usize, draw: impl Fn(usize) -> u32) -> (String, Vec<Value>) {
    let name = &metric.name;
    let each = |rate: &dyn Fn(u32) -> Value| {
        let item = |id: usize| json!({"metricName": name, "modelResponseId": id.to_string(), "result": rate(draw(id))});
        (0..responses).map(item).collect()
    };
    let first_is_best = draw(0) >= draw(1);
    let (best, other) = if first_is_best { ("0", "1") } else { ("1", "0") };
    match metric.rating_method.as_str() {
        "ThumbsUpDown" => ("thumbsUpDown".to_owned(), each(&|number| json!(number.is_multiple_of(2)))),
        "IndividualLikertScale" => ("individualLikertScale".to_owned(), each(&|number| json!(1 + number % 5))),
        "ComparisonChoice" => {
            let item = json!({"metricName": name, "result": {"modelResponseId": best}});
            ("comparisonChoice".to_owned(), vec![item])
        }
        "ComparisonRank" => {
            let ranks = json!([{"modelResponseId": best, "rank": 1}, {"modelResponseId": other, "rank": 2}]);
            ("comparisonRank".to_owned(), vec![json!({"metricName": name, "result": ranks})])
        }
        // 1 is wholly for the left response, 5 for the right one.
        _ => {
            let result = if first_is_best { 1 + draw(0) % 2 } else { 4 + draw(0) % 2 };
            let item = json!({
                "metricName": name,
                "leftModelResponseId": "0",
                "rightModelResponseId": "1",
                "result": result,
            });
            ("comparisonLikertScale".to_owned(), vec![item])
        }
    }
}
