//! The summary of a run of jobs, from its records and the notes of its jobs.

use crate::note::{JobNote, JobState};
use crate::suite::Suite;
use assay_core::compare::Regression;
use assay_core::record::Expected;
use assay_core::run::{Evaluated, RunNumbers, baseline_caveats, missing_caveats};
use assay_core::summary::{DatasetSummary, ModelSummary, RunStatus, SUMMARY_FORMAT, Summary};
use assay_problem::{Problem, Problems};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The summary of a run all of whose jobs have ended, with what is wrong and what to keep in mind. `first` is the note of its
/// first job; `run` is the run's folder as people write it.
pub(crate) fn conclude(
    suite: &Suite,
    (first, notes): (&JobNote, &[JobNote]),
    numbers: &RunNumbers,
    evaluated: &Evaluated,
    run: &str,
) -> Summary {
    let RunNumbers { models, answers, .. } = numbers;
    let is_evaluated = answers.asked + answers.recorded > 0;
    let samples: BTreeSet<_> =
        notes.iter().filter_map(|note| Some((note.samples_key.as_deref(), note.samples?))).collect();
    let given: u64 = samples.iter().map(|(_, samples)| samples).sum();
    Summary {
        format: SUMMARY_FORMAT,
        assay: assay_core::VERSION.to_owned(),
        run: first.run.clone(),
        suite: first.suite.clone(),
        application: first.application.clone(),
        status: if is_evaluated { RunStatus::Completed } else { RunStatus::Failed },
        finished_at: Timestamp::now(),
        dataset: DatasetSummary {
            identity: first.dataset.clone(),
            samples: if given > 0 { given } else { models.iter().map(|model| model.samples).max().unwrap_or_default() },
            bad_lines: first.bad_lines,
        },
        answers: *answers,
        gate: evaluated.verdict.clone(),
        problems: problems(first, notes),
        caveats: caveats((first, notes), models, &evaluated.compared.regression, suite, run),
        models: models.clone(),
        similarity: None,
        judge: None,
        cost: None,
        budget: None,
    }
}

/// What each model had to answer: the samples of all its jobs. Of jobs that somebody else started, what they answered and
/// the lines that could not be read.
pub(crate) fn expected(notes: &[JobNote]) -> BTreeMap<String, Expected> {
    let mut expected: BTreeMap<String, Expected> = BTreeMap::new();
    for note in notes {
        let Some(request) = &note.request else { continue };
        for answerer in request.answerers() {
            // How many samples a dataset of the service has is not known; who had to answer is.
            expected.entry(answerer.to_owned()).or_default().samples += note.samples.unwrap_or_default();
        }
    }
    expected
}

/// What became of jobs that did not go well, and of output that did not.
fn problems(first: &JobNote, notes: &[JobNote]) -> Problems {
    let mut problems = first.problems.clone();
    for note in notes {
        let place = format!("jobs/{}.json", note.job);
        let error = |message: String, remedy: &str| Problem::error(&place, message).remedy(remedy);
        // The same job again would be the one that has ended.
        let anew = match note.is_foreign() {
            true => "start it again",
            false => "start it anew: `assay job start --again`, or drop the dataset again",
        };
        let mend = format!("mend it and {anew}");
        let said = match note.messages.is_empty() {
            true => "the service does not say why".to_owned(),
            false => note.messages.join("; "),
        };
        match note.state {
            JobState::Failed => {
                problems.add(error(format!("the job {} failed: {said}", note.job), &mend));
            }
            JobState::Refused => {
                let message = format!("the service refused the job {}: {said}", note.job);
                problems.add(error(message, &mend));
            }
            JobState::Stopped => problems.add(error(format!("the job {} was stopped", note.job), anew)),
            JobState::Gone => {
                let message = format!("the job {} does not exist any more and has left no output", note.job);
                problems.add(error(message, anew));
            }
            _ => {}
        }
        let Some(read) = &note.read else { continue };
        if note.state == JobState::Completed && read.files.is_empty() {
            let folder = note.output_folder.as_deref().unwrap_or("its folder");
            let message = format!("the job {} is done, but there is no output in {folder}", note.job);
            problems.add(error(message, "see whether it was removed, and start the job again"));
        } else if read.answers == 0 && !read.files.is_empty() {
            let message = format!("the output of the job {} has no answer", note.job);
            problems.add(error(message, "see what the service says of the job, and start it again"));
        }
        if read.unread > 0 {
            let reason = read.first_reason.as_deref().unwrap_or_default();
            let message = format!("{} lines of output could not be read, such as {reason}", read.unread);
            problems.add(error(message, "they are kept in the run's folder `unread`"));
        }
    }
    problems
}

/// Warnings about the numbers.
fn caveats(
    (first, notes): (&JobNote, &[JobNote]),
    models: &[ModelSummary],
    regression: &Regression,
    suite: &Suite,
    run: &str,
) -> Vec<String> {
    let mut caveats = missing_caveats(models, first.bad_lines);
    let strangers: u64 = notes.iter().filter_map(|note| note.read.as_ref()).map(|read| read.strangers).sum();
    if strangers > 0 {
        caveats
            .push(format!("{strangers} answers are to questions that the jobs were not given; they count as samples"));
    }
    for note in notes.iter().filter(|note| note.state == JobState::Completed && !note.messages.is_empty()) {
        let said = note.messages.join("; ");
        caveats.push(format!(
            "the service did not say whether the job {} was done ({said}); its output was taken",
            note.job
        ));
    }
    if notes.len() > 1
        && notes.iter().any(|note| note.request.as_ref().is_some_and(|request| !request.models.is_empty()))
    {
        let parts = notes.iter().filter_map(|note| note.samples_key.as_deref()).collect::<BTreeSet<_>>().len();
        if parts > 1 {
            caveats.push(format!("the dataset was evaluated in {parts} parts, as a job takes 1,000 prompts at most"));
        }
    }
    if notes.iter().any(|note| note.request.as_ref().is_none_or(|request| !request.spec.recorded)) {
        caveats.push("the service tells no tokens of its jobs, so what they cost is unknown".to_owned());
    }
    let is_required = suite.requires_baseline();
    let is_answered = models.iter().any(|model| model.answered > 0);
    caveats.extend(baseline_caveats(regression, is_required, is_answered, (&first.dataset.key, run)));
    caveats
}
