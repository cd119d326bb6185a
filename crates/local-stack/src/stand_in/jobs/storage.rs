//! S3 as evaluation jobs see it: datasets are read, output is written.
//!
//! The endpoint is an emulator on this machine; what lies there is the callers' business.

use std::time::Duration;

use bytes::Bytes;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{BackoffConfig, ObjectStoreExt as _, RetryConfig};

use crate::emulator::REGION;

/// An emulator answers at once or not at all.
const RETRIES: RetryConfig = RetryConfig {
    backoff: BackoffConfig { init_backoff: Duration::from_millis(50), max_backoff: Duration::from_secs(1), base: 2.0 },
    max_retries: 4,
    retry_timeout: Duration::from_secs(10),
};

/// An S3 endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Storage {
    endpoint: String,
}

impl Storage {
    pub(crate) fn new(endpoint: impl Into<String>) -> Self {
        Self { endpoint: endpoint.into() }
    }

    /// The object's bytes, or a sentence on why they cannot be had.
    pub(super) async fn read(&self, uri: &str) -> Result<Bytes, String> {
        let wrong = |error: object_store::Error| match error {
            object_store::Error::NotFound { .. } => format!("The object {uri} does not exist."),
            error => format!("The object {uri} cannot be read: {error}"),
        };
        let (bucket, key) = split(uri)?;
        let found = self.bucket(bucket)?.get(&parse(key)?).await.map_err(wrong)?;
        found.bytes().await.map_err(wrong)
    }

    /// Writes an object below the place that `uri` names.
    pub(super) async fn write(&self, uri: &str, key: &str, content: String) -> Result<(), String> {
        let (bucket, prefix) = split(uri)?;
        let key = format!("{prefix}/{key}");
        let path = parse(key.trim_start_matches('/'))?;
        let wrong = |error| format!("The object {path} cannot be written into the bucket {bucket}: {error}");
        self.bucket(bucket)?.put(&path, content.into()).await.map(drop).map_err(wrong)
    }

    fn bucket(&self, name: &str) -> Result<AmazonS3, String> {
        AmazonS3Builder::new()
            .with_bucket_name(name)
            .with_region(REGION)
            .with_endpoint(&self.endpoint)
            .with_allow_http(true)
            .with_virtual_hosted_style_request(false)
            .with_access_key_id("test")
            .with_secret_access_key("test")
            .with_retry(RETRIES)
            .build()
            .map_err(|error| format!("The bucket {name} cannot be used: {error}"))
    }
}

/// Bucket and key (or prefix, without a slash at its end).
fn split(uri: &str) -> Result<(&str, &str), String> {
    let rest = uri.strip_prefix("s3://").ok_or_else(|| format!("{uri} is no S3 URI."))?;
    let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
    Ok((bucket, key.trim_end_matches('/')))
}

fn parse(key: &str) -> Result<Path, String> {
    Path::parse(key).map_err(|error| format!("{key} is no usable key: {error}"))
}
