//! The calls that one sample leads to, and how many of them were answered before.
//!
//! What is asked about an answer that is not there yet is reckoned with an answer of the greatest length: its text is
//! left empty in the request, and its characters are counted beside it.

use crate::collect::{ResumeState, acceptable_answers, comparison, embedding, question, verdict, wanted};
use crate::dataset::Sample;
use crate::judge::Order;
use crate::record::{RecordEvidence, answer_key};
use crate::spec::{Execution, ModelSpec};
use assay_model::pricing::{CHARACTERS_PER_TOKEN, longest_answer};
use assay_model::{Inference, Request};

/// Calls to one model that one sample leads to.
#[derive(Debug)]
pub(super) struct PlannedCall {
    /// Who is asked.
    pub model: String,
    /// What.
    pub request: Request,
    /// The most characters of the answers that belong into the request and are not there yet.
    pub unwritten: u64,
    /// How often.
    pub times: u64,
    /// How often it was answered before.
    pub answered: u64,
}

/// An answer that is there, or will be.
struct Answer<'a> {
    text: String,
    /// The most characters it may have, where it is not there yet.
    unwritten: u64,
    /// How many there are of it.
    repeats: u64,
    /// Whether everything about it is known.
    is_final: bool,
    kept: Option<&'a RecordEvidence>,
}

/// The calls that are left of a sample. Of what was answered before, each kind of call is counted by itself.
pub(super) fn planned(execution: &Execution, earlier: &ResumeState, sample: &Sample) -> Vec<PlannedCall> {
    if execution.recorded_only {
        return Vec::new();
    }
    let mut calls = Vec::new();
    let answer = |model: &str, (text, unwritten): (String, u64), repeats: u64| {
        let key = answer_key(&sample.id, model);
        let kept = earlier.unfinished.unfinished(&key).map(|unfinished| &unfinished.kept);
        Answer { text, unwritten, repeats, is_final: earlier.finals.contains(&key), kept }
    };
    let is_recorded = !(sample.recorded.is_empty() || execution.ask_again);
    let answers: Vec<Answer<'_>> = if is_recorded {
        sample.recorded.iter().map(|found| answer(&found.model, (found.response.clone(), 0), 1)).collect()
    } else {
        let models = execution.spec.models.iter();
        models
            .map(|model| {
                let unwritten = (String::new(), longest(&model.inference));
                let answer = answer(&model.id, unwritten, u64::from(execution.spec.repeats));
                calls.push(questions(execution, model, sample, &answer));
                answer
            })
            .collect()
    };
    for answer in &answers {
        calls.extend(verdicts(execution, sample, answer));
        calls.extend(embeddings(execution, sample, answer));
    }
    calls.extend(comparisons(execution, sample, &answers));
    calls
}

/// The question itself, its repeats, and its variants.
fn questions(execution: &Execution, model: &ModelSpec, sample: &Sample, answer: &Answer<'_>) -> PlannedCall {
    let request = question(&execution.spec, model, sample);
    let robustness = execution.spec.robustness.as_ref();
    let more = robustness.map_or(0, |spec| wanted(spec, sample).len() as u64 + u64::from(spec.baseline_samples));
    let kept = |evidence: &RecordEvidence| {
        let variants = evidence.variants.iter().filter(|found| found.response.is_some()).count();
        let noise = evidence.noise.iter().filter(|found| found.response.is_some()).count();
        evidence.responses.len() + variants + noise
    };
    answer.call(model.id.clone(), (request, 0), answer.repeats + more, kept)
}

/// What the judge is asked of an answer.
fn verdicts(execution: &Execution, sample: &Sample, answer: &Answer<'_>) -> Vec<PlannedCall> {
    let Some(judge) = &execution.spec.judge else { return Vec::new() };
    let calls = judge.rubrics.iter().map(|rubric| {
        let request = verdict(&execution.spec, judge, rubric, sample, &answer.text);
        let kept = |evidence: &RecordEvidence| {
            let verdicts = evidence.verdicts.iter();
            verdicts.filter(|found| found.rubric == rubric.name && found.rating.is_some()).count()
        };
        answer.call(judge.model.clone(), (request, answer.unwritten), answer.repeats * u64::from(judge.repeats), kept)
    });
    calls.collect()
}

/// The answer and the references as vectors.
fn embeddings(execution: &Execution, sample: &Sample, answer: &Answer<'_>) -> Vec<PlannedCall> {
    let Some(similarity) = execution.spec.similarity().filter(|_| !sample.references.is_empty()) else {
        return Vec::new();
    };
    let kept = |evidence: &RecordEvidence| evidence.similarity.iter().filter(|found| found.failure.is_none()).count();
    let of_answer =
        answer.call(similarity.model.clone(), (embedding(&answer.text), answer.unwritten), answer.repeats, kept);
    let references = acceptable_answers(sample).map(|text| {
        let kept = |evidence: &RecordEvidence| usize::from(!evidence.similarity.is_empty());
        answer.call(similarity.model.clone(), (embedding(text), 0), 1, kept)
    });
    references.chain([of_answer]).collect()
}

/// Each two answers, in both orders. What was compared before is not looked up.
fn comparisons(execution: &Execution, sample: &Sample, answers: &[Answer<'_>]) -> Vec<PlannedCall> {
    let judge = execution.spec.judge.as_ref();
    let Some((judge, spec)) = judge.and_then(|judge| Some((judge, judge.pairwise.as_ref()?))) else {
        return Vec::new();
    };
    let pairs = answers
        .iter()
        .enumerate()
        .flat_map(|(place, first)| answers.iter().skip(place + 1).map(move |second| (first, second)));
    let calls = pairs.map(|(first, second)| {
        let texts = [first.text.as_str(), second.text.as_str()];
        let request = comparison(&execution.spec, (judge, spec), sample, texts, Order::FirstIsA);
        let unwritten = first.unwritten + second.unwritten;
        PlannedCall { model: judge.model.clone(), request, unwritten, times: 2, answered: 0 }
    });
    calls.collect()
}

impl Answer<'_> {
    /// A call that is made `all` times. With the request come the characters that are not written yet.
    fn call(
        &self,
        model: String,
        (request, unwritten): (Request, u64),
        all: u64,
        kept: impl Fn(&RecordEvidence) -> usize,
    ) -> PlannedCall {
        let answered = if self.is_final { all } else { self.kept.map_or(0, |evidence| kept(evidence) as u64).min(all) };
        PlannedCall { model, request, unwritten, times: all - answered, answered }
    }
}

/// The characters of an answer of the greatest length.
fn longest(inference: &Inference) -> u64 {
    longest_answer(inference) * CHARACTERS_PER_TOKEN as u64
}
