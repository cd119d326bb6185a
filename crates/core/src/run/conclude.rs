//! The last step of a run: from the numbers of its records to the summary.
//!
//! Writing it, and telling anybody, is left to others.

use crate::collect::Collected;
use crate::compare::Compared;
use crate::compare::MOST_COMPARED;
use crate::compare::Regression;
use crate::compare::judge_gate;
use crate::compare::note_comparisons;
use crate::dataset::Survey;
use crate::spec::Execution;
use crate::spec::Gate;
use crate::summary::Summariser;
use crate::summary::add_costs;
use crate::summary::{
    Answers, DatasetSummary, JudgeSummary, ModelSummary, RunStatus, SUMMARY_FORMAT, SimilaritySummary, Summary,
};
use assay_problem::{Problem, Problems};
use jiff::Timestamp;

/// The summary of a run, with what is wrong and what to keep in mind.
pub(super) fn conclude(
    execution: &Execution,
    survey: &Survey,
    mut problems: Problems,
    collected: Collected,
    summariser: &mut Summariser,
    compared: &Compared,
) -> Summary {
    let regression = &compared.regression;
    let spent = collected.used_up.is_some();
    let ended = !collected.problems.is_empty();
    collected.problems.into_iter().chain(collected.warnings).for_each(|problem| problems.add(problem));
    let mut models = summariser.summaries(&collected.expected);
    let answers = summariser.answers();
    let nothing = answers == Answers::default();
    if nothing && !ended {
        models.iter().filter_map(silence).for_each(|problem| problems.add(problem));
    }
    let mut judged: Option<JudgeSummary> = execution.spec.judge.as_ref().map(|spec| summariser.judge(spec));
    let similarity = execution.spec.similarity();
    let mut similarity: Option<SimilaritySummary> = similarity.map(|spec| summariser.similarity(spec.model));
    if !spent {
        // A part of the dataset is no measurement of the whole.
        note_comparisons(&mut models, &compared.comparisons, judged.as_ref());
    }
    let cost = add_costs(&mut models, judged.as_mut(), similarity.as_mut(), summariser, &execution.prices);
    Summary {
        format: SUMMARY_FORMAT,
        assay: crate::VERSION.to_owned(),
        run: execution.run.clone(),
        suite: execution.suite.clone(),
        application: execution.application.clone(),
        status: match (spent, ended || nothing) {
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
        answers,
        // A part of the dataset neither passes nor fails the gate.
        gate: execution
            .spec
            .gate
            .as_ref()
            .map(Gate::online)
            .filter(|gate| !spent && !gate.is_empty())
            .map(|gate| judge_gate(&gate, &models, judged.as_ref(), regression)),
        caveats: caveats(execution, survey, answers, &models, judged.as_ref(), regression),
        judge: judged,
        similarity,
        models,
        problems,
        cost,
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
fn caveats(
    execution: &Execution,
    survey: &Survey,
    answers: Answers,
    models: &[ModelSummary],
    judged: Option<&JudgeSummary>,
    regression: &Regression,
) -> Vec<String> {
    let mut caveats = Vec::new();
    if answers.recorded > 0 {
        let all = answers.asked + answers.recorded;
        caveats.push(format!(
            "{} of {all} answers were recorded in the dataset: no model was called for them, and they measure none",
            answers.recorded
        ));
    }
    let failed: u64 = models.iter().map(|model| model.failed).sum();
    if failed > 0 {
        caveats.push(format!("{failed} samples have no answer: means are over the answered ones alone"));
    }
    if survey.bad_lines > 0 {
        caveats.push(format!("{} lines of the dataset could not be used", survey.bad_lines));
    }
    let pairwise = execution.spec.judge.as_ref().is_some_and(|judge| judge.pairwise.is_some());
    if pairwise && execution.recorded_only {
        caveats.push("answers were not compared in pairs: only recorded answers were used".to_owned());
    }
    if pairwise && !execution.recorded_only && models.len() < 2 {
        caveats.push("answers were not compared in pairs: there is one model alone".to_owned());
    }
    for (rubric, found) in judged.iter().flat_map(|judge| &judge.rubrics).filter(|(_, found)| found.unusable > 0) {
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
    let is_asked = execution.spec.gate.as_ref().is_some_and(|gate| gate.no_regression.is_some());
    // Where the gate asks for the comparison, its verdict says so.
    caveats.extend(regression.broken.clone().filter(|_| !is_asked));
    if !is_asked && answers != Answers::default() {
        let run = execution.place.name_of(execution.keys.root());
        caveats.extend(regression.lack(&execution.identity.key, &run));
    }
    if models.len() > MOST_COMPARED + 1 {
        caveats.push(format!("the first model is compared with the next {MOST_COMPARED} and no others"));
    }
    caveats
}
