//! What a job writes: records in the shapes that the service is seen or documented to write, under its keys.
//!
//! Sources: Amazon Bedrock User Guide, "Understand how the results of your model evaluation are saved in Amazon S3",
//! and records of real jobs. Where they disagree, the usual output follows the real jobs of 2026; a behaviour may ask
//! for the rest. When it is written is the worker's business.

mod automated;
mod human;
mod rag;
mod variants;

use std::sync::Arc;

use serde_json::{Value, json};

use super::behaviour::JobBehaviour;
use super::job::Job;
use super::members::{DatasetMetrics, ModelSource};
use super::request::{JobKind, JobRequest};
use super::scores;
use crate::stand_in::answer::Answer;
use crate::stand_in::answers::{self, Answers};
use crate::stand_in::conversation::{Conversation, Inference, Turn};
use crate::stand_in::shared::Shared;

/// The object, empty, by which a job tries whether it may write; below the job's name.
pub(super) const PERMISSION_CHECK: &str = "amazon-bedrock-evaluations-permission-check";

/// An object to write.
#[derive(Debug)]
pub(super) struct OutputFile {
    /// Below the place that the request names.
    pub(super) key: String,
    pub(super) content: String,
}

/// What everything that makes output looks at.
#[derive(Debug, Clone, Copy)]
struct Maker<'a> {
    shared: &'a Arc<Shared>,
    job: &'a Job,
    behaviour: &'a JobBehaviour,
}

/// Everything that a job writes at its end, from the records of its datasets in their order.
pub(super) async fn make(
    shared: &Arc<Shared>,
    job: &Job,
    behaviour: &JobBehaviour,
    datasets: &[Vec<Value>],
) -> Result<Vec<OutputFile>, String> {
    let maker = Maker { shared, job, behaviour };
    let request = maker.request();
    let folder = format!("{}/{}", request.job_name, job.id());
    let mut files = Vec::new();
    for metric in request.custom_metrics() {
        let definitions = job.body["evaluationConfig"]["automated"]["customMetricConfig"]["customMetrics"].as_array();
        let definition =
            definitions.into_iter().flatten().find(|one| one["customMetricDefinition"]["name"] == metric.name);
        let content = definition.cloned().unwrap_or_default().to_string();
        files.push(OutputFile { key: format!("{folder}/custom_metrics/{}.json", metric.name), content });
    }
    for (dataset, records) in request.datasets().iter().zip(datasets) {
        let folder = format!("{folder}/{}", place(request, dataset));
        let mut lines = Vec::with_capacity(records.len());
        for (index, record) in records.iter().enumerate() {
            lines.push(match request.kind() {
                JobKind::Automatic | JobKind::Judge => automated::record(maker, dataset, record).await?,
                JobKind::RetrieveOnly | JobKind::RetrieveAndGenerate => rag::record(maker, dataset, record).await?,
                JobKind::Human => {
                    let uri = format!("{}/{folder}", request.output_data_config.s3_uri.trim_end_matches('/'));
                    let loop_file = human::additional_data(&folder, index, record);
                    files.push(loop_file);
                    human::record(maker, record, (&uri, index)).await?
                }
            });
        }
        files.extend(variants::files(maker, &folder, dataset, &lines));
    }
    Ok(files)
}

/// Where a dataset's output lies below the job's folder.
fn place(request: &JobRequest, dataset: &DatasetMetrics) -> String {
    let datasets = format!("datasets/{}", dataset.dataset.name);
    match request.kind() {
        JobKind::Human => datasets,
        JobKind::RetrieveOnly | JobKind::RetrieveAndGenerate => format!("inference_configs/0/{datasets}"),
        JobKind::Automatic | JobKind::Judge => {
            // How the service writes an ARN here is not known; here it brings its slash along.
            let model = request.models().first().map_or("", ModelSource::identifier);
            format!("models/{model}/taskTypes/{}/{datasets}", dataset.task_type)
        }
    }
}

impl<'a> Maker<'a> {
    fn request(self) -> &'a JobRequest {
        &self.job.request
    }

    /// What a model says, as Converse would answer it.
    async fn answer(self, model: &str, prompt: &str, max_tokens: Option<u64>) -> Result<Answer, String> {
        let answer = match &*self.shared.answers() {
            Answers::Deterministic => Ok(answers::deterministic(model, prompt, max_tokens)),
            Answers::Recorded { recordings, missing } => {
                answers::recorded(recordings, *missing, (model, prompt), 0, max_tokens)
            }
            Answers::Forwarded(forwarding) => {
                let turn = Turn { role: "user".to_owned(), text: prompt.to_owned() };
                let inference = Inference { max_tokens, ..Inference::default() };
                let conversation = Conversation { turns: vec![turn], inference, ..Conversation::default() };
                forwarding.answer(model, &conversation).await
            }
        };
        answer.map_err(|error| error.message)
    }

    /// The responses to a line of a dataset, one of each model, as output repeats them.
    async fn responses(self, record: &Value) -> Result<Vec<Value>, String> {
        let mut responses = Vec::new();
        for source in self.request().models() {
            let Some(model) = &source.bedrock_model else {
                let own = record["modelResponses"].as_array().into_iter().flatten();
                responses.extend(own.filter(|response| response["modelIdentifier"] == source.identifier()).cloned());
                continue;
            };
            let parameters: Option<Value> =
                model.inference_params.as_deref().and_then(|text| serde_json::from_str(text).ok());
            let max_tokens = parameters.and_then(|parameters| parameters["inferenceConfig"]["maxTokens"].as_u64());
            let identifier = &model.model_identifier;
            let answer = self.answer(identifier, text(&record["prompt"]), max_tokens).await?;
            responses.push(json!({
                "modelIdentifier": identifier,
                "response": answer.text,
                "stopReason": answer.stop_reason,
            }));
        }
        Ok(responses)
    }

    /// The scores of one response, as the kind of job writes them.
    fn scores(self, dataset: &DatasetMetrics, prompt: &str, response: &str) -> Vec<Value> {
        let request = self.request();
        let is_judged = request.kind() != JobKind::Automatic;
        let own: Vec<&str> = request.custom_metrics().iter().map(|metric| metric.name.as_str()).collect();
        let score = |name: &String| {
            let result = scores::result(request, self.behaviour, name, (prompt, response));
            if !is_judged {
                return json!({"metricName": name, "result": result.map(scores::shortest)});
            }
            let judges = if own.contains(&name.as_str()) { request.custom_evaluators() } else { request.evaluators() };
            let explanation = match result {
                Some(_) => format!("The stand-in made up this score of {name}."),
                None => "Not applicable.".to_owned(),
            };
            let details: Vec<Value> =
                judges.into_iter().map(|judge| json!({"modelIdentifier": judge, "explanation": explanation})).collect();
            json!({"metricName": name, "result": result, "evaluatorDetails": details})
        };
        dataset.metric_names.iter().map(score).collect()
    }
}

/// A line of a dataset as output repeats it: without the responses, which stand beside it.
fn input_record(record: &Value) -> Value {
    let mut input = record.clone();
    if let Some(object) = input.as_object_mut() {
        object.remove("modelResponses");
    }
    input
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
