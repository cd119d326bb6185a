//! From the numbers of a run's records to its summary, with what is wrong and what to keep in mind.
//!
//! Writing it is left to `commit`.

use super::caveats::{baseline_caveats, missing_caveats};
use super::evaluate_gate::Evaluated;
use super::summarise::RunNumbers;
use super::survey::Surveyed;
use crate::collect::Collected;
use crate::compare::{MOST_COMPARED, Regression};
use crate::dataset::Survey;
use crate::spec::{Execution, Gate};
use crate::summary::{Answers, DatasetSummary, ModelSummary, RunStatus, SUMMARY_FORMAT, Summary};
use assay_problem::Problem;
use jiff::Timestamp;

/// The summary of a run, with what is wrong and what to keep in mind.
pub(super) fn conclude(
    execution: &Execution,
    surveyed: Surveyed,
    collected: Option<Collected>,
    numbers: &RunNumbers,
    evaluated: &Evaluated,
) -> Summary {
    let Surveyed { survey, mut problems, .. } = surveyed;
    let is_refused = collected.is_none();
    let (spent, found) = match collected {
        Some(collected) => (collected.used_up.is_some(), (collected.problems, collected.warnings)),
        None => Default::default(),
    };
    let ended = !found.0.is_empty();
    found.0.into_iter().chain(found.1).for_each(|problem| problems.add(problem));
    let nothing = numbers.answers == Answers::default();
    if nothing && !ended {
        numbers.models.iter().filter_map(silence).for_each(|problem| problems.add(problem));
    }
    Summary {
        format: SUMMARY_FORMAT,
        assay: crate::VERSION.to_owned(),
        run: execution.run.clone(),
        suite: execution.suite.clone(),
        application: execution.application.clone(),
        status: match (spent, ended || nothing || is_refused) {
            (true, _) => RunStatus::Incomplete,
            (false, true) => RunStatus::Failed,
            (false, false) => RunStatus::Completed,
        },
        finished_at: Timestamp::now(),
        dataset: DatasetSummary {
            identity: execution.identity.clone(),
            samples: survey.samples,
            bad_lines: survey.bad_lines,
        },
        answers: numbers.answers,
        gate: evaluated.verdict.clone(),
        caveats: caveats(execution, &survey, numbers, &evaluated.compared.regression),
        judge: numbers.judge.clone(),
        similarity: numbers.similarity.clone(),
        models: numbers.models.clone(),
        problems,
        cost: numbers.cost.clone(),
        budget: execution.spec.budget,
    }
}

/// Why a model answered nothing at all.
fn silence(model: &ModelSummary) -> Option<Problem> {
    let (class, failure) = model.failures.iter().max_by_key(|(_, failure)| failure.count)?;
    let message = format!("no sample was answered; {} {class}, such as: {}", failure.count, failure.example);
    Some(Problem::error(&model.model, message).remedy("mend what the message names and run again"))
}

/// Warnings about the numbers.
fn caveats(execution: &Execution, survey: &Survey, numbers: &RunNumbers, regression: &Regression) -> Vec<String> {
    let RunNumbers { answers, models, judge, .. } = numbers;
    let mut caveats = Vec::new();
    if answers.recorded > 0 {
        let all = answers.asked + answers.recorded;
        caveats.push(format!(
            "{} of {all} answers were recorded in the dataset: no model was called for them, and they measure none",
            answers.recorded
        ));
    }
    caveats.extend(missing_caveats(models, survey.bad_lines));
    let pairwise = execution.spec.compares_pairs();
    if pairwise && execution.recorded_only {
        caveats.push("answers were not compared in pairs: only recorded answers were used".to_owned());
    }
    if pairwise && !execution.recorded_only && models.len() < 2 {
        caveats.push("answers were not compared in pairs: there is one model alone".to_owned());
    }
    for (rubric, found) in judge.iter().flat_map(|judge| &judge.rubrics).filter(|(_, found)| found.unusable > 0) {
        caveats.push(format!(
            "{} ratings of people by `{rubric}` are no whole number on its scale and were not compared with the judge's",
            found.unusable
        ));
    }
    if let Some(judge) = &execution.spec.judge
        && models.iter().any(|model| model.model == judge.model)
    {
        caveats
            .push(format!("the judge `{}` judges its own answers too, and judges tend to prefer those", judge.model));
    }
    if let Some(limit) = execution.limit.filter(|limit| *limit <= survey.samples) {
        caveats.push(format!("no more than the first {limit} samples were looked at"));
    }
    let is_required = execution.spec.gate.as_ref().is_some_and(Gate::requires_baseline);
    let run = execution.place.name_of(execution.keys.root());
    let is_answered = *answers != Answers::default();
    caveats.extend(baseline_caveats(regression, is_required, is_answered, (&execution.identity.key, &run)));
    if models.len() > MOST_COMPARED + 1 {
        caveats.push(format!("the first model is compared with the next {MOST_COMPARED} and no others"));
    }
    caveats
}
