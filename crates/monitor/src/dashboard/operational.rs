//! The dashboard of a list of models and of what evaluates them. The stack has the same in template.yaml; a test holds both
//! to each other.

use super::page::Page;
use super::search::search;
use crate::alarm::service::{
    AwsMetric, INPUT_TOKEN_COUNT, INVOCATION_CLIENT_ERRORS, INVOCATION_LATENCY, INVOCATION_SERVER_ERRORS,
    INVOCATION_THROTTLES, INVOCATIONS, LAMBDA_DURATION, LAMBDA_ERRORS, LAMBDA_THROTTLES, LEGACY_MODEL_INVOCATIONS,
    MESSAGES_VISIBLE, OUTPUT_TOKEN_COUNT,
};
use crate::alarm::{Kind, Limits, operational_name};
use assay_core::publish::metrics::MetricName;
use assay_score::stats::Scale;
use assay_score::{Direction, Scorer};
use serde_json::{Value, json};

/// What the dashboard shows.
#[derive(Debug, Clone, Copy)]
pub struct Operational<'a> {
    /// The stack's name.
    pub stack: &'a str,
    /// The Region.
    pub region: &'a str,
    /// The namespace of our metrics.
    pub namespace: &'a str,
    /// The models, in the order of their lines.
    pub models: &'a [String],
    /// The limits, drawn as lines.
    pub limits: &'a Limits,
    /// What the ARN of an alarm begins with, up to its name: `arn:aws:cloudwatch:REGION:ACCOUNT:alarm:`. Without it the
    /// states of alarms are left out; a template cannot make these lists, since account and Region stand between two models.
    pub alarm_arns: Option<&'a str>,
    /// Our functions, by name; without them their section is left out.
    pub functions: &'a [String],
    /// The queues of what was not delivered or given up, by name.
    pub queues: &'a [String],
    /// Further alarms whose state is shown, as ARNs.
    pub alarms: &'a [String],
}

/// Seconds over which the use of models is counted.
const HOUR: u32 = 3600;
/// Seconds over which runs are counted: they come once a day or once a week.
const DAY: u32 = 86_400;
/// Rows of a graph.
const GRAPH: u64 = 6;
/// Rows of a list of alarms.
const ALARMS: u64 = 4;

/// The dashboard's body.
pub fn operational(parts: &Operational<'_>) -> Value {
    let mut page = Page::default();
    page.heading(&format!("## {}: models, evaluations, functions", parts.stack));
    alarms(parts, &mut page);
    models(parts, &mut page);
    evaluations(parts, &mut page);
    runs(parts, &mut page);
    functions(parts, &mut page);
    page.body("-P1W")
}

fn alarms(parts: &Operational<'_>, page: &mut Page) {
    if let Some(beginning) = parts.alarm_arns.filter(|_| !parts.models.is_empty()) {
        // A list for each kind, since one list holds 100 alarms at the most.
        let list = |kind: Kind| {
            let names = parts.models.iter().map(|model| operational_name(parts.stack, model, kind));
            let arns: Vec<String> = names.map(|name| format!("{beginning}{name}")).collect();
            ("alarm", json!({ "title": kind.title(), "alarms": arns }))
        };
        page.row(ALARMS, Kind::ALL.into_iter().map(list).collect());
    }
    if !parts.alarms.is_empty() {
        page.row(ALARMS, vec![("alarm", json!({ "title": "Assay itself", "alarms": parts.alarms }))]);
    }
}

fn models(parts: &Operational<'_>, page: &mut Page) {
    let lines = |metrics: &[AwsMetric]| -> Vec<Value> {
        let line = |metric: AwsMetric, model: &String| json!([metric.namespace, metric.name, "ModelId", model]);
        metrics.iter().flat_map(|metric| parts.models.iter().map(move |model| line(*metric, model))).collect()
    };
    let graph =
        |title: &str, statistic: &str, metrics: &[AwsMetric]| parts.graph(title, statistic, HOUR, lines(metrics), None);
    let latency = (f64::from(parts.limits.latency_milliseconds), "alarm");
    let life = (f64::from(parts.limits.end_of_life_days), "alarm");
    let days =
        parts.models.iter().map(|model| json!([parts.namespace, MetricName::DaysToEndOfLife.name(), "ModelId", model]));
    page.heading("### Models: all calls of this account and Region, evaluations among them");
    page.row(
        GRAPH,
        vec![
            graph("Invocations (successful, per hour)", "Sum", &[INVOCATIONS]),
            graph("Latency, average (ms)", "Average", &[INVOCATION_LATENCY]),
            parts.graph("Latency, p90 (ms)", "p90", HOUR, lines(&[INVOCATION_LATENCY]), Some(latency)),
        ],
    );
    page.row(
        GRAPH,
        vec![
            graph("Errors (per hour)", "Sum", &[INVOCATION_SERVER_ERRORS, INVOCATION_CLIENT_ERRORS]),
            graph("Throttles (attempts per hour)", "Sum", &[INVOCATION_THROTTLES]),
            graph("Tokens (per hour)", "Sum", &[INPUT_TOKEN_COUNT, OUTPUT_TOKEN_COUNT]),
        ],
    );
    page.row(
        GRAPH,
        vec![
            graph("Calls of models in the state Legacy (per hour)", "Sum", &[LEGACY_MODEL_INVOCATIONS]),
            parts.graph("Days to the end of life", "Minimum", HOUR, days.collect(), Some(life)),
            parts.searched(
                "Cost of evaluations (USD per day)",
                "Sum",
                &[&[MetricName::CostUsd, MetricName::JudgeCostUsd]],
            ),
        ],
    );
}

/// The scorers of one direction whose values lie between 0 and 1, or do not.
fn scorers(direction: Direction, is_unit: bool) -> Vec<MetricName> {
    let fits = |scorer: &&Scorer| scorer.direction() == direction && (scorer.scale() == Scale::UnitInterval) == is_unit;
    Scorer::ALL.iter().filter(fits).map(|scorer| MetricName::Score(*scorer)).collect()
}

fn evaluations(parts: &Operational<'_>, page: &mut Page) {
    use Direction::{HigherIsBetter, LowerIsBetter};
    page.heading("### Evaluations: mean of each run; what each suite has is searched for");
    page.row(
        GRAPH,
        vec![
            parts.searched("Checks passed (share)", "Average", &[&[MetricName::ChecksPassed]]),
            parts.searched("Scores from 0 to 1, higher is better", "Average", &[&scorers(HigherIsBetter, true)]),
            parts.searched("Other scores, higher is better", "Average", &[&scorers(HigherIsBetter, false)]),
        ],
    );
    let mut lower = scorers(LowerIsBetter, true);
    lower.extend(scorers(LowerIsBetter, false));
    lower.extend([MetricName::Robustness, MetricName::Toxicity]);
    page.row(
        GRAPH,
        vec![
            parts.searched("Scores, lower is better", "Average", &[&lower]),
            parts.searched("What judges say", "Average", &[&[MetricName::JudgeScore]]),
            parts.searched("What managed jobs say", "Average", &[&[MetricName::JobScore]]),
        ],
    );
    page.row(
        GRAPH,
        vec![
            parts.searched(
                "Samples without an answer or a score",
                "Sum",
                &[&[MetricName::SamplesFailed, MetricName::SamplesUnscored]],
            ),
            parts.searched("Latency of evaluations, p90 (ms)", "p90", &[&[MetricName::ModelLatency]]),
            parts.searched(
                "Tokens of evaluations (per day)",
                "Sum",
                &[&[MetricName::InputTokens, MetricName::OutputTokens]],
            ),
        ],
    );
}

fn runs(parts: &Operational<'_>, page: &mut Page) {
    let stack = |name: MetricName| json!([parts.namespace, name.name(), "Stack", parts.stack]);
    page.heading("### Runs and gates");
    page.row(
        GRAPH,
        vec![
            parts.searched(
                "Runs (per day)",
                "Sum",
                &[&[MetricName::RunCompleted, MetricName::RunFailed, MetricName::RunIncomplete]],
            ),
            parts.searched("Gates (1 passed, 0 failed)", "Minimum", &[&[MetricName::GatePassed]]),
            parts.searched("Regressions against the baseline (1 worse)", "Maximum", &[&[MetricName::Regression]]),
        ],
    );
    page.row(
        GRAPH,
        vec![
            parts.searched(
                "Managed jobs in trouble (per day)",
                "Sum",
                &[&[MetricName::JobFailed, MetricName::JobStopped, MetricName::JobStuck]],
            ),
            parts.graph("Failed runs of all suites (per day)", "Sum", DAY, vec![stack(MetricName::RunsFailed)], None),
            parts.graph("Hours since the probes", "Maximum", HOUR, vec![stack(MetricName::HoursSinceProbes)], None),
        ],
    );
}

fn functions(parts: &Operational<'_>, page: &mut Page) {
    if parts.functions.is_empty() && parts.queues.is_empty() {
        return;
    }
    let graph = |title: &str, statistic: &str, metric: AwsMetric, names: &[String]| {
        let lines = names.iter().map(|name| json!([metric.namespace, metric.name, metric.dimension, name]));
        parts.graph(title, statistic, HOUR, lines.collect(), None)
    };
    page.heading("### Functions");
    page.row(
        GRAPH,
        vec![
            graph("Errors (per hour)", "Sum", LAMBDA_ERRORS, parts.functions),
            graph("Duration, longest (ms)", "Maximum", LAMBDA_DURATION, parts.functions),
            graph("Throttles (per hour)", "Sum", LAMBDA_THROTTLES, parts.functions),
            graph("Events that wait for somebody", "Maximum", MESSAGES_VISIBLE, parts.queues),
        ],
    );
}

impl Operational<'_> {
    /// A graph of lines, with a limit where one is given.
    fn graph(
        &self,
        title: &str,
        statistic: &str,
        period: u32,
        metrics: Vec<Value>,
        limit: Option<(f64, &str)>,
    ) -> (&'static str, Value) {
        let mut properties = json!({
            "title": title, "region": self.region, "view": "timeSeries", "stacked": false,
            "stat": statistic, "period": period, "metrics": metrics,
        });
        if let Some((value, label)) = limit {
            properties["annotations"] = json!({ "horizontal": [{ "label": label, "value": value }] });
        }
        ("metric", properties)
    }

    /// A graph of what searches find.
    fn searched(&self, title: &str, statistic: &str, searches: &[&[MetricName]]) -> (&'static str, Value) {
        let found =
            searches.iter().map(|names| json!([{ "expression": search(self.namespace, names, statistic, DAY) }]));
        self.graph(title, statistic, DAY, found.collect(), None)
    }
}
