//! Requests for each kind of job, and datasets for them.

use serde_json::{Value, json};

pub(super) const MODEL: &str = "amazon.nova-micro-v1:0";
pub(super) const OTHER_MODEL: &str = "amazon.nova-lite-v1:0";
pub(super) const JUDGE: &str = "amazon.nova-pro-v1:0";
pub(super) const ROLE: &str = "arn:aws:iam::000000000000:role/evaluation";
pub(super) const KNOWLEDGE_BASE: &str = "KB12345678";
pub(super) const GENERATOR: &str = "arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.amazon.nova-pro-v1:0";

fn request(name: &str, bucket: &str, evaluation: Value, inference: Value) -> Value {
    json!({
        "jobName": name,
        "roleArn": ROLE,
        "evaluationConfig": evaluation,
        "inferenceConfig": inference,
        "outputDataConfig": {"s3Uri": format!("s3://{bucket}/out/")},
    })
}

fn dataset(bucket: &str, task: &str, key: &str, metrics: &[&str]) -> Value {
    json!({
        "taskType": task,
        "dataset": {"name": "cases", "datasetLocation": {"s3Uri": format!("s3://{bucket}/{key}")}},
        "metricNames": metrics,
    })
}

pub(super) fn bedrock(model: &str) -> Value {
    json!({"bedrockModel": {"modelIdentifier": model}})
}

pub(super) fn own(source: &str) -> Value {
    json!({"precomputedInferenceSource": {"inferenceSourceIdentifier": source}})
}

fn evaluators() -> Value {
    json!({"bedrockEvaluatorModels": [{"modelIdentifier": JUDGE}]})
}

pub(super) fn automatic(name: &str, bucket: &str) -> Value {
    let metrics = ["Builtin.Accuracy", "Builtin.Robustness", "Builtin.Toxicity"];
    let datasets = [dataset(bucket, "QuestionAndAnswer", "data/prompts.jsonl", &metrics)];
    let automated = json!({"automated": {"datasetMetricConfigs": datasets}});
    request(name, bucket, automated, json!({"models": [bedrock(MODEL)]}))
}

pub(super) fn built_in(name: &str, bucket: &str, task: &str, dataset: &str) -> Value {
    let mut body = automatic(name, bucket);
    body["evaluationConfig"]["automated"]["datasetMetricConfigs"][0] =
        json!({"taskType": task, "dataset": {"name": dataset}, "metricNames": ["Builtin.Accuracy"]});
    body
}

pub(super) fn judge(name: &str, bucket: &str) -> Value {
    let metrics = ["Builtin.Correctness", "Builtin.Helpfulness", "Builtin.FollowingInstructions"];
    let datasets = [dataset(bucket, "General", "data/prompts.jsonl", &metrics)];
    let automated = json!({"automated": {"datasetMetricConfigs": datasets, "evaluatorModelConfig": evaluators()}});
    request(name, bucket, automated, json!({"models": [bedrock(MODEL)]}))
}

fn custom_metric(name: &str, scale: &Value) -> Value {
    let definition = json!({"name": name, "instructions": "Rate {{prediction}}.", "ratingScale": scale});
    with(json!({"customMetricDefinition": definition}), "/customMetricDefinition/ratingScale", scale.clone())
}

/// A judge job with a metric of its own, which is listed.
pub(super) fn custom_judge(name: &str, bucket: &str, scale: &Value) -> Value {
    let mut body = judge(name, bucket);
    let automated = &mut body["evaluationConfig"]["automated"];
    automated["datasetMetricConfigs"][0]["metricNames"] = json!(["Builtin.Correctness", "BrandVoice"]);
    automated["customMetricConfig"] =
        json!({"customMetrics": [custom_metric("BrandVoice", scale)], "evaluatorModelConfig": evaluators()});
    body
}

fn rag(name: &str, bucket: &str, metrics: &[&str], config: Value) -> Value {
    let datasets = [dataset(bucket, "QuestionAndAnswer", "data/conversations.jsonl", metrics)];
    let automated = json!({"automated": {"datasetMetricConfigs": datasets, "evaluatorModelConfig": evaluators()}});
    let mut body = request(name, bucket, automated, json!({"ragConfigs": [config]}));
    body["applicationType"] = json!("RagEvaluation");
    body
}

pub(super) fn retrieve_only(name: &str, bucket: &str) -> Value {
    let retrieve = json!({
        "knowledgeBaseId": KNOWLEDGE_BASE,
        "knowledgeBaseRetrievalConfiguration": {"vectorSearchConfiguration": {"numberOfResults": 2}},
    });
    let config = json!({"knowledgeBaseConfig": {"retrieveConfig": retrieve}});
    rag(name, bucket, &["Builtin.ContextRelevance", "Builtin.ContextCoverage"], config)
}

pub(super) fn retrieve_and_generate(name: &str, bucket: &str) -> Value {
    let generate = json!({
        "type": "KNOWLEDGE_BASE",
        "knowledgeBaseConfiguration": {"knowledgeBaseId": KNOWLEDGE_BASE, "modelArn": GENERATOR},
    });
    let config = json!({"knowledgeBaseConfig": {"retrieveAndGenerateConfig": generate}});
    rag(name, bucket, &["Builtin.Correctness", "Builtin.Faithfulness"], config)
}

pub(super) fn own_rag(name: &str, bucket: &str) -> Value {
    let source = json!({"retrieveAndGenerateSourceConfig": {"ragSourceIdentifier": "my-rag-source"}});
    let config = json!({"precomputedRagSourceConfig": source});
    rag(name, bucket, &["Builtin.Correctness", "Builtin.Refusal"], config)
}

/// A human job over so many models with these metrics: name and rating method.
pub(super) fn human(name: &str, bucket: &str, models: &[&str], metrics: &[(&str, &str)]) -> Value {
    let names: Vec<&str> = metrics.iter().map(|(name, _)| *name).collect();
    let custom = metrics
        .iter()
        .map(|(name, method)| json!({"name": name, "description": format!("About {name}"), "ratingMethod": method}));
    let human = json!({"human": {
        "humanWorkflowConfig": {
            "flowDefinitionArn": "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/raters",
            "instructions": "Read the reference first, then rate.",
        },
        "customMetrics": custom.collect::<Vec<_>>(),
        "datasetMetricConfigs": [dataset(bucket, "Custom", "data/prompts.jsonl", &names)],
    }});
    request(name, bucket, human, json!({"models": models.iter().map(|model| bedrock(model)).collect::<Vec<_>>()}))
}

/// The same request with another value at this place; null takes it away.
pub(super) fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer} is in no request"));
    match parent {
        Value::Array(items) => items.insert(member.parse().unwrap(), value),
        _ if value.is_null() => drop(parent.as_object_mut().unwrap().remove(member)),
        _ => parent[member] = value,
    }
    body
}

pub(super) const PROMPTS: &str = concat!(
    r#"{"prompt":"How long may a map be kept?","referenceResponse":"Two weeks","category":"Loans"}"#,
    "\n",
    r#"{"prompt":"Which pier has the night ferry?","referenceResponse":"Pier 4","category":"Timetable"}"#,
    "\n",
    r#"{"prompt":"¿Cuánto cuesta un billete?","referenceResponse":"6,50 €","category":"Tickets"}"#,
    "\n",
);

/// A line of a dataset for RAG jobs.
pub(super) fn conversation(prompts: &[&str]) -> Value {
    let message = |text: &str| json!({"content": [{"text": text}]});
    let turn = |prompt: &&str| json!({"prompt": message(prompt), "referenceResponses": [message("So it is.")]});
    json!({"conversationTurns": prompts.iter().map(turn).collect::<Vec<_>>()})
}
