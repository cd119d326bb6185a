//! `assay compare`: which samples got better or worse, and what that amounts to.

use crate::arguments::Compare;
use crate::exit::{Exit, UsageError};
use crate::{output, run_of};
use anyhow::Result;
use assay_core::compare::{Comparison, Options, Verdict};
use assay_core::compare::{RunAnswers, RunSide, compare_sides, counterpart};
use assay_report::comparison_text;

/// Compares two runs, or the models of one.
pub(crate) async fn compare(arguments: Compare) -> Result<Exit> {
    if !(0.0 < arguments.alpha && arguments.alpha < 1.0) {
        return Err(UsageError(format!("--alpha {} is not between 0 and 1", arguments.alpha)).into());
    }
    let options = Options { alpha: arguments.alpha, top: arguments.top };
    let before = run_of::answers(&arguments.before).await?;
    let after = match &arguments.after {
        Some(after) => Some(run_of::answers(after).await?),
        None => None,
    };
    let pairs = match &after {
        Some(after) => between(&before, after, &arguments.models)?,
        None => within(&before, &arguments.models)?,
    };
    let mut comparisons = Vec::new();
    for (one, other) in &pairs {
        let sides =
            (RunSide { run: &before, model: one }, RunSide { run: after.as_ref().unwrap_or(&before), model: other });
        comparisons.push(compare_sides(sides.0, sides.1, options).await?);
    }
    output::print(&comparisons, arguments.format, || text(&comparisons))?;
    let worse = comparisons.iter().flat_map(|found| &found.measures).any(|measure| measure.verdict == Verdict::Worse);
    Ok(if arguments.fail_on_regression && worse { Exit::GateFailed } else { Exit::Done })
}

/// The models that both runs have, or those that were asked for.
fn between(before: &RunAnswers, after: &RunAnswers, wanted: &[String]) -> Result<Vec<(String, String)>> {
    let pair = |model: &String| counterpart(before, after, model).map(|other| (other.to_owned(), model.clone()));
    if wanted.is_empty() {
        let pairs: Vec<_> = after.models.keys().filter_map(pair).collect();
        return if pairs.is_empty() {
            let message = format!("the runs have no model in common: {} and {}", names(before), names(after));
            Err(UsageError(message).into())
        } else {
            Ok(pairs)
        };
    }
    wanted
        .iter()
        .map(|model| {
            let known = after.models.contains_key(model).then(|| pair(model)).flatten();
            known.ok_or_else(|| {
                let (before, after) = (names(before), names(after));
                UsageError(format!("--model `{model}` is not in both runs; they have {before} and {after}")).into()
            })
        })
        .collect()
}

/// The first model of a run against each other one.
fn within(run: &RunAnswers, wanted: &[String]) -> Result<Vec<(String, String)>> {
    let mut models: Vec<String> =
        if wanted.is_empty() { run.models.keys().cloned().collect() } else { wanted.to_vec() };
    if let Some(unknown) = models.iter().find(|model| !run.models.contains_key(*model)) {
        return Err(UsageError(format!("--model `{unknown}` is not in the run; it has {}", names(run))).into());
    }
    if models.len() < 2 {
        let message = "one model of one run has nothing to be compared with; name a second run, or two models";
        return Err(UsageError(message.to_owned()).into());
    }
    let first = models.remove(0);
    Ok(models.into_iter().map(|other| (first.clone(), other)).collect())
}

fn names(run: &RunAnswers) -> String {
    let names: Vec<String> = run.models.keys().map(|model| format!("`{model}`")).collect();
    names.join(", ")
}

fn text(comparisons: &[Comparison]) -> String {
    let width = output::width(200);
    let texts: Vec<String> = comparisons.iter().map(|comparison| comparison_text(comparison, width)).collect();
    texts.join("\n")
}
