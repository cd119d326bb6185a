//! What the answers of a run cost, from the tokens that models told.

use super::file::SimilaritySummary;
use super::judge_summary::JudgeSummary;
use super::model_summary::ModelSummary;
use super::summarise::Summariser;
use crate::record::{Calls, Record};
use assay_model::Usage;
use assay_model::pricing::{Amount, Prices, TotalCost};

/// Puts what each model's answers cost into its summary, likewise what the judge and the embeddings cost, and answers the
/// total. Answers that came with the dataset cost nothing that is known, so a model that was not asked has no cost and is
/// not in the total. Guardrails are billed by units of text, which nobody tells, so the total names them as unknown.
pub(crate) fn add_costs(
    models: &mut [ModelSummary],
    judge: Option<&mut JudgeSummary>,
    similarity: Option<&mut SimilaritySummary>,
    summariser: &Summariser,
    prices: &Prices,
) -> Option<TotalCost> {
    let mut amounts: Vec<(&str, Option<Amount>)> = Vec::new();
    let total = |model: &str, usage: &Usage| prices.charge(model, usage).map(|charge| charge.total());
    let unmetered = summariser.unmetered();
    // Of who told no tokens for some call, the sum of the others is not what all of them cost.
    match judge.map(|judge| (judge.usage, unmetered.judge, judge)) {
        Some((_, true, judge)) => amounts.push((&judge.model, None)),
        Some((Some(usage), false, judge)) => {
            judge.cost = prices.cost(&judge.model, &usage, summariser.verdicts());
            amounts.push((&judge.model, total(&judge.model, &usage)));
        }
        _ => {}
    }
    match similarity.map(|found| (found.usage, unmetered.similarity, found)) {
        Some((_, true, found)) => amounts.push((&found.model, None)),
        Some((Some(usage), false, found)) => {
            found.cost = prices.cost(&found.model, &usage, 0);
            amounts.push((&found.model, total(&found.model, &usage)));
        }
        _ => {}
    }
    amounts.extend(unmetered.guardrails.iter().map(|source| (source.as_str(), None)));
    for model in models {
        let Some((_, tally)) = summariser.tallies().find(|(name, _)| *name == model.model) else { continue };
        let usage = match (tally.calls.own, tally.calls.unmetered) {
            (None, 0) => continue,
            (Some(usage), 0) => Some(usage),
            // Some answers told no tokens, so the sum of the others is not what all of them cost.
            _ => None,
        };
        let asked = tally.answered - tally.recorded;
        model.cost = usage.and_then(|usage| prices.cost(&model.model, &usage, asked));
        let amount = usage.and_then(|usage| prices.charge(&model.model, &usage));
        amounts.push((&model.model, amount.map(|charge| charge.total())));
    }
    TotalCost::of(amounts)
}

/// What the tokens of a record cost: of the answers, and of what was asked about them. None where that is unknown, or where
/// nobody was asked.
pub fn record_cost(record: &Record, prices: &Prices) -> Option<Amount> {
    let calls: Vec<(&str, Usage)> = record.evidence.usages(&record.model).collect();
    let is_unmetered = Calls::of(record).unmetered > 0
        || record.evidence.similarity.iter().any(|found| found.unmetered)
        || record.evidence.verdicts.iter().any(|found| found.usage.is_none() && found.failure.is_none());
    if calls.is_empty() || is_unmetered {
        return None;
    }
    calls.iter().map(|(model, usage)| Some(prices.charge(model, usage)?.total())).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::dataset::Sample;
    use crate::record::{Piece, Purpose, RubricVerdict, Toxicity, Wasted};
    use crate::spec::parse_spec;
    use assay_model::{ModelError, Response};
    use std::collections::BTreeMap;

    const MODEL: &str = "us.amazon.nova-micro-v1:0";

    fn response(input_tokens: u64, output_tokens: u64) -> Response {
        let usage = Usage { input_tokens, output_tokens, ..Usage::default() };
        Response { text: Some("x".to_owned()), usage: Some(usage), ..Response::default() }
    }

    fn sample(number: u64) -> Sample {
        Sample { id: number.to_string(), ..Sample::default() }
    }

    fn summed(records: &[Record]) -> (Vec<ModelSummary>, Option<TotalCost>) {
        let mut summariser = Summariser::default();
        records.iter().for_each(|record| summariser.add(record));
        let mut models = summariser.summaries(&BTreeMap::new());
        let total = add_costs(&mut models, None, None, &summariser, &Prices::default());
        (models, total)
    }

    #[test]
    fn samples_add_up_to_the_total_to_the_last_digit() {
        let tokens = |number: u64| (number * 7919 % 1009, number * 104_729 % 997);
        let records: Vec<Record> = (1..=2000)
            .map(|number| {
                let (input, output) = tokens(number);
                Record::answered(sample(number), MODEL, vec![response(input, output), response(1, 1)])
            })
            .collect();
        let (models, total) = summed(&records);
        // 0.035 and 0.14 dollars a million: 35 and 140 thousand-millionths of a dollar a thousand; here in 10^-9 dollars.
        let (mut input_tokens, mut output_tokens) = (2000, 2000);
        (1..=2000).for_each(|number| {
            input_tokens += tokens(number).0;
            output_tokens += tokens(number).1;
        });
        let nano_dollars = input_tokens * 35 + output_tokens * 140;
        let text = format!("{}.{:09}", nano_dollars / 1_000_000_000, nano_dollars % 1_000_000_000);
        let of_samples: Amount = records.iter().map(|record| record_cost(record, &Prices::default()).unwrap()).sum();
        assert_eq!(of_samples.to_string(), text.trim_end_matches('0'));
        let total = total.unwrap();
        assert_eq!((total.usd, total.complete), (Some(text.parse().unwrap()), true));
        let cost = models[0].cost.as_ref().unwrap();
        assert_eq!(cost.usd.to_string(), of_samples.to_string());
        assert_eq!(cost.usd_per_answer, Some(cost.usd / 2000.0));
        assert_eq!(cost.input_usd, (input_tokens * 35) as f64 / 1e9);
    }

    #[test]
    fn what_is_not_known_is_told_as_unknown() {
        let stranger = Record::answered(sample(1), "example.model", vec![response(1, 1)]);
        let silent = Record::answered(sample(2), MODEL, vec![response(1, 1), Response::default()]);
        assert_eq!(record_cost(&silent, &Prices::default()), None);
        let (models, total) = summed(&[stranger, silent]);
        assert!(models.iter().all(|model| model.cost.is_none()));
        let unknown = vec!["example.model".to_owned(), MODEL.to_owned()];
        assert_eq!(total, Some(TotalCost { usd: None, complete: false, unknown }));
    }

    #[test]
    fn recorded_answers_have_no_cost() {
        let recorded = Record::recorded(sample(1), MODEL, "x".to_owned());
        assert_eq!(record_cost(&recorded, &Prices::default()), None);
        let (models, total) = summed(&[recorded]);
        assert_eq!((models[0].cost.clone(), total), (None, None));
    }

    #[test]
    fn repeats_before_a_failure_are_paid_once() {
        let stopped = Record::failed(sample(1), MODEL, vec![response(1_000_000, 0)], &ModelError::Stopped);
        let (_, total) = summed(std::slice::from_ref(&stopped));
        assert_eq!(total.unwrap().usd, Some(0.035));
        let whole = Record::answered(sample(1), MODEL, vec![response(1_000_000, 0), response(1_000_000, 0)]);
        assert_eq!(summed(&[stopped, whole]).1.unwrap().usd, Some(0.07));
    }

    fn verdict(tokens: Option<u64>, error: Option<ModelError>) -> RubricVerdict {
        RubricVerdict {
            rubric: "help".to_owned(),
            judge: "us.amazon.nova-lite-v1:0".to_owned(),
            response: 0,
            repeat: 0,
            scale: 5,
            rating: error.is_none().then_some(3),
            explanation: None,
            usage: tokens.map(|input_tokens| Usage { input_tokens, ..Usage::default() }),
            latency_ms: None,
            failure: error.as_ref().map(Into::into),
        }
    }

    fn judged(records: &[Record]) -> (JudgeSummary, Option<TotalCost>) {
        let spec = parse_spec("a", "judge: {model: us.amazon.nova-lite-v1:0, rubrics: [{name: help, text: x}]}\n");
        let mut summariser = Summariser::default();
        records.iter().for_each(|record| summariser.add(record));
        let mut judge = summariser.judge(&spec.unwrap().judge.unwrap());
        let total = add_costs(&mut [], Some(&mut judge), None, &summariser, &Prices::default());
        (judge, total)
    }

    #[test]
    fn verdicts_are_paid_for_whatever_came_of_them_and_of_the_answer() {
        let piece = |number, found| Record::piece(&sample(1), MODEL, number, Piece::Verdict(found));
        let pieces = [piece(0, verdict(Some(100), None)), piece(0, verdict(Some(100), None))];
        let broken = ModelError::malformed("x");
        let mut failed = Record::failed(sample(1), MODEL, Vec::new(), &ModelError::Stopped);
        failed.evidence.verdicts = vec![verdict(Some(100), None), verdict(Some(200), Some(broken))];
        let mut whole = Record::answered(sample(1), MODEL, Vec::new());
        whole.evidence.verdicts = vec![verdict(Some(100), None), verdict(Some(300), None)];
        let usage = Usage { input_tokens: 200, ..Usage::default() };
        let model = "us.amazon.nova-lite-v1:0".to_owned();
        whole.evidence.wasted = vec![Wasted { purpose: Purpose::Verdict, model, usage }];
        let [first, second] = pieces;
        let mut records = Vec::new();
        // The tokens after each record, and how many verdicts they are of: no piece or record counts twice.
        for (record, tokens, verdicts) in
            [(first, 100, 1), (second, 100, 1), (failed.clone(), 300, 2), (failed, 300, 2), (whole.clone(), 600, 3)]
        {
            records.push(record);
            let (judge, total) = judged(&records);
            assert_eq!(judge.usage.unwrap().input_tokens, tokens);
            // 0.06 dollars a million.
            let usd = Some((tokens * 6) as f64 / 1e8);
            assert_eq!(total.unwrap().usd, usd);
            let cost = judge.cost.unwrap();
            assert_eq!(cost.usd_per_answer, Some(cost.usd / f64::from(verdicts)));
        }
        assert_eq!(judged(&[whole]).0.usage.unwrap().input_tokens, 600);
    }

    #[test]
    fn who_tells_no_tokens_is_named_as_unknown() {
        let mut record = Record::answered(sample(1), MODEL, Vec::new());
        record.evidence.verdicts = vec![verdict(Some(100), None), verdict(None, None)];
        record.evidence.toxicity.push(Toxicity {
            response: 0,
            source: "g".to_owned(),
            severities: BTreeMap::new(),
            failure: None,
        });
        let (judge, total) = judged(std::slice::from_ref(&record));
        let unknown = vec![judge.model, "g".to_owned()];
        assert_eq!((judge.cost, total), (None, Some(TotalCost { usd: None, complete: false, unknown })));
        assert_eq!(record_cost(&record, &Prices::default()), None);
    }
}
