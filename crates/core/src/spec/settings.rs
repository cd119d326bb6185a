//! The settings of a deployed function: what the stack put into its environment.
//!
//! The standard AWS variables (Region, endpoints, credentials) are read by the SDK, not here.

use assay_problem::Problem;

/// The metric namespace of a stack that names none.
pub const DEFAULT_NAMESPACE: &str = "Custom/Bedrock";
/// The application of a suite and a stack that name none.
pub const DEFAULT_APPLICATION: &str = "Assay";
/// The most requests at a time to each model, where nobody says.
pub(super) const DEFAULT_CONCURRENCY: usize = 32;

/// After how many hours a managed job counts as stuck, where nobody says.
pub const DEFAULT_STUCK_JOB_HOURS: u32 = 12;
/// After how many days a managed job with people counts as stuck, where nobody says.
pub const DEFAULT_STUCK_HUMAN_JOB_DAYS: u32 = 14;

/// The name of the stack, where nobody says.
pub const DEFAULT_STACK: &str = "assay";
/// How many finished runs a threshold is made of at the least, where nobody says.
pub const DEFAULT_THRESHOLD_RUNS: u32 = 5;
/// How many median absolute deviations a threshold is away from the median, where nobody says.
pub const DEFAULT_THRESHOLD_DEVIATIONS: u32 = 5;

/// What the stack says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `ASSAY_BUCKET`: the bucket of the stack, where runs are written.
    pub bucket: String,
    /// `ASSAY_MODEL_IDS`, comma separated: who is asked where a spec names no models.
    pub model_ids: Vec<String>,
    /// `ASSAY_MODEL_ARNS`, comma separated: further models that specs may name.
    pub model_arns: Vec<String>,
    /// `ASSAY_EVIDENCE_MODEL_IDS`, comma separated: judges and embeddings models that specs may name.
    pub evidence_model_ids: Vec<String>,
    /// `ASSAY_APPLICATION`: the dimension of suites that name none.
    pub application: String,
    /// `ASSAY_METRIC_NAMESPACE`: the namespace of the metrics.
    pub namespace: String,
    /// `ASSAY_NOTICE_TOPIC_ARN`: where notices go; none if it is not set.
    pub notice_topic: Option<String>,
    /// `ASSAY_MAX_CONCURRENCY`: the most requests at a time to each model.
    pub concurrency: usize,
    /// `ASSAY_PRICE_TABLE`: the key of a price table in the bucket; none if it is not set.
    pub price_table: Option<String>,
    /// `ASSAY_JOB_ROLE_ARN`: the service role of managed jobs whose spec names none; none if it is not set.
    pub job_role: Option<String>,
    /// `ASSAY_STUCK_JOB_HOURS`: after how many hours in progress a managed job is told of.
    pub stuck_job_hours: u32,
    /// `ASSAY_STUCK_HUMAN_JOB_DAYS`: the same for people, in days.
    pub stuck_human_job_days: u32,
    /// `ASSAY_STACK`: the name of the stack: a dimension, and the beginning of the names of alarms and dashboards.
    pub stack: String,
    /// `ASSAY_THRESHOLD_RUNS`: of how many finished runs a threshold is made at the least.
    pub threshold_runs: u32,
    /// `ASSAY_THRESHOLD_DEVIATIONS`: how many median absolute deviations a threshold is away from the median.
    pub threshold_deviations: u32,
    /// `ASSAY_INVOCATION_LOG_GROUP`: the log group of the models' invocations; where it is not set, the account's own setting
    /// tells.
    pub invocation_log_group: Option<String>,
}

impl Settings {
    /// Every model that the stack names, in whatever part.
    pub fn models(&self) -> impl Iterator<Item = &String> {
        self.model_ids.iter().chain(&self.model_arns).chain(&self.evidence_model_ids)
    }

    /// Reads the settings through `variable`.
    ///
    /// # Errors
    /// Every variable that is missing or wrong.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let get = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut problems = Vec::new();
        let mut wrong = |name: &str, message: &str, remedy: &str| {
            problems.push(Problem::error("environment", message).in_field(name).remedy(remedy));
        };
        let bucket = get("ASSAY_BUCKET").unwrap_or_else(|| {
            wrong("ASSAY_BUCKET", "the variable is not set", "set it to the stack's bucket");
            String::new()
        });
        let concurrency = match get("ASSAY_MAX_CONCURRENCY").map(|value| value.parse::<usize>()) {
            None => DEFAULT_CONCURRENCY,
            Some(Ok(value @ 1..=1000)) => value,
            Some(_) => {
                wrong("ASSAY_MAX_CONCURRENCY", "not a number from 1 to 1000", "set it to the most requests at a time");
                DEFAULT_CONCURRENCY
            }
        };
        let namespace = get("ASSAY_METRIC_NAMESPACE").unwrap_or_else(|| DEFAULT_NAMESPACE.to_owned());
        if namespace.starts_with("AWS/") {
            wrong("ASSAY_METRIC_NAMESPACE", "namespaces that begin with AWS/ are reserved", "choose another");
        }
        let mut arn = |name: &str, remedy: &str| {
            let arn = get(name);
            if arn.as_ref().is_some_and(|arn| !arn.starts_with("arn:")) {
                wrong(name, "not an ARN", remedy);
            }
            arn
        };
        let notice_topic = arn("ASSAY_NOTICE_TOPIC_ARN", "set it to the topic's ARN");
        let job_role = arn("ASSAY_JOB_ROLE_ARN", "set it to the ARN of the jobs' service role");
        let mut whole = |name: &str, usual: u32, most: u32| match get(name).map(|value| value.parse::<u32>()) {
            None => usual,
            Some(Ok(value)) if (1..=most).contains(&value) => value,
            Some(_) => {
                wrong(name, &format!("not a whole number from 1 to {most}"), "mend it, or leave it out");
                usual
            }
        };
        let settings = Self {
            bucket,
            model_ids: list(get("ASSAY_MODEL_IDS")),
            model_arns: list(get("ASSAY_MODEL_ARNS")),
            evidence_model_ids: list(get("ASSAY_EVIDENCE_MODEL_IDS")),
            application: get("ASSAY_APPLICATION").unwrap_or_else(|| DEFAULT_APPLICATION.to_owned()),
            namespace,
            notice_topic,
            concurrency,
            price_table: get("ASSAY_PRICE_TABLE"),
            job_role,
            stuck_job_hours: whole("ASSAY_STUCK_JOB_HOURS", DEFAULT_STUCK_JOB_HOURS, 720),
            stuck_human_job_days: whole("ASSAY_STUCK_HUMAN_JOB_DAYS", DEFAULT_STUCK_HUMAN_JOB_DAYS, 30),
            stack: get("ASSAY_STACK").unwrap_or_else(|| DEFAULT_STACK.to_owned()),
            threshold_runs: whole("ASSAY_THRESHOLD_RUNS", DEFAULT_THRESHOLD_RUNS, 100),
            threshold_deviations: whole("ASSAY_THRESHOLD_DEVIATIONS", DEFAULT_THRESHOLD_DEVIATIONS, 100),
            invocation_log_group: get("ASSAY_INVOCATION_LOG_GROUP"),
        };
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }
}

/// The parts of a list that is separated by commas.
fn list(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn defaults_fill_what_may_be_left_out() {
        let settings = Settings::read(|name| (name == "ASSAY_BUCKET").then(|| "b".to_owned())).unwrap();
        assert_eq!(settings.namespace, "Custom/Bedrock");
        assert_eq!(settings.model_ids, Vec::<String>::new(), "no model is a hidden default");
        assert_eq!(settings.notice_topic, None);
    }

    #[test]
    fn every_wrong_variable_is_named() {
        let problems = Settings::read(|name| match name {
            "ASSAY_MAX_CONCURRENCY" => Some("lots".to_owned()),
            "ASSAY_NOTICE_TOPIC_ARN" => Some("topic".to_owned()),
            "ASSAY_METRIC_NAMESPACE" => Some("AWS/Bedrock".to_owned()),
            "ASSAY_JOB_ROLE_ARN" => Some("role".to_owned()),
            "ASSAY_STUCK_JOB_HOURS" => Some("0".to_owned()),
            _ => None,
        });
        let fields: Vec<String> = problems.unwrap_err().into_iter().filter_map(|problem| problem.field).collect();
        let expected = [
            "ASSAY_BUCKET",
            "ASSAY_MAX_CONCURRENCY",
            "ASSAY_METRIC_NAMESPACE",
            "ASSAY_NOTICE_TOPIC_ARN",
            "ASSAY_JOB_ROLE_ARN",
            "ASSAY_STUCK_JOB_HOURS",
        ];
        assert_eq!(fields, expected);
    }
}
