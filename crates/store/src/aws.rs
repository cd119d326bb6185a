//! The adapter between the AWS SDK's settings and `object_store`'s S3: one provider chain for all clients.

use async_trait::async_trait;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use object_store::aws::{AmazonS3Builder, AwsCredential};
use object_store::{BackoffConfig, CredentialProvider, ObjectStore, RetryConfig};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;

/// Credentials are asked for again this long before they expire, so that a request which waits is still signed well.
const BEFORE_EXPIRY: Duration = Duration::from_secs(300);
/// How often a request is repeated, and until when. A store that is down is told of before a lease ends, and long
/// before an invocation does: the event comes again anyway.
const RETRIES: RetryConfig = RetryConfig {
    backoff: BackoffConfig { init_backoff: Duration::from_millis(100), max_backoff: Duration::from_secs(3), base: 2.0 },
    max_retries: 8,
    retry_timeout: Duration::from_secs(20),
};

/// The SDK's settings from the standard places: variables, profiles, the container or instance.
///
/// The behaviour is pinned to a version, so that an update of the SDK does not change retries or time limits.
pub async fn aws_settings() -> SdkConfig {
    aws_config::load_defaults(BehaviorVersion::v2026_01_12()).await
}

/// The bucket `bucket`, with the Region, endpoint and credentials that the SDK found. The endpoint is that of
/// `AWS_ENDPOINT_URL_S3`, else that of `AWS_ENDPOINT_URL` (or the profile).
///
/// # Errors
/// When `object_store` refuses the settings.
pub fn s3(bucket: &str, config: &SdkConfig) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
    let mut builder = AmazonS3Builder::new().with_bucket_name(bucket).with_retry(RETRIES);
    if let Some(region) = config.region() {
        builder = builder.with_region(region.as_ref());
    }
    if let Some(endpoint) = endpoint(config) {
        // A plain endpoint is an emulator on this machine; it has no host name for each bucket.
        builder = builder
            .with_allow_http(endpoint.starts_with("http://"))
            .with_virtual_hosted_style_request(false)
            .with_endpoint(endpoint);
    }
    if let Some(provider) = config.credentials_provider() {
        builder = builder.with_credentials(Arc::new(SdkCredentials::new(provider)));
    }
    Ok(Arc::new(builder.build()?))
}

fn endpoint(config: &SdkConfig) -> Option<String> {
    let ignored = std::env::var("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_ok_and(|v| v.eq_ignore_ascii_case("true"));
    let own = std::env::var("AWS_ENDPOINT_URL_S3").ok().filter(|url| !ignored && !url.is_empty());
    own.or_else(|| config.endpoint_url().map(str::to_owned))
}

/// The SDK's clients cache credentials each for themselves; the provider behind them may start a process or ask a
/// service each time, so this one caches too.
#[derive(Debug)]
struct SdkCredentials {
    provider: SharedCredentialsProvider,
    cached: Mutex<Option<(Arc<AwsCredential>, Option<SystemTime>)>>,
}

impl SdkCredentials {
    fn new(provider: SharedCredentialsProvider) -> Self {
        Self { provider, cached: Mutex::new(None) }
    }
}

#[async_trait]
impl CredentialProvider for SdkCredentials {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let mut cached = self.cached.lock().await;
        if let Some((credential, expiry)) = &*cached
            && expiry.is_none_or(|expiry| expiry > SystemTime::now() + BEFORE_EXPIRY)
        {
            return Ok(Arc::clone(credential));
        }
        let found = self.provider.provide_credentials().await;
        let found = found.map_err(|source| object_store::Error::Unauthenticated {
            path: "credentials".to_owned(),
            source: Box::new(source),
        })?;
        let credential = Arc::new(AwsCredential {
            key_id: found.access_key_id().to_owned(),
            secret_key: found.secret_access_key().to_owned(),
            token: found.session_token().map(str::to_owned),
        });
        *cached = Some((Arc::clone(&credential), found.expiry()));
        Ok(credential)
    }
}
