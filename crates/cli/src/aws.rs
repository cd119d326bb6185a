//! AWS, when it is first needed: what works offline must not look for credentials.

use assay_model::{Models, TokenCounter, bedrock};
use assay_store::aws_settings;
use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

static SETTINGS: OnceCell<SdkConfig> = OnceCell::const_new();

/// The SDK's settings, loaded once.
pub(crate) async fn settings() -> &'static SdkConfig {
    SETTINGS.get_or_init(aws_settings).await
}

/// Models on Bedrock. Region and credentials are looked for before the first question, since what is missing there is
/// missing for all questions.
pub(crate) fn models() -> Models {
    let connected = Arc::new(OnceCell::new());
    Arc::new(move |backend, id| {
        let connected = Arc::clone(&connected);
        Box::pin(async move {
            let models: &Models = connected.get_or_try_init(connect).await?;
            models(backend, id).await
        })
    })
}

/// How long credentials are looked for where it can be done without them.
const SHORT_LOOK: Duration = Duration::from_secs(3);

/// What counts tokens, where a Region and credentials are at hand.
pub(crate) async fn token_counter() -> Option<TokenCounter> {
    let look = async {
        let settings = settings().await;
        settings.region()?;
        settings.credentials_provider()?.provide_credentials().await.ok()?;
        Some(TokenCounter::new(settings))
    };
    tokio::time::timeout(SHORT_LOOK, look).await.ok()?
}

async fn connect() -> Result<Models, String> {
    Ok(bedrock(signed_in().await?))
}

/// The SDK's settings, once it is sure that there is a Region and that credentials can be had.
///
/// # Errors
/// What is missing, and what to do.
pub(crate) async fn signed_in() -> Result<&'static SdkConfig, String> {
    let settings = settings().await;
    if settings.region().is_none() {
        return Err("no AWS Region is set; set AWS_REGION, or `region` in the profile".to_owned());
    }
    let provider = settings.credentials_provider().ok_or("no AWS credentials are set up")?;
    provider.provide_credentials().await.map_err(|error| {
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        format!("no AWS credentials ({error}{cause}); set AWS_PROFILE, or run `aws sso login`")
    })?;
    Ok(settings)
}
