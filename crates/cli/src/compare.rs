//! `assay compare`: which samples got better or worse, and what that amounts to.

use crate::arguments::Compare;
use crate::error::Result;
use crate::exit::{Exit, UsageError};
use crate::{output, run_of};
use assay_core::compare::{Comparison, Conclusion, Options, RunAnswers, compare_runs, counterpart};
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
    let after = after.as_ref();
    let pairs = match after {
        Some(after) => between(&before, after, &arguments.models)?,
        None => within(&before, &arguments.models)?,
    };
    let comparisons = compare_runs((&before, after.unwrap_or(&before)), &pairs, options).await?;
    output::print(&comparisons, arguments.format, || text(&comparisons))?;
    let worse =
        comparisons.iter().flat_map(|found| &found.measures).any(|measure| measure.verdict == Conclusion::Worse);
    Ok(if arguments.fail_on_regression && worse { Exit::GateFailed } else { Exit::Done })
}

/// The models that both runs have, or those that were requested, each with its counterpart in the run before.
fn between<'a>(
    before: &'a RunAnswers,
    after: &'a RunAnswers,
    requested: &'a [String],
) -> Result<Vec<(&'a str, &'a str)>> {
    let pair = |model: &'a String| Some((counterpart(before, after, model)?, model.as_str()));
    if requested.is_empty() {
        let pairs: Vec<_> = after.models.keys().filter_map(pair).collect();
        if pairs.is_empty() {
            let message = format!("the runs have no model in common: {} and {}", names(before), names(after));
            return Err(UsageError(message).into());
        }
        return Ok(pairs);
    }
    let pairs = requested.iter().map(|model| {
        let known = after.models.contains_key(model).then(|| pair(model)).flatten();
        known.ok_or_else(|| {
            let (before, after) = (names(before), names(after));
            UsageError(format!("--model `{model}` is not in both runs; they have {before} and {after}")).into()
        })
    });
    pairs.collect()
}

/// The first model of a run with each other one.
fn within<'a>(run: &'a RunAnswers, requested: &'a [String]) -> Result<Vec<(&'a str, &'a str)>> {
    if let Some(unknown) = requested.iter().find(|model| !run.models.contains_key(*model)) {
        return Err(UsageError(format!("--model `{unknown}` is not in the run; it has {}", names(run))).into());
    }
    let models: Vec<&str> = match requested {
        [] => run.models.keys().map(String::as_str).collect(),
        requested => requested.iter().map(String::as_str).collect(),
    };
    match models.split_first() {
        Some((first, others)) if !others.is_empty() => Ok(others.iter().map(|other| (*first, *other)).collect()),
        _ => {
            let message = "one model of one run has nothing to be compared with; name a second run, or two models";
            Err(UsageError(message.to_owned()).into())
        }
    }
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
