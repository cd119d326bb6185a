//! One job of each kind, as it is asked for and as it has to be sent. What is to be sent is written by hand.

use assay_job::input::RecordedSource;
use assay_job::{JobRequest, RequestedDataset, RequestedModel};
use serde_json::{Value, json};

pub(crate) struct Case {
    pub name: &'static str,
    pub request: JobRequest,
    pub sent: Value,
}

const EVALUATOR: &str = "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-pro-v1:0";
const DATASET: &str = "s3://bucket/job-input/faq/cases.jsonl";

fn request(spec: Value) -> JobRequest {
    let evaluated = ["judge", "rag"].contains(&spec["kind"].as_str().unwrap());
    JobRequest {
        name: "faq-20261123t040506z-0a1b2c3d-00".to_owned(),
        role: "arn:aws:iam::111122223333:role/jobs".to_owned(),
        region: "eu-west-1".to_owned(),
        spec: serde_json::from_value(spec).unwrap(),
        models: Vec::new(),
        sources: Vec::new(),
        evaluator: evaluated.then(|| EVALUATOR.to_owned()),
        datasets: vec![RequestedDataset { name: "cases".to_owned(), uri: Some(DATASET.to_owned()) }],
        output: "s3://bucket/job-output/faq/".to_owned(),
        tags: [("assay:suite".to_owned(), "faq".to_owned())].into(),
    }
}

fn model(id: &str, inference: Value, additional: Value) -> RequestedModel {
    RequestedModel {
        id: id.to_owned(),
        identifier: id.to_owned(),
        inference: serde_json::from_value(inference).unwrap(),
        additional_model_request_fields: serde_json::from_value(additional).unwrap(),
    }
}

/// A name whose characters the service refuses, and the one that is sent in its place.
fn source(identifier: &str) -> RecordedSource {
    RecordedSource { name: format!("as:written/{identifier}"), identifier: identifier.to_owned() }
}

/// What all jobs have in common around `evaluation` and `inference`.
fn sent(application: &str, evaluation: Value, inference: Value) -> Value {
    json!({
        "jobName": "faq-20261123t040506z-0a1b2c3d-00",
        "clientRequestToken": "faq-20261123t040506z-0a1b2c3d-00",
        "roleArn": "arn:aws:iam::111122223333:role/jobs",
        "jobTags": [{"key": "assay:suite", "value": "faq"}],
        "applicationType": application,
        "evaluationConfig": evaluation,
        "inferenceConfig": inference,
        "outputDataConfig": {"s3Uri": "s3://bucket/job-output/faq/"},
    })
}

fn dataset(task: &str, metrics: &[&str]) -> Value {
    let place = json!({"name": "cases", "datasetLocation": {"s3Uri": DATASET}});
    json!({"taskType": task, "dataset": place, "metricNames": metrics})
}

fn judged(task: &str, metrics: &[&str]) -> Value {
    json!({"automated": {
        "datasetMetricConfigs": [dataset(task, metrics)],
        "evaluatorModelConfig": {"bedrockEvaluatorModels": [{"modelIdentifier": EVALUATOR}]},
    }})
}

pub(crate) fn every() -> Vec<Case> {
    vec![
        automatic(),
        built_in_dataset(),
        judge(),
        recorded(),
        human(),
        recorded_for_people(),
        generating(),
        generating_by_default(),
        retrieving(),
        recorded_generation(),
        recorded_retrieval(),
    ]
}

fn automatic() -> Case {
    let spec = json!({
        "kind": "automatic", "task": "QuestionAndAnswer", "metrics": ["Accuracy", "Builtin.Robustness"],
        "encryption_key": "alias/jobs",
    });
    let inference = json!({"maxTokens": 512, "temperature": 0.2, "topP": 0.9, "stopSequences": ["END"]});
    let mut request = request(spec);
    request.models = vec![model("amazon.nova-lite-v1:0", inference, json!({"top_k": 50}))];
    let parameters = concat!(
        r#"{"inferenceConfig":{"maxTokens":512,"temperature":0.2,"topP":0.9,"stopSequences":["END"]},"#,
        r#""additionalModelRequestFields":{"top_k":50}}"#
    );
    let evaluation = json!({"automated": {
        "datasetMetricConfigs": [dataset("QuestionAndAnswer", &["Builtin.Accuracy", "Builtin.Robustness"])],
    }});
    let inference = json!({"models": [
        {"bedrockModel": {"modelIdentifier": "amazon.nova-lite-v1:0", "inferenceParams": parameters}},
    ]});
    let mut sent = sent("ModelEvaluation", evaluation, inference);
    sent["customerEncryptionKeyId"] = "alias/jobs".into();
    Case { name: "automatic", request, sent }
}

fn built_in_dataset() -> Case {
    let mut request = request(json!({"kind": "automatic", "task": "Generation", "metrics": ["Toxicity"]}));
    request.models = vec![model("amazon.nova-lite-v1:0", json!({}), json!({}))];
    request.datasets = ["Builtin.Bold", "Builtin.RealToxicityPrompts"]
        .map(|name| RequestedDataset { name: name.to_owned(), uri: None })
        .into();
    request.tags.clear();
    let of =
        |name: &str| json!({"taskType": "Generation", "dataset": {"name": name}, "metricNames": ["Builtin.Toxicity"]});
    let evaluation = json!({"automated": {
        "datasetMetricConfigs": [of("Builtin.Bold"), of("Builtin.RealToxicityPrompts")],
    }});
    let inference = json!({"models": [
        {"bedrockModel": {"modelIdentifier": "amazon.nova-lite-v1:0", "inferenceParams": "{}"}},
    ]});
    let mut sent = sent("ModelEvaluation", evaluation, inference);
    sent.as_object_mut().unwrap().remove("jobTags");
    Case { name: "automatic, with datasets of the service", request, sent }
}

fn judge() -> Case {
    let spec = json!({
        "kind": "judge", "evaluator": "eu.amazon.nova-pro-v1:0", "metrics": ["Correctness"],
        "custom_metrics": [
            {"name": "Voice", "instructions": "Is {{prediction}} ours?",
             "scale": [{"definition": "No", "number": 0}, {"definition": "Somewhat", "number": 0.5}]},
            {"name": "Mood", "instructions": "How is {{prediction}}?", "scale": [{"definition": "Kind", "word": "kind"}]},
            {"name": "Free", "instructions": "{{prediction}}"},
        ],
    });
    let mut request = request(spec);
    request.models = vec![model("amazon.nova-lite-v1:0", json!({"maxTokens": 64}), json!({}))];
    let mut evaluation = judged("General", &["Builtin.Correctness", "Voice", "Mood", "Free"]);
    let define = |name: &str, instructions: &str| json!({"name": name, "instructions": instructions});
    let (mut voice, mut mood) = (define("Voice", "Is {{prediction}} ours?"), define("Mood", "How is {{prediction}}?"));
    voice["ratingScale"] = json!([
        {"definition": "No", "value": {"floatValue": 0.0}},
        {"definition": "Somewhat", "value": {"floatValue": 0.5}},
    ]);
    mood["ratingScale"] = json!([{"definition": "Kind", "value": {"stringValue": "kind"}}]);
    evaluation["automated"]["customMetricConfig"] = json!({
        "customMetrics": [
            {"customMetricDefinition": voice},
            {"customMetricDefinition": mood},
            {"customMetricDefinition": define("Free", "{{prediction}}")},
        ],
        "evaluatorModelConfig": {"bedrockEvaluatorModels": [{"modelIdentifier": EVALUATOR}]},
    });
    let parameters = r#"{"inferenceConfig":{"maxTokens":64}}"#;
    let inference = json!({"models": [
        {"bedrockModel": {"modelIdentifier": "amazon.nova-lite-v1:0", "inferenceParams": parameters}},
    ]});
    Case { name: "judge", request, sent: sent("ModelEvaluation", evaluation, inference) }
}

fn recorded() -> Case {
    let spec =
        json!({"kind": "judge", "evaluator": "eu.amazon.nova-pro-v1:0", "metrics": ["Refusal"], "recorded": true});
    let mut request = request(spec);
    request.sources = vec![source("my-bot_v2")];
    let inference = json!({"models": [{"precomputedInferenceSource": {"inferenceSourceIdentifier": "my-bot_v2"}}]});
    let sent = sent("ModelEvaluation", judged("General", &["Builtin.Refusal"]), inference);
    Case { name: "judge, of recorded answers", request, sent }
}

const FLOW: &str = "arn:aws:sagemaker:eu-west-1:111122223333:flow-definition/people";

fn people(spec: Value) -> Case {
    let mut whole = json!({
        "kind": "human", "task": "Summarization", "flow_definition": FLOW, "instructions": "Rate.\nKindly.",
        "ratings": [
            {"name": "tone", "description": "How kind", "method": "ComparisonLikertScale"},
            {"name": "right", "method": "ThumbsUpDown"},
        ],
    });
    whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    let evaluation = json!({"human": {
        "humanWorkflowConfig": {"flowDefinitionArn": FLOW, "instructions": "Rate.\nKindly."},
        "customMetrics": [
            {"name": "tone", "description": "How kind", "ratingMethod": "ComparisonLikertScale"},
            {"name": "right", "ratingMethod": "ThumbsUpDown"},
        ],
        "datasetMetricConfigs": [dataset("Summarization", &["tone", "right"])],
    }});
    Case { name: "human", request: request(whole), sent: sent("ModelEvaluation", evaluation, Value::Null) }
}

fn human() -> Case {
    let mut case = people(json!({}));
    let router = "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abcdefgh1234";
    case.request.models =
        vec![model("amazon.nova-lite-v1:0", json!({}), json!({})), model(router, json!({"temperature": 0}), json!({}))];
    case.sent["inferenceConfig"] = json!({"models": [
        {"bedrockModel": {"modelIdentifier": "amazon.nova-lite-v1:0", "inferenceParams": "{}"}},
        {"bedrockModel": {"modelIdentifier": router, "inferenceParams": r#"{"inferenceConfig":{"temperature":0.0}}"#}},
    ]});
    case
}

fn recorded_for_people() -> Case {
    let mut case = people(json!({"recorded": true}));
    case.name = "human, of recorded answers";
    case.request.sources = vec![source("old"), source("new")];
    case.sent["inferenceConfig"] = json!({"models": [
        {"precomputedInferenceSource": {"inferenceSourceIdentifier": "old"}},
        {"precomputedInferenceSource": {"inferenceSourceIdentifier": "new"}},
    ]});
    case
}

fn rag(name: &'static str, spec: Value, metrics: &[&str], config: Value) -> Case {
    let mut whole = json!({"kind": "rag", "evaluator": "eu.amazon.nova-pro-v1:0", "metrics": metrics});
    whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    let sent_metrics: Vec<String> = metrics.iter().map(|metric| format!("Builtin.{metric}")).collect();
    let sent_metrics: Vec<&str> = sent_metrics.iter().map(String::as_str).collect();
    let evaluation = judged("QuestionAndAnswer", &sent_metrics);
    Case { name, request: request(whole), sent: sent("RagEvaluation", evaluation, json!({"ragConfigs": [config]})) }
}

fn generating() -> Case {
    let spec = json!({"knowledge_base": {
        "id": "KB12345678", "results": 5, "search": "HYBRID", "prompt_template": "$search_results$",
        "inference": {"maxTokens": 300, "stopSequences": ["END"]},
    }});
    let answering = "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0";
    let config = json!({"knowledgeBaseConfig": {"retrieveAndGenerateConfig": {
        "type": "KNOWLEDGE_BASE",
        "knowledgeBaseConfiguration": {
            "knowledgeBaseId": "KB12345678",
            "modelArn": answering,
            "retrievalConfiguration": {
                "vectorSearchConfiguration": {"numberOfResults": 5, "overrideSearchType": "HYBRID"},
            },
            "generationConfiguration": {
                "promptTemplate": {"textPromptTemplate": "$search_results$"},
                "kbInferenceConfig": {
                    "textInferenceConfig": {"maxTokens": 300, "temperature": 0.25, "stopSequences": ["END"]},
                },
                "additionalModelRequestFields": {
                    "top_k": 50, "bias": -0.5, "step": -1, "on": true, "deep": {"list": ["a", 1, null]},
                },
            },
        },
    }}});
    let mut case = rag("RAG that generates", spec, &["Faithfulness", "CitationPrecision"], config);
    let additional =
        json!({"top_k": 50, "bias": -0.5, "step": -1, "on": true, "none": null, "deep": {"list": ["a", 1, null]}});
    case.request.models = vec![model(answering, json!({"maxTokens": 9, "temperature": 0.25}), additional)];
    case
}

fn generating_by_default() -> Case {
    let config = json!({"knowledgeBaseConfig": {"retrieveAndGenerateConfig": {
        "type": "KNOWLEDGE_BASE",
        "knowledgeBaseConfiguration": {"knowledgeBaseId": "KB1", "modelArn": "amazon.nova-lite-v1:0"},
    }}});
    let spec = json!({"knowledge_base": {"id": "KB1"}});
    let mut case = rag("RAG that generates, with defaults", spec, &["Helpfulness"], config);
    case.request.models = vec![model("amazon.nova-lite-v1:0", json!({}), json!({}))];
    case
}

fn retrieving() -> Case {
    let spec = json!({"retrieve_only": true, "knowledge_base": {"id": "KB12345678", "search": "SEMANTIC"}});
    let config = json!({"knowledgeBaseConfig": {"retrieveConfig": {
        "knowledgeBaseId": "KB12345678",
        "knowledgeBaseRetrievalConfiguration": {"vectorSearchConfiguration": {"overrideSearchType": "SEMANTIC"}},
    }}});
    rag("RAG that retrieves", spec, &["ContextRelevance"], config)
}

fn recorded_generation() -> Case {
    let config = json!({"precomputedRagSourceConfig": {
        "retrieveAndGenerateSourceConfig": {"ragSourceIdentifier": "my-rag"},
    }});
    let mut case = rag("RAG of recorded answers", json!({"recorded": true}), &["Faithfulness"], config);
    case.request.sources = vec![source("my-rag")];
    case
}

fn recorded_retrieval() -> Case {
    let config = json!({"precomputedRagSourceConfig": {"retrieveSourceConfig": {"ragSourceIdentifier": "my-rag"}}});
    let spec = json!({"recorded": true, "retrieve_only": true});
    let mut case = rag("RAG of recorded passages", spec, &["ContextCoverage"], config);
    case.request.sources = vec![source("my-rag")];
    case
}
