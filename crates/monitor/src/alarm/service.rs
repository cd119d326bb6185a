//! The metrics of AWS's own services that alarms and dashboards name, with units and dimensions.
//!
//! Source: "Monitoring the performance of Amazon Bedrock" (runtime metrics), "Viewing metrics for Lambda functions" and
//! "Available CloudWatch metrics for Amazon SQS" in the services' guides. Templates in circulation name metrics of Bedrock
//! that do not exist, such as `InvocationCount`; an alarm on one never alarms.

/// A metric that a service of AWS publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwsMetric {
    /// The namespace.
    pub namespace: &'static str,
    /// The name.
    pub name: &'static str,
    /// The unit, as CloudWatch names it.
    pub unit: &'static str,
    /// The dimension by which it is looked at.
    pub dimension: &'static str,
}

/// The namespace of Bedrock's metrics.
pub(crate) const BEDROCK: &str = "AWS/Bedrock";
/// The namespace of Lambda's metrics.
pub(crate) const LAMBDA: &str = "AWS/Lambda";
/// The namespace of the queues' metrics.
pub(crate) const SQS: &str = "AWS/SQS";

const fn bedrock(name: &'static str, unit: &'static str) -> AwsMetric {
    AwsMetric { namespace: BEDROCK, name, unit, dimension: "ModelId" }
}

const fn lambda(name: &'static str, unit: &'static str) -> AwsMetric {
    AwsMetric { namespace: LAMBDA, name, unit, dimension: "FunctionName" }
}

/// Successful calls; neither errors nor throttles are among them.
pub(crate) const INVOCATIONS: AwsMetric = bedrock("Invocations", "Count");
/// From the request to the last token.
pub(crate) const INVOCATION_LATENCY: AwsMetric = bedrock("InvocationLatency", "Milliseconds");
/// Calls that failed by the caller's fault.
pub(crate) const INVOCATION_CLIENT_ERRORS: AwsMetric = bedrock("InvocationClientErrors", "Count");
/// Calls that failed by the service's fault.
pub(crate) const INVOCATION_SERVER_ERRORS: AwsMetric = bedrock("InvocationServerErrors", "Count");
/// Calls that were refused because of too many; each attempt of a client counts.
pub const INVOCATION_THROTTLES: AwsMetric = bedrock("InvocationThrottles", "Count");
/// Tokens read, without those from a cache.
pub(crate) const INPUT_TOKEN_COUNT: AwsMetric = bedrock("InputTokenCount", "Count");
/// Tokens written.
pub(crate) const OUTPUT_TOKEN_COUNT: AwsMetric = bedrock("OutputTokenCount", "Count");
/// Calls of models in the state Legacy.
pub(crate) const LEGACY_MODEL_INVOCATIONS: AwsMetric = bedrock("LegacyModelInvocations", "Count");
/// Invocations of a function that ended in an error.
pub(crate) const LAMBDA_ERRORS: AwsMetric = lambda("Errors", "Count");
/// How long a function worked.
pub(crate) const LAMBDA_DURATION: AwsMetric = lambda("Duration", "Milliseconds");
/// Invocations of a function that were refused because of too many.
pub(crate) const LAMBDA_THROTTLES: AwsMetric = lambda("Throttles", "Count");
/// Messages that wait in a queue.
pub(crate) const MESSAGES_VISIBLE: AwsMetric =
    AwsMetric { namespace: SQS, name: "ApproximateNumberOfMessagesVisible", unit: "Count", dimension: "QueueName" };
/// How long the oldest message is in a queue; one that was received three times does not count any more.
pub(crate) const OLDEST_MESSAGE: AwsMetric =
    AwsMetric { namespace: SQS, name: "ApproximateAgeOfOldestMessage", unit: "Seconds", dimension: "QueueName" };

/// All of them.
pub const AWS_METRICS: [AwsMetric; 13] = [
    INVOCATIONS,
    INVOCATION_LATENCY,
    INVOCATION_CLIENT_ERRORS,
    INVOCATION_SERVER_ERRORS,
    INVOCATION_THROTTLES,
    INPUT_TOKEN_COUNT,
    OUTPUT_TOKEN_COUNT,
    LEGACY_MODEL_INVOCATIONS,
    LAMBDA_ERRORS,
    LAMBDA_DURATION,
    LAMBDA_THROTTLES,
    MESSAGES_VISIBLE,
    OLDEST_MESSAGE,
];
