//! Metrics of one's own for a judge: their names, their scales, and what their instructions refer to.

use super::listed::listed;
use crate::spec::findings::Findings;
use crate::spec::job::{CustomMetricSpec, JobKind, JobSpec, ScalePoint};
use crate::spec::template;
use assay_score::built_in;
use std::collections::BTreeSet;

/// The most words that tell what a point of a scale means.
const MOST_WORDS: usize = 5;

pub(super) fn check(job: &JobSpec, found: &mut Findings<'_>) {
    if !matches!(job.kind, JobKind::Judge | JobKind::Rag) {
        return;
    }
    let mut names = BTreeSet::new();
    for (index, metric) in job.custom_metrics.iter().enumerate() {
        let place = format!("custom_metrics/{index}");
        let name = &metric.name;
        if !names.insert(name) {
            found.wrong(&format!("{place}/name"), format!("two metrics are called `{name}`"), "rename one");
        }
        if name.starts_with("Builtin.") || built_in(name).is_some() {
            let message = format!("`{name}` is the name of a metric of the service");
            found.wrong(&format!("{place}/name"), message, "rename yours, or list it under `metrics`");
        }
        check_scale(metric, &place, found);
        check_instructions(job, metric, &place, found);
    }
}

fn check_scale(metric: &CustomMetricSpec, place: &str, found: &mut Findings<'_>) {
    let value = |point: &ScalePoint| match (point.number, &point.word) {
        (Some(number), None) => Some(number.to_string()),
        (None, Some(word)) => Some(word.clone()),
        _ => None,
    };
    let mut values = BTreeSet::new();
    for (index, point) in metric.scale.iter().enumerate() {
        let place = format!("{place}/scale/{index}");
        match value(point) {
            None => found.wrong(&place, "a point of a scale has one value", "give either `number` or `word`"),
            Some(value) if !values.insert(value.clone()) => {
                found.wrong(&place, format!("two points of the scale have the value {value}"), "give each its own");
            }
            Some(_) => {}
        }
        let words = point.definition.split_whitespace().count();
        if words > MOST_WORDS {
            let message = format!("the definition has {words} words, more than {MOST_WORDS}");
            found.wrong(&format!("{place}/definition"), message, "shorten it, and say the rest in `instructions`");
        }
    }
    let numbers = metric.scale.iter().filter(|point| point.number.is_some() && point.word.is_none()).count();
    let words = metric.scale.iter().filter(|point| point.word.is_some() && point.number.is_none()).count();
    if numbers > 0 && words > 0 {
        let message = "some points of the scale are numbers and some are words";
        found.wrong(&format!("{place}/scale"), message, "give all of them `number`, or all of them `word`");
    }
}

/// Which variables there are, and which one has to be there.
fn check_instructions(job: &JobSpec, metric: &CustomMetricSpec, place: &str, found: &mut Findings<'_>) {
    let (known, needed): (&[&str], &str) = match job.kind {
        JobKind::Rag if job.retrieve_only => (&["prompt", "ground_truth", "context", "reference_contexts"], "context"),
        JobKind::Rag => (&["prompt", "prediction", "ground_truth", "context", "reference_contexts"], "prediction"),
        _ => (&["prompt", "prediction", "ground_truth"], "prediction"),
    };
    let place = format!("{place}/instructions");
    let named = template::names(&metric.instructions);
    let braced: Vec<String> = known.iter().map(|name| format!("{{{{{name}}}}}")).collect();
    let remedy = || format!("known are {}", listed(braced.iter().map(String::as_str)));
    for name in named.iter().filter(|name| !known.contains(&name.as_str())) {
        found.wrong(&place, format!("the instructions name `{{{{{name}}}}}`"), remedy());
    }
    if !named.iter().any(|name| name == needed) {
        let message = format!("the instructions do not name `{{{{{needed}}}}}`, so there is nothing to judge");
        found.wrong(&place, message, format!("end them with it; {}", remedy()));
    }
}
