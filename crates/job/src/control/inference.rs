//! Who answers in a job, and how, or whose answers are recorded: `inferenceConfig`.

use super::document::document;
use super::error::{ControlError, lacks};
use crate::request::{JobRequest, RequestedModel};
use assay_core::spec::{JobKind, KnowledgeBaseSpec, inference_parameters};
use assay_model::Inference;
use aws_sdk_bedrock::error::BuildError;
use aws_sdk_bedrock::types::{
    EvaluationBedrockModel, EvaluationInferenceConfig, EvaluationModelConfig, EvaluationPrecomputedInferenceSource,
    EvaluationPrecomputedRagSourceConfig, EvaluationPrecomputedRetrieveAndGenerateSourceConfig,
    EvaluationPrecomputedRetrieveSourceConfig, GenerationConfiguration, KbInferenceConfig, KnowledgeBaseConfig,
    KnowledgeBaseRetrievalConfiguration, KnowledgeBaseRetrieveAndGenerateConfiguration,
    KnowledgeBaseVectorSearchConfiguration, PromptTemplate, RagConfig, RetrieveAndGenerateConfiguration,
    RetrieveAndGenerateType, RetrieveConfig, SearchType, TextInferenceConfig,
};
use std::collections::HashMap;

pub(super) fn config(request: &JobRequest) -> Result<EvaluationInferenceConfig, ControlError> {
    if request.spec.kind == JobKind::Rag {
        return Ok(EvaluationInferenceConfig::RagConfigs(vec![rag(request)?]));
    }
    if request.sources.is_empty() && request.models.is_empty() {
        return Err(lacks(&request.name, "whoever answers"));
    }
    let recorded = request.sources.iter().map(|source| {
        let source = EvaluationPrecomputedInferenceSource::builder().inference_source_identifier(&source.identifier);
        source.build().map(EvaluationModelConfig::PrecomputedInferenceSource)
    });
    let asked = request.models.iter().map(|model| {
        // Without parameters the SDK sends `{}`, which means the same: the model's own defaults.
        let parameters = inference_parameters(&model.inference, &model.additional_model_request_fields);
        let model = EvaluationBedrockModel::builder().model_identifier(&model.identifier);
        model.set_inference_params(parameters).build().map(EvaluationModelConfig::BedrockModel)
    });
    let models: Result<Vec<_>, BuildError> = recorded.chain(asked).collect();
    Ok(EvaluationInferenceConfig::Models(models?))
}

fn rag(request: &JobRequest) -> Result<RagConfig, ControlError> {
    let retrieve_only = request.spec.retrieve_only;
    if let Some(source) = request.sources.first() {
        let source = if retrieve_only {
            let source = EvaluationPrecomputedRetrieveSourceConfig::builder().rag_source_identifier(&source.identifier);
            EvaluationPrecomputedRagSourceConfig::RetrieveSourceConfig(source.build()?)
        } else {
            let source = EvaluationPrecomputedRetrieveAndGenerateSourceConfig::builder()
                .rag_source_identifier(&source.identifier);
            EvaluationPrecomputedRagSourceConfig::RetrieveAndGenerateSourceConfig(source.build()?)
        };
        return Ok(RagConfig::PrecomputedRagSourceConfig(source));
    }
    let lacks = |what| lacks(&request.name, what);
    if request.spec.recorded {
        return Err(lacks("the name under which answers are recorded"));
    }
    let knowledge_base = request.spec.knowledge_base.as_ref().ok_or_else(|| lacks("what to retrieve from"))?;
    if retrieve_only {
        let config = RetrieveConfig::builder()
            .knowledge_base_id(&knowledge_base.id)
            .knowledge_base_retrieval_configuration(retrieval(knowledge_base))
            .build()?;
        return Ok(RagConfig::KnowledgeBaseConfig(KnowledgeBaseConfig::RetrieveConfig(config)));
    }
    let model = request.models.first().ok_or_else(|| lacks("the model that answers"))?;
    let config = KnowledgeBaseRetrieveAndGenerateConfiguration::builder()
        .knowledge_base_id(&knowledge_base.id)
        .model_arn(&model.identifier)
        .set_retrieval_configuration(has_retrieval(knowledge_base).then(|| retrieval(knowledge_base)))
        .set_generation_configuration(generation(knowledge_base, model))
        .build()?;
    let config = RetrieveAndGenerateConfiguration::builder()
        .r#type(RetrieveAndGenerateType::KnowledgeBase)
        .knowledge_base_configuration(config)
        .build()?;
    Ok(RagConfig::KnowledgeBaseConfig(KnowledgeBaseConfig::RetrieveAndGenerateConfig(config)))
}

fn has_retrieval(knowledge_base: &KnowledgeBaseSpec) -> bool {
    knowledge_base.results.is_some() || knowledge_base.search.is_some()
}

fn retrieval(knowledge_base: &KnowledgeBaseSpec) -> KnowledgeBaseRetrievalConfiguration {
    let search = knowledge_base.search.map(|search| match search {
        assay_core::spec::SearchType::Hybrid => SearchType::Hybrid,
        assay_core::spec::SearchType::Semantic => SearchType::Semantic,
    });
    let vectors = KnowledgeBaseVectorSearchConfiguration::builder()
        .set_number_of_results(knowledge_base.results)
        .set_override_search_type(search);
    KnowledgeBaseRetrievalConfiguration::builder().vector_search_configuration(vectors.build()).build()
}

/// How the model is to answer: each parameter as the knowledge base says, else as the model does.
fn generation(knowledge_base: &KnowledgeBaseSpec, model: &RequestedModel) -> Option<GenerationConfiguration> {
    let (first, second) = (&knowledge_base.inference, &model.inference);
    let stops = if first.stop_sequences.is_empty() { &second.stop_sequences } else { &first.stop_sequences };
    let inference = Inference {
        max_tokens: first.max_tokens.or(second.max_tokens),
        temperature: first.temperature.or(second.temperature),
        top_p: first.top_p.or(second.top_p),
        stop_sequences: stops.clone(),
    };
    let text = (inference != Inference::default()).then(|| {
        let text = TextInferenceConfig::builder()
            .set_max_tokens(inference.max_tokens)
            .set_temperature(inference.temperature)
            .set_top_p(inference.top_p)
            .set_stop_sequences((!inference.stop_sequences.is_empty()).then_some(inference.stop_sequences));
        KbInferenceConfig::builder().text_inference_config(text.build()).build()
    });
    let template = knowledge_base.prompt_template.as_ref();
    let template = template.map(|text| PromptTemplate::builder().text_prompt_template(text).build());
    // The service takes no field that is null; inside of fields it does.
    let additional = model.additional_model_request_fields.iter().filter(|(_, value)| !value.is_null());
    let additional: HashMap<_, _> = additional.map(|(key, value)| (key.clone(), document(value))).collect();
    let additional = Some(additional).filter(|fields| !fields.is_empty());
    let given = text.is_some() || template.is_some() || additional.is_some();
    given.then(|| {
        GenerationConfiguration::builder()
            .set_kb_inference_config(text)
            .set_prompt_template(template)
            .set_additional_model_request_fields(additional)
            .build()
    })
}
