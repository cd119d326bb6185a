//! The adapter to the topic that notices go to.

use super::console;
use assay_notice::Notice;
use assay_problem::{Classified, ErrorClass, ErrorKind};
use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use aws_sdk_sns::error::ProvideErrorMetadata;
use aws_sdk_sns::types::MessageAttributeValue;

/// A notice could not be told.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// The topic refuses or cannot be reached.
    #[error("the notice topic did not take the notice: {0}")]
    Topic(String),
    /// The notice cannot be written as JSON.
    #[error("the notice cannot be written as JSON")]
    Encoding(#[from] serde_json::Error),
}

impl Classified for NoticeError {
    fn classify(&self) -> ErrorClass {
        match self {
            // Also where access is denied: the tool has always ended with 1 here.
            Self::Topic(_) => ErrorKind::Transient,
            Self::Encoding(_) => ErrorKind::Bug,
        }
        .named("NotAnnounced")
    }
}

/// The topic that notices go to.
#[derive(Debug, Clone)]
pub struct Topic {
    client: Client,
    arn: String,
}

impl Topic {
    /// The topic `arn`, with the settings of `config`.
    pub fn new(config: &SdkConfig, arn: impl Into<String>) -> Self {
        Self { client: Client::new(config), arn: arn.into() }
    }

    /// An address of the AWS console that opens the object `s3://bucket/key`; none for other places. Region and partition
    /// are those of the topic, as a stack has its topic where its bucket is.
    pub fn link_to(&self, place: &str) -> Option<String> {
        console::object(&self.arn, place)
    }

    /// Tells a notice. Its kind and, where it has one, its suite are message attributes, so subscribers can filter.
    ///
    /// # Errors
    /// When the topic refuses or cannot be reached.
    pub async fn tell(&self, notice: &Notice) -> Result<(), NoticeError> {
        let kind = serde_json::to_value(notice.kind)?;
        let mut call = self.client.publish().topic_arn(&self.arn).subject(notice.subject());
        // The topic refuses an attribute without a value.
        let attributes = [("kind", kind.as_str()), ("suite", notice.suite.as_deref())];
        for (name, value) in attributes {
            let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
            let value = MessageAttributeValue::builder().data_type("String").string_value(value).build();
            call = call.message_attributes(name, value.map_err(|error| NoticeError::Topic(error.to_string()))?);
        }
        let sent = call.message(serde_json::to_string_pretty(notice)?).send().await;
        sent.map_err(|error| {
            let code = error.code().unwrap_or("no code").to_owned();
            NoticeError::Topic(format!("{code}: {}", error.message().unwrap_or("the topic could not be reached")))
        })?;
        Ok(())
    }
}
