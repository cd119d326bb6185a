//! What the comparisons of each two models amount to.

use super::judge_summary::PairSummary;
use crate::judge::Preference;
use crate::record::{PairTally, Questions};
use assay_score::stats::{mcnemar_exact, wilson};

/// Confidence of all intervals.
const CONFIDENCE: f64 = 0.95;

/// What the comparisons of each two models amount to.
pub(super) fn pair_summaries(tally: &PairTally) -> Vec<PairSummary> {
    tally.pairs().map(|(first, second, questions)| summary(first, second, questions)).collect()
}

fn summary(first: &str, second: &str, questions: &Questions) -> PairSummary {
    let (mut wins, mut losses, mut ties, mut failed, mut consistent) = (0, 0, 0, 0, 0);
    for orders in questions.values() {
        let [Some(straight), Some(swapped)] = orders else {
            failed += 1;
            continue;
        };
        consistent += u64::from(straight == swapped);
        match (straight, swapped) {
            (Preference::First, Preference::First) => wins += 1,
            (Preference::Second, Preference::Second) => losses += 1,
            _ => ties += 1,
        }
    }
    let judged = wins + losses + ties;
    PairSummary {
        first: first.to_owned(),
        second: second.to_owned(),
        wins,
        losses,
        ties,
        failed,
        win_interval: wilson(wins, judged, CONFIDENCE),
        loss_interval: wilson(losses, judged, CONFIDENCE),
        position_consistency: (judged > 0).then(|| consistent as f64 / judged as f64),
        // McNemar's exact test is the sign test on the pairs that differ.
        p_value: (wins + losses > 0).then(|| mcnemar_exact(wins, losses)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::judge::Order;
    use crate::record::{Comparison, Failure, RECORD_FORMAT, comparison_key};
    use assay_model::{FailureClass, Usage};

    fn comparison(sample: usize, order: Order, preference: Option<Preference>) -> Comparison {
        let class = FailureClass::Throttled;
        Comparison {
            format: RECORD_FORMAT,
            sample: sample.to_string(),
            line: 1,
            first: "a".to_owned(),
            second: "b".to_owned(),
            order,
            judge: "j".to_owned(),
            attempt: 0,
            preference,
            explanation: None,
            usage: Some(Usage { input_tokens: 3, output_tokens: 1, ..Usage::default() }),
            latency_ms: None,
            failure: preference.is_none().then(|| Failure { class, message: "x".to_owned() }),
        }
    }

    #[test]
    fn an_answer_wins_when_both_orders_say_so() {
        use Preference::{First, Second, Tie};
        let mut tally = PairTally::default();
        let questions = [(First, First); 9].into_iter().chain([(Second, Second), (First, Second), (Tie, Tie)]);
        for (number, (straight, swapped)) in questions.enumerate() {
            for (order, preference) in [(Order::FirstIsA, straight), (Order::FirstIsB, swapped)] {
                tally.add(&comparison(number, order, Some(preference)));
                tally.add(&comparison(number, order, Some(preference)));
            }
        }
        tally.add(&comparison(99, Order::FirstIsA, Some(First)));
        let failed = comparison(99, Order::FirstIsB, None);
        let again = Comparison { attempt: 1, ..failed.clone() };
        [&failed, &failed, &again, &failed, &again].into_iter().for_each(|found| tally.add(found));
        let found = &pair_summaries(&tally)[0];
        assert_eq!((found.wins, found.losses, found.ties, found.failed), (9, 1, 2, 1));
        assert_eq!(found.position_consistency, Some(11.0 / 12.0));
        // Two-sided: twice the chance of at most 1 of 10 heads, 11/1024.
        assert!((found.p_value.unwrap() - 22.0 / 1024.0).abs() < 1e-12);
        assert_eq!(found.win_interval, wilson(9, 12, 0.95));
        let asked = 2 * 12 + 1 + 2;
        assert_eq!((tally.usage().unwrap().input_tokens, tally.paid()), (3 * asked, asked), "asked again, paid again");
        assert_eq!(tally.attempts(&comparison_key("99", "a", "b", Order::FirstIsB)), 2);
        assert!(!tally.is_settled(&comparison_key("99", "a", "b", Order::FirstIsB)), "it may be answered yet");
    }
}
