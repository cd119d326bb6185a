//! The adapter to Bedrock's CountTokens operation.

use crate::Request;
use crate::client::bedrock_client;
use aws_config::SdkConfig;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, ConverseTokensRequest, CountTokensInput, Message, SystemContentBlock,
};
use std::time::Duration;

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
