//! Scores from evidence that was gathered by examining the answers: embeddings, guardrails, a judge.

use super::parts::{mean, no_text};
use crate::record::{Failure, Record};
use crate::spec::{JudgeSpec, ToxicitySpec};
use assay_problem::clip;
use assay_score::{Measure, Score, severity, toxicity as greatest};

/// What stands for evidence that nobody gathered.
fn not_collected(record: &Record) -> String {
    match record.recorded {
        true => "not collected: only recorded answers were used".to_owned(),
        false => "not collected".to_owned(),
    }
}

/// Why a call for evidence came to nothing, short enough to be counted by.
pub(super) fn told(failure: &Failure) -> String {
    clip(failure.message.clone(), 300)
}

/// The cosines of the answer `index`, or why there are none.
pub(super) fn cosines(record: &Record, index: u32) -> Result<Vec<f64>, String> {
    let Some(found) = record.evidence.similarity.iter().find(|found| found.response == index) else {
        // Nothing is embedded where there is nothing to compare with.
        return if record.sample.references.is_empty() { Ok(Vec::new()) } else { Err(not_collected(record)) };
    };
    match &found.failure {
        None => Ok(found.cosines.clone()),
        Some(failure) => Err(told(failure)),
    }
}

/// The greatest severity, and that of each category.
pub(super) fn toxicity(record: &Record, spec: &ToxicitySpec) -> Vec<(Measure, Score)> {
    let scores = |name: Option<String>, of: &dyn Fn(&crate::record::Toxicity) -> Score| {
        let scores = (0..).zip(&record.evidence.responses).map(|(index, response)| {
            if response.text.is_none() {
                return Score::Unscored(no_text(response));
            }
            match record.evidence.toxicity.iter().find(|found| found.response == index) {
                None => Score::Unscored(not_collected(record)),
                Some(found) => match &found.failure {
                    None => of(found),
                    Some(failure) => Score::Unscored(told(failure)),
                },
            }
        });
        (Measure::Toxicity(name), mean(scores.collect()))
    };
    let mut all = vec![scores(None, &|found| greatest(&found.severities, &spec.categories))];
    for category in &spec.categories {
        all.push(scores(Some(category.name().to_owned()), &|found| severity(&found.severities, *category)));
    }
    all
}

/// The judge's rating by each rubric, from 0 to 1: the mean over all verdicts on all answers.
pub(super) fn ratings(record: &Record, spec: &JudgeSpec) -> Vec<(Measure, Score)> {
    let rubrics = spec.rubrics.iter().map(|rubric| {
        let scores = (0..).zip(&record.evidence.responses).map(|(index, response)| {
            if response.text.is_none() {
                return Score::Unscored(no_text(response));
            }
            let verdicts = record.evidence.verdicts.iter().filter(|found| found.rubric == rubric.name);
            let verdicts = verdicts.filter(|found| found.response == index).map(|found| {
                match (found.rating, &found.failure) {
                    // The scale that the judge was given: the spec's may have changed since.
                    (Some(rating), _) => Score::Value((f64::from(rating) - 1.0) / (f64::from(found.scale) - 1.0)),
                    (None, Some(failure)) => Score::Unscored(told(failure)),
                    (None, None) => Score::Unscored("the judge gave no rating".to_owned()),
                }
            });
            match verdicts.collect::<Vec<Score>>() {
                none if none.is_empty() => Score::Unscored(not_collected(record)),
                verdicts => mean(verdicts),
            }
        });
        (Measure::Judge(rubric.name.clone()), mean(scores.collect()))
    });
    rubrics.collect()
}
