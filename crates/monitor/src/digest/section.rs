//! A digest as people read it: sections of lines, the same for the notice and for the page.

mod call;

use super::{Change, Digest, Part, Spending, Spent, SuiteWeek};
use crate::lifecycle::{LifeState, ModelLife};
use assay_model::pricing::usd_text;

/// How many models and suites are named in a section.
const SHOWN: usize = 15;
/// How many measures of a model are named in a line; the page of the suite has all.
const SHOWN_MEASURES: usize = 6;

/// Lines under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What they are about.
    pub title: &'static str,
    /// Each thing worth knowing; never empty.
    pub lines: Vec<String>,
}

/// All sections, those that ask for something first.
pub fn sections(digest: &Digest) -> Vec<Section> {
    let mut sections = vec![
        ("Runs", runs(&digest.suites)),
        ("Alarms", alarms(&digest.alarms)),
        ("Trends", [drifts(&digest.drifts), trends(&digest.suites)].concat()),
        ("Models", models(digest)),
        ("Cost of evaluation", spending(digest)),
        ("Throttled calls", throttles(digest)),
    ];
    match digest.calls.reason() {
        Some(why) => sections.push(("All calls", vec![format!("unknown: {why}")])),
        None => sections.extend([
            ("Cost of all calls", call::spending(&digest.calls)),
            ("Failed calls", call::errors(&digest.calls.errors)),
            ("Slowest calls", call::slowest(&digest.calls.slowest)),
        ]),
    }
    sections.into_iter().filter(|(_, lines)| !lines.is_empty()).map(|(title, lines)| Section { title, lines }).collect()
}

fn runs(suites: &[SuiteWeek]) -> Vec<String> {
    if suites.is_empty() {
        return vec!["no suite had a run".to_owned()];
    }
    some(suites.iter(), "suites", |suite| {
        let counts = [
            (suite.failed, "failed"),
            (suite.incomplete, "incomplete"),
            (suite.gates_passed, "passed the gate"),
            (suite.gates_failed, "FAILED THE GATE"),
            (suite.regressions, "WORSE THAN THE BASELINE"),
        ];
        let counts =
            counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}"));
        format!("{}: {}{}", suite.suite, number(suite.runs(), "run"), counts.collect::<String>())
    })
}

fn alarms(alarms: &Part<Vec<String>>) -> Vec<String> {
    known(alarms, |alarms| match alarms.as_slice() {
        [] => vec!["none is raised".to_owned()],
        alarms => some(alarms.iter(), "alarms", |alarm| format!("raised: {alarm}")),
    })
}

fn drifts(drifts: &[String]) -> Vec<String> {
    some(drifts.iter(), "trends", Clone::clone)
}

fn trends(suites: &[SuiteWeek]) -> Vec<String> {
    let measured: Vec<_> = suites.iter().flat_map(|suite| suite.measured.iter().map(move |one| (suite, one))).collect();
    some(measured.into_iter(), "models", |(suite, measured)| {
        // The dataset where the suite has several.
        let is_alone = suite.measured.iter().all(|other| other.dataset == measured.dataset);
        let dataset = measured.dataset.as_deref().filter(|_| !is_alone).map(|key| format!(" ({key})"));
        let all = measured.measures.iter();
        let rest = all.len().saturating_sub(SHOWN_MEASURES);
        let mut told: Vec<String> =
            all.take(SHOWN_MEASURES).map(|(name, change)| format!("{name} {}", changed(*change))).collect();
        if rest > 0 {
            told.push(format!("and {rest} more"));
        }
        format!("{}{}, {}: {}", suite.suite, dataset.unwrap_or_default(), measured.model, told.join(", "))
    })
}

fn changed(change: Change) -> String {
    match change.before {
        Some(before) => format!("{before:.4} → {:.4}", change.now),
        None => format!("{:.4} (no run in the week before)", change.now),
    }
}

fn models(digest: &Digest) -> Vec<String> {
    let telling: Vec<_> = digest.models.iter().filter(|life| tells(life)).collect();
    if telling.is_empty() && !digest.models.is_empty() {
        return vec![format!(
            "{} looked at, none is Legacy or near its end",
            number(digest.models.len() as u64, "model")
        )];
    }
    some(telling.into_iter(), "models", |life| format!("{}: {}", life.model, life.words()))
}

/// Whether a model's life is worth a line: it is not simply in use, or its end is near.
fn tells(life: &ModelLife) -> bool {
    life.needs_somebody() || !matches!(life.state, LifeState::Active | LifeState::WithoutLife { .. })
}

fn spending(digest: &Digest) -> Vec<String> {
    some(digest.spending.iter(), "models", |(model, Spending { before, now })| {
        format!("{model}: {}; the week before: {}", took(now), took(before))
    })
}

fn took(spent: &Spent) -> String {
    if *spent == Spent::default() {
        return "nothing".to_owned();
    }
    let tokens = format!("{} + {} tokens", spent.input_tokens, spent.output_tokens);
    match (spent.unpriced, spent.priced) {
        (0, _) => format!("{tokens}, {}", usd_text(spent.usd)),
        (_, 0) => format!("{tokens}, cost unknown"),
        (unpriced, _) => format!("{tokens}, {} and {} of unknown cost", usd_text(spent.usd), number(unpriced, "run")),
    }
}

fn throttles(digest: &Digest) -> Vec<String> {
    known(&digest.throttles, |throttles| {
        let throttled = throttles.iter().filter(|(_, (now, before))| *now > 0.0 || *before > 0.0).collect::<Vec<_>>();
        match throttled.as_slice() {
            [] => vec!["none".to_owned()],
            _ => some(throttled.into_iter(), "models", |(model, (now, before))| {
                format!("{model}: {now:.0}, the week before: {before:.0}")
            }),
        }
    })
}

fn known<T>(part: &Part<T>, told: impl FnOnce(&T) -> Vec<String>) -> Vec<String> {
    match part {
        Part::Known(found) => told(found),
        Part::Unknown(why) => vec![format!("unknown: {why}")],
    }
}

/// A line for each of the first things, and how many are left out.
fn some<T>(all: impl ExactSizeIterator<Item = T>, what: &str, told: impl Fn(T) -> String) -> Vec<String> {
    let rest = all.len().saturating_sub(SHOWN);
    let mut lines: Vec<String> = all.take(SHOWN).map(told).collect();
    if rest > 0 {
        lines.push(format!("and {rest} more {what}"));
    }
    lines
}

fn number(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
