//! The adapter to Bedrock's Converse operation.

use crate::call_error::{CallAdvice, classify};
use crate::{Model, ModelError, Request, Response, Structured, Tool, Usage};
use async_trait::async_trait;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::BuildError;
use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, InferenceConfiguration, Message, SpecificToolChoice, SystemContentBlock,
    Tool as ServiceTool, ToolChoice, ToolConfiguration, ToolInputSchema, ToolSpecification,
};
use aws_smithy_types::{Document, Number};
use serde_json::Value;
use std::time::Instant;

/// A model on Bedrock.
#[derive(Debug)]
pub struct Converse {
    client: Client,
    id: String,
}

impl Converse {
    /// The model `id` (model id, inference profile id or ARN), asked through `client`.
    pub fn new(client: Client, id: impl Into<String>) -> Self {
        Self { client, id: id.into() }
    }

    fn advice(&self, request: &Request) -> CallAdvice {
        let needs_tools = || "where that is for the tool: choose a model that can be made to use one (`toolChoice`)";
        CallAdvice {
            rejected: request.tool.as_ref().map(|_| needs_tools().to_owned()),
            ..CallAdvice::of_model(&self.id)
        }
    }
}

#[async_trait]
impl Model for Converse {
    fn id(&self) -> &str {
        &self.id
    }

    async fn respond(&self, request: &Request) -> Result<Response, ModelError> {
        let message = Message::builder()
            .role(ConversationRole::User)
            .content(ContentBlock::Text(request.prompt.clone()))
            .build()
            .map_err(|error| ModelError::Rejected { message: error.to_string() })?;
        let mut call = self.client.converse().model_id(&self.id).messages(message);
        if let Some(system) = &request.system {
            call = call.system(SystemContentBlock::Text(system.clone()));
        }
        call = call.set_inference_config(inference(request));
        if !request.additional_model_request_fields.is_empty() {
            let fields = Value::Object(request.additional_model_request_fields.clone());
            call = call.additional_model_request_fields(document(&fields));
        }
        if let Some(tool) = &request.tool {
            call = call.tool_config(forced(tool)?);
        }
        for (key, value) in &request.metadata {
            call = call.request_metadata(key, value);
        }
        let started = Instant::now();
        let output = call.send().await.map_err(|error| classify(&self.advice(request), &error))?;
        let latency = started.elapsed().as_millis() as u64;
        answer(output, request.tool.as_ref(), latency)
    }
}

/// The configuration that leaves a model no other way to answer than through `tool`.
fn forced(tool: &Tool) -> Result<ToolConfiguration, ModelError> {
    let unusable = |error: BuildError| ModelError::Rejected { message: error.to_string() };
    let specification = ToolSpecification::builder()
        .name(&tool.name)
        .description(&tool.description)
        .input_schema(ToolInputSchema::Json(document(&tool.schema)))
        .build()
        .map_err(unusable)?;
    let choice = SpecificToolChoice::builder().name(&tool.name).build().map_err(unusable)?;
    ToolConfiguration::builder()
        .tools(ServiceTool::ToolSpec(specification))
        .tool_choice(ToolChoice::Tool(choice))
        .build()
        .map_err(unusable)
}

fn inference(request: &Request) -> Option<InferenceConfiguration> {
    let wanted = &request.inference;
    // What is not configured is not sent: some models refuse parameters that others require.
    (*wanted != Default::default()).then(|| {
        InferenceConfiguration::builder()
            .set_max_tokens(wanted.max_tokens)
            .set_temperature(wanted.temperature)
            .set_top_p(wanted.top_p)
            .set_stop_sequences((!wanted.stop_sequences.is_empty()).then(|| wanted.stop_sequences.clone()))
            .build()
    })
}

fn answer(output: ConverseOutput, tool: Option<&Tool>, latency_ms: u64) -> Result<Response, ModelError> {
    let count = |tokens: i32| u64::try_from(tokens).unwrap_or(0);
    let usage = output.usage.map(|usage| Usage {
        input_tokens: count(usage.input_tokens),
        output_tokens: count(usage.output_tokens),
        cache_read_input_tokens: usage.cache_read_input_tokens.map_or(0, count),
        cache_write_input_tokens: usage.cache_write_input_tokens.map_or(0, count),
    });
    // Whatever is wrong with an answer, it has been paid for.
    let malformed = |message: &str| ModelError::Malformed { message: message.to_owned(), usage };
    let content = output.output.ok_or_else(|| malformed("the answer has no `output`"))?;
    let Ok(message) = content.as_message() else {
        return Err(malformed("the answer's `output` is no message"));
    };
    let mut text: Option<String> = None;
    for block in &message.content {
        let pieces: Vec<&str> = match block {
            ContentBlock::Text(piece) => vec![piece],
            ContentBlock::CitationsContent(cited) => {
                let pieces = cited.content().iter().filter_map(|piece| piece.as_text().ok());
                pieces.map(String::as_str).collect()
            }
            // Reasoning, tools and whatever comes later are no part of the answer's text.
            _ => continue,
        };
        let text = text.get_or_insert_default();
        pieces.into_iter().for_each(|piece| text.push_str(piece));
    }
    let structured = tool.map(|tool| filled_in(tool, &message.content)).transpose();
    let structured = structured.map_err(|wrong| malformed(&wrong))?;
    Ok(Response {
        text,
        structured,
        stop_reason: Some(output.stop_reason.as_str().to_owned()),
        usage,
        latency_ms: Some(latency_ms),
        service_latency_ms: output.metrics.and_then(|metrics| u64::try_from(metrics.latency_ms).ok()),
        attempts: 1,
        waited_ms: 0,
    })
}

/// What the model put into the tool, or what is wrong with it.
fn filled_in(tool: &Tool, content: &[ContentBlock]) -> Result<Structured, String> {
    let used = content.iter().filter_map(|block| block.as_tool_use().ok()).find(|used| used.name == tool.name);
    let used = used.ok_or_else(|| format!("the model did not use the tool `{}`", tool.name))?;
    let input = value(&used.input);
    // The error's own text would quote what the model wrote.
    match jsonschema::validate(&tool.schema, &input) {
        Ok(()) => Ok(Structured::Tool(input)),
        Err(error) => {
            let (place, wrong) = (error.instance_path().to_string(), error.masked_with("the value").to_string());
            Err(format!("what the model put into `{}`{place} is outside of its schema: {wrong}", tool.name))
        }
    }
}

fn document(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(flag) => Document::Bool(*flag),
        Value::Number(number) => Document::Number(match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Number::PosInt(number),
            (None, Some(number)) => Number::NegInt(number),
            (None, None) => Number::Float(number.as_f64().unwrap_or_default()),
        }),
        Value::String(text) => Document::String(text.clone()),
        Value::Array(list) => Document::Array(list.iter().map(document).collect()),
        Value::Object(object) => {
            Document::Object(object.iter().map(|(key, value)| (key.clone(), document(value))).collect())
        }
    }
}

fn value(document: &Document) -> Value {
    match document {
        Document::Null => Value::Null,
        Document::Bool(flag) => Value::Bool(*flag),
        Document::Number(Number::PosInt(number)) => Value::from(*number),
        Document::Number(Number::NegInt(number)) => Value::from(*number),
        Document::Number(Number::Float(number)) => Value::from(*number),
        Document::String(text) => Value::String(text.clone()),
        Document::Array(list) => list.iter().map(value).collect(),
        Document::Object(object) => object.iter().map(|(key, inner)| (key.clone(), value(inner))).collect(),
    }
}
