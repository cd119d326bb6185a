//! The services around the function: buckets, secrets and parameters.

use assay_testing::emulator;
use aws_config::SdkConfig;
use aws_sdk_ssm::types::ParameterType;

/// An HTTP client that asks no proxy.
pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Makes an empty bucket.
pub(crate) async fn make_bucket(bucket: &str) {
    let made = http().put(format!("{}/{bucket}", emulator::url())).send().await.unwrap();
    assert!(made.status().is_success(), "{made:?}");
}

/// Makes a secret, or gives it another text. Answers its ARN.
pub(crate) async fn put_secret(config: &SdkConfig, name: &str, text: &str) -> String {
    let client = aws_sdk_secretsmanager::Client::new(config);
    if let Ok(made) = client.create_secret().name(name).secret_string(text).send().await {
        return made.arn.unwrap();
    }
    client.put_secret_value().secret_id(name).secret_string(text).send().await.unwrap().arn.unwrap()
}

/// Makes an encrypted parameter, or gives it another text.
pub(crate) async fn put_parameter(config: &SdkConfig, name: &str, text: &str) {
    let client = aws_sdk_ssm::Client::new(config);
    let put = client.put_parameter().name(name).value(text).r#type(ParameterType::SecureString).overwrite(true);
    put.send().await.unwrap();
}
