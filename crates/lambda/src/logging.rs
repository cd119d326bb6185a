//! The log of a deployed function: JSON lines, ours in detail, everybody else's from warnings up.
//!
//! At lower levels the AWS SDK and the HTTP client write requests down, and with them prompts and answers; so no
//! setting reaches them.

use tracing_subscriber::EnvFilter;

/// Starts the log of the function whose crate is called `function` (with underscores). The level of our own lines is
/// that of `AWS_LAMBDA_LOG_LEVEL`, which the template's `ApplicationLogLevel` sets.
pub fn start(function: &str) {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").unwrap_or_default();
    tracing_subscriber::fmt().json().with_env_filter(EnvFilter::new(filter(function, &level))).init();
}

/// `assay` is the beginning of every crate of ours that functions share.
fn filter(function: &str, level: &str) -> String {
    let level = match level.to_ascii_lowercase().as_str() {
        known @ ("trace" | "debug" | "warn" | "error") => known.to_owned(),
        "fatal" => "error".to_owned(),
        _ => "info".to_owned(),
    };
    format!("warn,assay={level},{function}={level}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_level_reaches_the_sdk() {
        for level in ["TRACE", "DEBUG", "", "INFO", "aws_smithy_runtime=trace", "FATAL"] {
            assert!(filter("f", level).starts_with("warn,assay="), "{level}");
            assert!(!filter("f", level).contains("aws_"), "{level}");
        }
        assert_eq!(filter("f", "DEBUG"), "warn,assay=debug,f=debug");
    }
}
