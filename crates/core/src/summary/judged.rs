//! What the verdicts of a run say of the judge itself: how far it agrees with itself and with people, and what it used.

use super::judge_summary::{AgreementSummary, JudgeSummary, RubricSummary};
use crate::record::Record;
use crate::spec::JudgeSpec;
use assay_score::stats::{Level, Weights, cohen_kappa, krippendorff_alpha};
use std::collections::BTreeMap;

/// So many answers that were rated twice, by judge and person or by the judge again, tell something of how far the
/// ratings agree. A handful agrees by chance.
const FEWEST_ANSWERS: u64 = 10;

/// The key of a sample's metadata under which people's ratings stand.
const HUMAN: &str = "human";

/// Gathers verdicts.
#[derive(Debug, Default)]
pub(super) struct JudgeTally {
    rubrics: BTreeMap<String, RubricTally>,
}

#[derive(Debug, Default)]
struct RubricTally {
    verdicts: u64,
    failed: u64,
    /// The ratings of each answer that was rated more than once, in the order of repeats.
    repeated: Vec<Vec<Option<u32>>>,
    /// The ratings of a person and of the judge for the same answer.
    with_people: Vec<(u32, u32)>,
    /// Ratings of people that are none on the scale.
    unusable: u64,
}

impl JudgeTally {
    /// Takes a record with an answer.
    pub(super) fn add(&mut self, record: &Record) {
        let mut answers: BTreeMap<(&str, u32), Vec<Option<u32>>> = BTreeMap::new();
        for verdict in &record.evidence.verdicts {
            answers.entry((&verdict.rubric, verdict.response)).or_default().push(verdict.rating);
        }
        for ((rubric, _), ratings) in answers {
            let scale =
                record.evidence.verdicts.iter().find(|verdict| verdict.rubric == rubric).map(|verdict| verdict.scale);
            let tally = self.rubrics.entry(rubric.to_owned()).or_default();
            let rated: Vec<u32> = ratings.iter().copied().flatten().collect();
            tally.verdicts += rated.len() as u64;
            tally.failed += (ratings.len() - rated.len()) as u64;
            match person(record, rubric, scale.unwrap_or(0)) {
                Some(Some(person)) => tally.with_people.extend(middle(&rated).map(|judge| (person, judge))),
                Some(None) => tally.unusable += 1,
                None => {}
            }
            if rated.len() > 1 {
                tally.repeated.push(ratings);
            }
        }
    }

    /// What is to be said of the judge, its tokens apart; of a rubric without any verdict too.
    pub(super) fn summary(&self, spec: &JudgeSpec) -> JudgeSummary {
        let nothing = RubricTally::default();
        let rubrics = spec.rubrics.iter().map(|rubric| {
            let tally = self.rubrics.get(&rubric.name).unwrap_or(&nothing);
            (rubric.name.clone(), tally.summary(rubric.scale, spec.minimum_agreement))
        });
        JudgeSummary {
            model: spec.model.clone(),
            rubrics: rubrics.collect(),
            usage: None,
            cost: None,
            pairs: Vec::new(),
        }
    }
}

impl RubricTally {
    fn summary(&self, scale: u32, minimum: f64) -> RubricSummary {
        let repeats = self.repeated.iter().map(Vec::len).max().unwrap_or(0);
        let of_repeat = |repeat: usize| -> Vec<Option<f64>> {
            let ratings = self.repeated.iter().map(|ratings| ratings.get(repeat).copied().flatten());
            ratings.map(|rating| rating.map(f64::from)).collect()
        };
        let raters: Vec<Vec<Option<f64>>> = (0..repeats).map(of_repeat).collect();
        let alpha = krippendorff_alpha(&raters, Level::Ordinal);
        let repeat_agreement = alpha.map(|value| AgreementSummary { value, n: self.repeated.len() as u64 });
        let label = |rating: u32| rating.saturating_sub(1) as usize;
        let (people, judge): (Vec<usize>, Vec<usize>) =
            self.with_people.iter().map(|(person, judge)| (label(*person), label(*judge))).unzip();
        let kappa = cohen_kappa(&people, &judge, scale as usize, Weights::Quadratic);
        let human_agreement = kappa.map(|value| AgreementSummary { value, n: people.len() as u64 });
        let known = repeat_agreement.iter().chain(&human_agreement).filter(|found| found.n >= FEWEST_ANSWERS);
        let known: Vec<f64> = known.map(|agreement| agreement.value).collect();
        RubricSummary {
            n: self.verdicts,
            failed: self.failed,
            unusable: self.unusable,
            repeat_agreement,
            human_agreement,
            trusted: !known.is_empty() && known.iter().all(|value| *value >= minimum),
        }
    }
}

/// A person's rating of the answer: `{"human": {"<rubric>": 4}}`, or by model where a line has several answers. It
/// counts for recorded answers alone, as those are what a person has seen. `Some(None)` for one that is no whole number
/// from 1 to `scale`.
fn person(record: &Record, rubric: &str, scale: u32) -> Option<Option<u32>> {
    let human = record.sample.metadata.get(HUMAN).filter(|_| record.recorded)?;
    let rating = human.get(&record.model).filter(|found| found.is_object()).unwrap_or(human).get(rubric)?;
    let rating = rating.as_u64().or_else(|| rating.as_f64().filter(|number| number.fract() == 0.0).map(|n| n as u64));
    Some(rating.and_then(|rating| u32::try_from(rating).ok()).filter(|rating| (1..=scale).contains(rating)))
}

/// The mean of the ratings as a rating, halves rounded up.
fn middle(ratings: &[u32]) -> Option<u32> {
    let count = u32::try_from(ratings.len()).ok().filter(|count| *count > 0)?;
    Some((2 * ratings.iter().sum::<u32>() + count) / (2 * count))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::dataset::Sample;
    use crate::record::RubricVerdict;
    use crate::spec::parse_spec;
    use assay_model::Usage;
    use serde_json::{Value, json};

    fn record(number: usize, ratings: &[Option<u32>], human: Value) -> Record {
        let mut sample = Sample { id: number.to_string(), ..Sample::default() };
        sample.metadata.insert(HUMAN.to_owned(), human);
        let mut record = Record::recorded(sample, "m", "answer".to_owned());
        record.evidence.verdicts = (0..)
            .zip(ratings)
            .map(|(repeat, rating)| RubricVerdict {
                rubric: "help".to_owned(),
                judge: "j".to_owned(),
                response: 0,
                repeat,
                scale: 5,
                rating: *rating,
                explanation: None,
                usage: Some(Usage { input_tokens: 10, output_tokens: 2, ..Usage::default() }),
                latency_ms: None,
                failure: None,
            })
            .collect();
        record
    }

    fn summary(records: &[Record]) -> RubricSummary {
        let spec = parse_spec("a", "judge: {model: j, rubrics: [{name: help, text: x}]}\n").unwrap().judge.unwrap();
        let mut tally = JudgeTally::default();
        records.iter().for_each(|record| tally.add(record));
        tally.summary(&spec).rubrics["help"].clone()
    }

    #[test]
    fn a_judge_that_nobody_checked_is_not_trusted() {
        let records: Vec<Record> = (0..20).map(|number| record(number, &[Some(5)], json!({}))).collect();
        let found = summary(&records);
        assert_eq!((found.n, found.trusted, found.repeat_agreement, found.human_agreement), (20, false, None, None));
        assert!(!summary(&[]).trusted);
    }

    #[test]
    fn agreement_with_itself_is_over_the_repeats() {
        let same = |number: usize| Some(1 + number as u32 % 5);
        let records: Vec<Record> = (0..20).map(|n| record(n, &[same(n), same(n), None], json!({}))).collect();
        let found = summary(&records);
        let agreement = found.repeat_agreement.unwrap();
        assert_eq!((agreement.value, agreement.n, found.failed, found.trusted), (1.0, 20, 20, true));
        let few = summary(&records[..9]);
        assert_eq!((few.repeat_agreement.unwrap().n, few.trusted), (9, false), "nine answers are too few");
        // Raters that never agree have an alpha below what chance gives.
        let records: Vec<Record> = (0..20).map(|n| record(n, &[Some(1), Some(5)], json!({}))).collect();
        let found = summary(&records);
        assert!(found.repeat_agreement.unwrap().value < 0.0 && !found.trusted);
    }

    #[test]
    fn agreement_with_people_is_over_recorded_answers() {
        let of = |human: fn(u32) -> u32| -> Vec<Record> {
            let rating = |number: usize| 1 + number as u32 % 5;
            (0..20).map(|n| record(n, &[Some(rating(n))], json!({"help": human(rating(n))}))).collect()
        };
        let found = summary(&of(|rating| rating));
        let agreement = found.human_agreement.unwrap();
        assert_eq!((agreement.value, agreement.n, found.trusted), (1.0, 20, true));
        let opposite = summary(&of(|rating| 6 - rating));
        assert_eq!((opposite.human_agreement.unwrap().value, opposite.trusted), (-1.0, false));
        let few = summary(&of(|rating| rating)[..9]);
        assert_eq!((few.human_agreement.unwrap().n, few.trusted), (9, false), "nine answers are too few");
        let mut live = of(|rating| rating);
        live.iter_mut().for_each(|record| record.recorded = false);
        assert_eq!(summary(&live).human_agreement, None, "nobody has seen these answers");
    }

    #[test]
    fn people_may_rate_several_answers_of_a_line() {
        let by_model = json!({"m": {"help": 4.0}, "other": {"help": 1}});
        assert_eq!(person(&record(0, &[], by_model), "help", 5), Some(Some(4)));
        for human in [json!({"help": 0}), json!({"help": 6}), json!({"help": "4"}), json!({"help": 3.5})] {
            assert_eq!(person(&record(0, &[], human), "help", 5), Some(None), "it is told, not passed over");
        }
        for human in [json!({}), json!(3)] {
            assert_eq!(person(&record(0, &[], human), "help", 5), None);
        }
        assert_eq!((middle(&[4, 5]), middle(&[1, 1, 2]), middle(&[])), (Some(5), Some(1), None));
    }
}
