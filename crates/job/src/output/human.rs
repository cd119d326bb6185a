//! Records of jobs in which people rate.
//!
//! Which number a rating is, is left to `ratings`; who the people are is not kept.

mod ratings;

use super::JudgedAnswer;
use super::context::{Context, Unreadable};
use super::evaluations::metric;
use super::input::{InputRecord, ModelResponse, unjudged};
use super::one_or_many::OneOrMany;
use super::text::Text;
use assay_core::record::Evaluation;
use assay_score::JobMeasure;
use ratings::{EvaluationResults, Rated, Rating};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What stands under `humanEvaluationResult`, as an object or in a list. Both readings of the guide are read: the map of
/// answers may stand in here or beside.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HumanResult {
    #[serde(default)]
    human_answers: OneOrMany<HumanAnswer>,
    model_response_id_map: Option<BTreeMap<String, Text>>,
}

/// What one person said. Times and the person's account are not even read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HumanAnswer {
    #[serde(default)]
    answer_content: Option<AnswerContent>,
    /// Read to tell people apart within the record, and dropped.
    #[serde(default)]
    worker_id: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerContent {
    evaluation_results: Option<EvaluationResults>,
}

/// Names of the answers: which model gave the answer that the ratings call `"0"`.
type Names = BTreeMap<String, String>;

/// One answer for each of the record's, each with what every person said of it. The rater of an evaluation is the place
/// of the person among those of the record.
pub(super) fn answers(
    results: Vec<HumanResult>,
    names_beside: Option<BTreeMap<String, Text>>,
    input: Option<InputRecord>,
    responses: Vec<ModelResponse>,
    context: &Context,
) -> Result<Vec<JudgedAnswer>, Unreadable> {
    let names_beside = names(names_beside);
    let answers = unjudged(input, responses);
    let nobody_answered = matches!(&answers[..], [one] if one.model.is_empty() && one.response.is_none());
    let mut rated = RatedAnswers { answers, nobody_answered };
    let mut workers = Workers::default();
    for result in results {
        let inside = names(result.model_response_id_map);
        let names = if inside.is_empty() { &names_beside } else { &inside };
        rated.add_named(names);
        for answer in result.human_answers.0 {
            let rater = workers.place(answer.worker_id.filled());
            let Some(results) = answer.answer_content.and_then(|content| content.evaluation_results) else { continue };
            for rating in results.ratings()? {
                rated.rate(rating, rater, names, context)?;
            }
        }
    }
    Ok(rated.answers)
}

fn names(map: Option<BTreeMap<String, Text>>) -> Names {
    let named = map.unwrap_or_default().into_iter().filter_map(|(id, name)| Some((id, name.filled()?)));
    named.collect()
}

/// The people who rated a record.
#[derive(Default)]
struct Workers(Vec<Option<String>>);

impl Workers {
    /// The place of a person; one without an id is somebody new each time.
    fn place(&mut self, id: Option<String>) -> u32 {
        let known = self.0.iter().position(|known| id.is_some() && *known == id);
        let place = known.unwrap_or_else(|| {
            self.0.push(id);
            self.0.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }
}

/// The answers of a record and what was said of them.
struct RatedAnswers {
    answers: Vec<JudgedAnswer>,
    /// Whether the record tells of no answer, so that what stands there is the question alone.
    nobody_answered: bool,
}

impl RatedAnswers {
    /// Adds the answers that are named and not there, so that their ratings are not lost.
    fn add_named(&mut self, names: &Names) {
        for (id, name) in names {
            if self.place(Some(id), names).is_some() {
                continue;
            }
            match self.answers.as_mut_slice() {
                [question] if self.nobody_answered => question.model.clone_from(name),
                [first, ..] => {
                    let evaluations = Vec::new();
                    let (response, stop_reason) = (None, None);
                    let added =
                        JudgedAnswer { model: name.clone(), response, stop_reason, evaluations, ..first.clone() };
                    self.answers.push(added);
                }
                [] => {}
            }
            self.nobody_answered = false;
        }
    }

    /// The place of the answer that a rating calls `id`: that of the model which the map tells, if just one answer is
    /// its. Else the id is the place itself, unless the answer there is another one by the map. Without an id it is the
    /// only answer.
    fn place(&self, id: Option<&str>, names: &Names) -> Option<usize> {
        if self.nobody_answered {
            return None;
        }
        let Some(id) = id else { return (self.answers.len() == 1).then_some(0) };
        let by_place = id.parse::<usize>().ok().filter(|place| *place < self.answers.len());
        let Some(name) = names.get(id) else { return by_place };
        let is_of = |place: &usize| self.answers[*place].model == *name;
        let mut of_model = (0..self.answers.len()).filter(is_of);
        match (of_model.next(), of_model.next()) {
            (Some(only), None) => Some(only),
            (None, _) => by_place.filter(|place| !names.values().any(|name| *name == self.answers[*place].model)),
            (Some(_), Some(_)) => by_place.filter(is_of),
        }
    }

    fn rate(&mut self, rating: Rating, rater: u32, names: &Names, context: &Context) -> Result<(), Unreadable> {
        let evaluation = Evaluation {
            metric: metric(rating.metric.as_deref(), context, |name| JobMeasure::Human(name.to_owned())),
            rater: Some(rater),
            value: rating.value,
            label: rating.label,
            ..Evaluation::default()
        };
        let find = |id: Option<&str>| self.place(id, names).ok_or(Unreadable::UnknownAnswer);
        let places: Vec<usize> = match rating.rated {
            Rated::Answer(id) => vec![find(id.as_deref())?],
            Rated::Others(id) => {
                let chosen = find(Some(&id))?;
                (0..self.answers.len()).filter(|place| *place != chosen).collect()
            }
            Rated::All => (0..self.answers.len()).collect(),
        };
        for place in places {
            self.answers[place].evaluations.push(evaluation.clone());
        }
        Ok(())
    }
}
