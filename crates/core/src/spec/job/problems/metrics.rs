//! The service's metrics: which there are, which job has them, how many it may have.

use super::listed::listed;
use crate::spec::findings::Findings;
use crate::spec::job::{JobKind, JobSpec, TaskType};
use assay_problem::closest;
use assay_score::{BUILT_IN_METRICS, BuiltInMetric, built_in};
use std::collections::BTreeSet;

/// The most metrics of an automatic job, by the service's quotas.
const MOST_OF_AUTOMATIC: usize = 3;

/// The most metrics of any other, by its model of its API.
const MOST: usize = 25;

/// A kind of jobs, as far as metrics go: what people call it, and which metrics it has.
type Holder = (&'static str, fn(&BuiltInMetric) -> bool);

const HOLDERS: [Holder; 4] = [
    ("automatic jobs", |metric| metric.automatic),
    ("jobs with a judge", |metric| metric.judge),
    ("RAG jobs with `retrieve_only`", |metric| metric.retrieve),
    ("RAG jobs that generate", |metric| metric.generate),
];

pub(super) fn check(job: &JobSpec, found: &mut Findings<'_>) {
    let (holder, has) = match job.kind {
        JobKind::Automatic => HOLDERS[0],
        JobKind::Judge => HOLDERS[1],
        JobKind::Rag if job.retrieve_only => HOLDERS[2],
        JobKind::Rag => HOLDERS[3],
        // That there are none is found with the key.
        JobKind::Human => return,
    };
    let known = || BUILT_IN_METRICS.iter().filter(|metric| has(metric)).map(|metric| metric.name);
    if job.metrics.is_empty() && (job.custom_metrics.is_empty() || job.kind == JobKind::Automatic) {
        let own = if job.kind == JobKind::Automatic { "" } else { " or `custom_metrics`" };
        found.wrong("", "the job measures nothing", format!("give `metrics`{own}; {holder} have {}", listed(known())));
    }
    let mut seen = BTreeSet::new();
    for (index, given) in job.metrics.iter().enumerate() {
        let place = format!("metrics/{index}");
        let name = given.strip_prefix("Builtin.").unwrap_or(given);
        if !seen.insert(name) {
            found.wrong(&place, format!("the metric `{name}` is listed twice"), "list each metric once");
        }
        match built_in(name) {
            None => {
                let remedy = match closest(name, BUILT_IN_METRICS.iter().map(|metric| metric.name)) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("{holder} have {}", listed(known())),
                };
                found.wrong(&place, format!("unknown metric `{name}`"), remedy);
            }
            Some(metric) if !has(metric) => {
                let holders = listed(HOLDERS.iter().filter(|(_, has)| has(metric)).map(|(holder, _)| *holder));
                let remedy = format!("{holders} have it; {holder} have {}", listed(known()));
                found.wrong(&place, format!("{holder} have no metric `{name}`"), remedy);
            }
            Some(_) if name == "Toxicity" && job.task == Some(TaskType::Classification) => {
                found.wrong(&place, "Classification has no Toxicity", "take out the metric, or give another `task`");
            }
            Some(_) => {}
        }
    }
    let (count, most) = match job.kind {
        JobKind::Automatic => (job.metrics.len(), MOST_OF_AUTOMATIC),
        _ => (job.metrics.len() + job.custom_metrics.len(), MOST),
    };
    if count > most {
        let message = format!("{count} metrics are more than the {most} that a job may have");
        found.wrong("metrics", message, "split them between two jobs");
    }
}
