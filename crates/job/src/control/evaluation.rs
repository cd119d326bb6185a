//! What a job evaluates, and by whom: `evaluationConfig`.

use super::error::{ControlError, lacks};
use crate::request::{JobRequest, RequestedDataset};
use assay_core::spec::{CustomMetricSpec, JobKind};
use aws_sdk_bedrock::error::BuildError;
use aws_sdk_bedrock::types::{
    AutomatedEvaluationConfig, AutomatedEvaluationCustomMetricConfig, AutomatedEvaluationCustomMetricSource,
    BedrockEvaluatorModel, CustomMetricBedrockEvaluatorModel, CustomMetricDefinition, CustomMetricEvaluatorModelConfig,
    EvaluationConfig, EvaluationDataset, EvaluationDatasetLocation, EvaluationDatasetMetricConfig, EvaluationTaskType,
    EvaluatorModelConfig, HumanEvaluationConfig, HumanEvaluationCustomMetric, HumanWorkflowConfig, RatingScaleItem,
    RatingScaleItemValue,
};

pub(super) fn config(request: &JobRequest) -> Result<EvaluationConfig, ControlError> {
    match request.spec.kind {
        JobKind::Human => human(request).map(EvaluationConfig::Human),
        JobKind::Automatic | JobKind::Judge | JobKind::Rag => automated(request).map(EvaluationConfig::Automated),
    }
}

fn automated(request: &JobRequest) -> Result<AutomatedEvaluationConfig, ControlError> {
    let custom = request.spec.custom_metrics.iter().map(|metric| metric.name.clone());
    let names: Vec<String> = request.spec.built_in_metrics().chain(custom).collect();
    let mut config = AutomatedEvaluationConfig::builder().set_dataset_metric_configs(Some(datasets(request, &names)?));
    if request.spec.kind == JobKind::Automatic {
        return Ok(config.build()?);
    }
    let evaluator = request.evaluator.as_deref().ok_or_else(|| lacks(&request.name, "the model that judges"))?;
    let model = BedrockEvaluatorModel::builder().model_identifier(evaluator).build()?;
    config = config.evaluator_model_config(EvaluatorModelConfig::BedrockEvaluatorModels(vec![model]));
    if !request.spec.custom_metrics.is_empty() {
        config = config.custom_metric_config(custom_metrics(&request.spec.custom_metrics, evaluator)?);
    }
    Ok(config.build()?)
}

fn custom_metrics(
    metrics: &[CustomMetricSpec],
    evaluator: &str,
) -> Result<AutomatedEvaluationCustomMetricConfig, ControlError> {
    let model = CustomMetricBedrockEvaluatorModel::builder().model_identifier(evaluator).build()?;
    let evaluators = CustomMetricEvaluatorModelConfig::builder().bedrock_evaluator_models(model);
    let mut config = AutomatedEvaluationCustomMetricConfig::builder().evaluator_model_config(evaluators.build()?);
    for metric in metrics {
        let mut definition = CustomMetricDefinition::builder().name(&metric.name).instructions(&metric.instructions);
        for point in &metric.scale {
            let value = match (point.number, &point.word) {
                (Some(number), _) => Some(RatingScaleItemValue::FloatValue(number)),
                (None, word) => word.clone().map(RatingScaleItemValue::StringValue),
            };
            let item = RatingScaleItem::builder().definition(&point.definition).set_value(value);
            definition = definition.rating_scale(item.build()?);
        }
        let definition = definition.build()?;
        config = config.custom_metrics(AutomatedEvaluationCustomMetricSource::CustomMetricDefinition(definition));
    }
    Ok(config.build()?)
}

fn human(request: &JobRequest) -> Result<HumanEvaluationConfig, ControlError> {
    let spec = &request.spec;
    let names: Vec<String> = spec.ratings.iter().map(|rating| rating.name.clone()).collect();
    let workflow = HumanWorkflowConfig::builder()
        .set_flow_definition_arn(spec.flow_definition.clone())
        .set_instructions(spec.instructions.clone())
        .build()?;
    let mut config = HumanEvaluationConfig::builder()
        .human_workflow_config(workflow)
        .set_dataset_metric_configs(Some(datasets(request, &names)?));
    for rating in &spec.ratings {
        let metric = HumanEvaluationCustomMetric::builder()
            .name(&rating.name)
            .set_description(rating.description.clone())
            .rating_method(rating.method.name());
        config = config.custom_metrics(metric.build()?);
    }
    Ok(config.build()?)
}

/// Every dataset with the same task and the same metrics. The task General, which the service's guide demands of jobs with
/// a judge, is unknown to the SDK and sent as it is.
fn datasets(request: &JobRequest, metrics: &[String]) -> Result<Vec<EvaluationDatasetMetricConfig>, ControlError> {
    let of_dataset = |dataset: &RequestedDataset| {
        let location = dataset.uri.clone().map(EvaluationDatasetLocation::S3Uri);
        let named = EvaluationDataset::builder().name(&dataset.name).set_dataset_location(location);
        EvaluationDatasetMetricConfig::builder()
            .task_type(EvaluationTaskType::from(request.spec.task().name()))
            .dataset(named.build()?)
            .set_metric_names(Some(metrics.to_vec()))
            .build()
    };
    Ok(request.datasets.iter().map(of_dataset).collect::<Result<_, BuildError>>()?)
}
