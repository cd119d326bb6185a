//! The adapter to Bedrock's Converse operation.

use super::{Model, ModelError, Models, Request, Response, Usage};
use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::Builder;
use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_bedrockruntime::operation::converse::{ConverseError, ConverseOutput};
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, ConverseTokensRequest, CountTokensInput, InferenceConfiguration, Message,
    SystemContentBlock,
};
use aws_smithy_types::{Document, Number};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How long one attempt may take: as long as the longest inference on Bedrock, which AWS puts at 60 minutes for its own
/// models. A function has less time; there the run's own stop comes first.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(3600);

/// A client for Converse. It does not retry and does not watch for slow streams: [`super::Paced`] asks again, with the
/// pace in view, and a model may think for as long as it needs.
pub fn bedrock_client(config: &SdkConfig) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_attempt_timeout(LONGEST_ATTEMPT)
        .build();
    let config = Builder::from(config)
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build();
    Client::from_conf(config)
}

/// All models of Bedrock, through one client that is made for the first question.
pub fn bedrock(config: &SdkConfig) -> Models {
    let (config, client) = (config.clone(), OnceLock::new());
    Arc::new(move |id| {
        let client = client.get_or_init(|| bedrock_client(&config)).clone();
        Box::pin(async move { Ok(Arc::new(Converse::new(client, id)) as Arc<dyn Model>) })
    })
}

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
}

/// How long a count may take: it is not worth waiting for.
const LONGEST_COUNT: Duration = Duration::from_secs(5);

/// Bedrock's CountTokens, which is free and asks no model.
#[derive(Debug, Clone)]
pub struct TokenCounter {
    client: Client,
}

impl TokenCounter {
    /// Counts with the settings of `config`.
    pub fn new(config: &SdkConfig) -> Self {
        Self { client: bedrock_client(config) }
    }

    /// The tokens that `model` reads in `request`; none where the service does not count for it, or not in time.
    pub async fn count(&self, model: &str, request: &Request) -> Option<u64> {
        let text = ContentBlock::Text(request.prompt.clone());
        let message = Message::builder().role(ConversationRole::User).content(text).build().ok()?;
        let system = request.system.clone().map(|system| vec![SystemContentBlock::Text(system)]);
        let asked = ConverseTokensRequest::builder().messages(message).set_system(system).build();
        let call = self.client.count_tokens().model_id(model).input(CountTokensInput::Converse(asked));
        let counted = tokio::time::timeout(LONGEST_COUNT, call.send()).await.ok()?.ok()?;
        u64::try_from(counted.input_tokens).ok().filter(|tokens| *tokens > 0)
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
        for (key, value) in &request.metadata {
            call = call.request_metadata(key, value);
        }
        let started = Instant::now();
        let output = call.send().await.map_err(|error| classify(&self.id, &error))?;
        let latency = started.elapsed().as_millis() as u64;
        answer(output, latency)
    }
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

fn answer(output: ConverseOutput, latency_ms: u64) -> Result<Response, ModelError> {
    let malformed = |message: &str| ModelError::Malformed { message: message.to_owned() };
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
    let count = |tokens: i32| u64::try_from(tokens).unwrap_or(0);
    Ok(Response {
        text,
        stop_reason: Some(output.stop_reason.as_str().to_owned()),
        usage: output.usage.map(|usage| Usage {
            input_tokens: count(usage.input_tokens),
            output_tokens: count(usage.output_tokens),
            cache_read_input_tokens: usage.cache_read_input_tokens.map_or(0, count),
            cache_write_input_tokens: usage.cache_write_input_tokens.map_or(0, count),
        }),
        latency_ms: Some(latency_ms),
        service_latency_ms: output.metrics.and_then(|metrics| u64::try_from(metrics.latency_ms).ok()),
        attempts: 1,
        waited_ms: 0,
    })
}

/// Sorts by the error's code and the HTTP status, never by its text, which changes.
fn classify(model: &str, error: &SdkError<ConverseError>) -> ModelError {
    let unavailable = |message: String, retries| ModelError::Unavailable { message, retries };
    let (service, raw) = match error {
        SdkError::ServiceError(context) => (context.err(), context.raw()),
        SdkError::ResponseError(_) => {
            return ModelError::Malformed { message: "the answer cannot be read".to_owned() };
        }
        SdkError::TimeoutError(_) => return unavailable("no answer in time".to_owned(), 2),
        SdkError::DispatchFailure(failure) if failure.is_user() => {
            let cause = failure.as_connector_error().map(|error| deepest(error)).unwrap_or_default();
            return unavailable(format!("the request could not be sent: {cause}"), 2);
        }
        SdkError::DispatchFailure(failure) => {
            let cause = failure.as_connector_error().map(|error| deepest(error)).unwrap_or_default();
            return unavailable(format!("the connection failed: {cause}"), 5);
        }
        other => {
            return ModelError::Rejected { message: format!("the request could not be made: {}", deepest(other)) };
        }
    };
    let status = raw.status().as_u16();
    let code = service.code().unwrap_or_default();
    let said = service.message().unwrap_or("no message");
    let message = format!("{} ({status}): {said}", if code.is_empty() { "error" } else { code });
    match code {
        "ThrottlingException" | "TooManyRequestsException" => throttled(message, raw),
        "ModelNotReadyException" => unavailable(message, 8),
        "ServiceUnavailableException" | "InternalServerException" => unavailable(message, 5),
        "ModelTimeoutException" => unavailable(message, 2),
        "ModelErrorException" => unavailable(message, 1),
        "AccessDeniedException" => ModelError::Denied {
            message: format!("{message}; allow bedrock:InvokeModel on `{model}` and enable the model in this Region"),
        },
        "UnrecognizedClientException" | "ExpiredTokenException" | "InvalidSignatureException" => {
            ModelError::Denied { message: format!("{message}; sign in again or renew the credentials") }
        }
        "ServiceQuotaExceededException" => {
            ModelError::Denied { message: format!("{message}; raise the quota or lower the load") }
        }
        "ResourceNotFoundException" => missing(model, &message),
        // The service answers an id that it does not know with a validation error as well.
        "ValidationException" if names_no_model(said) => missing(model, &message),
        "ValidationException" => ModelError::Rejected { message },
        _ => match status {
            429 => throttled(message, raw),
            200..300 => ModelError::Malformed { message: format!("the answer cannot be understood: {said}") },
            401 | 403 => ModelError::Denied { message },
            404 => missing(model, &message),
            408 | 424 => unavailable(message, 2),
            500.. => unavailable(message, 5),
            _ => ModelError::Rejected { message },
        },
    }
}

fn throttled(message: String, raw: &aws_sdk_bedrockruntime::config::http::HttpResponse) -> ModelError {
    let seconds = raw.headers().get("retry-after").and_then(|value| value.parse::<f64>().ok());
    ModelError::Throttled {
        message,
        retry_after: seconds.filter(|seconds| (0.0..=3600.0).contains(seconds)).map(Duration::from_secs_f64),
    }
}

fn missing(model: &str, message: &str) -> ModelError {
    ModelError::Missing {
        message: format!(
            "{message}; check the id `{model}` and that this Region offers it, or use an inference profile"
        ),
    }
}

/// Two errors share one code here, so there is no way around the text; it decides only whether one sample fails or all.
fn names_no_model(said: &str) -> bool {
    said.contains("model identifier is invalid")
}

fn deepest(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_sdk_bedrockruntime::config::http::HttpResponse;
    use aws_sdk_bedrockruntime::error::ErrorMetadata;
    use aws_smithy_types::body::SdkBody;

    #[test]
    fn a_refusal_says_what_helps_against_it() {
        for (code, remedy) in [
            ("AccessDeniedException", "; allow bedrock:InvokeModel on `m` and enable the model in this Region"),
            ("ExpiredTokenException", "; sign in again or renew the credentials"),
            ("UnrecognizedClientException", "; sign in again or renew the credentials"),
            ("InvalidSignatureException", "; sign in again or renew the credentials"),
            ("ServiceQuotaExceededException", "; raise the quota or lower the load"),
        ] {
            let said = ConverseError::generic(ErrorMetadata::builder().code(code).message("no").build());
            let raw = HttpResponse::new(403.try_into().unwrap(), SdkBody::empty());
            let message = format!("{code} (403): no{remedy}");
            assert_eq!(classify("m", &SdkError::service_error(said, raw)), ModelError::Denied { message });
        }
    }
}
