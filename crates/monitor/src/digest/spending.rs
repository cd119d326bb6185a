//! What evaluating took in a week: tokens and US dollars by model, from the histories of all suites.

use super::week::Week;
use assay_core::publish::history::HistoryLine;
use assay_model::Usage;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the runs of a week took of one model in one part: answering, judging, or making embeddings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// Tokens read, those of caches among them.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// US dollars, over the runs whose cost is known.
    pub usd: f64,
    /// Runs that took tokens and whose cost is known.
    pub priced: u64,
    /// Runs that took tokens and whose cost is not known.
    pub unpriced: u64,
}

/// A model in a week and in the one before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spending {
    /// The week before.
    pub before: Spent,
    /// This week.
    pub now: Spent,
}

/// Each model that was asked in either week, by name; that of a judge ends in ` (judge)`, that of an embeddings model in
/// ` (embeddings)`. Of lines of earlier versions, what helpers took is not known and not counted.
pub type SpendingByModel = BTreeMap<String, Spending>;

/// Adds the runs of one suite.
pub fn add_suite(spending: &mut SpendingByModel, history: &[HistoryLine], week: Week) {
    for line in history {
        let is_now = week.has(line.finished_at);
        if !is_now && !week.previous().has(line.finished_at) {
            continue;
        }
        let answered = line.models.iter().map(|model| (model.model.clone(), model.usage, model.cost_usd));
        let helped =
            [(&line.judge, "judge"), (&line.similarity, "embeddings")].into_iter().filter_map(|(help, part)| {
                let help = help.as_ref()?;
                Some((format!("{} ({part})", help.model), Some(help.usage), help.cost_usd))
            });
        for (name, usage, usd) in answered.chain(helped) {
            let Some(usage) = usage else { continue };
            let entry = spending.entry(name).or_default();
            add(if is_now { &mut entry.now } else { &mut entry.before }, &usage, usd);
        }
    }
}

fn add(spent: &mut Spent, usage: &Usage, usd: Option<f64>) {
    spent.input_tokens += usage.input_tokens + usage.cache_read_input_tokens + usage.cache_write_input_tokens;
    spent.output_tokens += usage.output_tokens;
    match usd {
        Some(usd) => {
            spent.usd += usd;
            spent.priced += 1;
        }
        None => spent.unpriced += 1,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn tokens_and_dollars_are_added_by_model_and_week() {
        let line = |finished_at: &str, usd: Option<f64>| -> HistoryLine {
            let mut model = json!({"model": "m", "samples": 1, "failed": 0,
                "usage": {"input_tokens": 100, "output_tokens": 7}});
            if let Some(usd) = usd {
                model["cost_usd"] = usd.into();
            }
            let silent = json!({"model": "recorded", "samples": 1, "failed": 0});
            let line = json!({"format": 1, "run": finished_at, "finished_at": finished_at, "status": "completed",
                "samples": 1, "models": [model, silent]});
            serde_json::from_value(line).unwrap()
        };
        let history = [
            line("2026-11-02T08:00:00Z", Some(64.0)),
            line("2026-11-10T08:00:00Z", Some(0.5)),
            line("2026-11-17T08:00:00Z", Some(0.25)),
            line("2026-11-18T08:00:00Z", None),
        ];
        let mut spending = SpendingByModel::new();
        add_suite(&mut spending, &history, Week::before("2026-11-23T08:00:00Z".parse().unwrap()));
        assert_eq!(spending.len(), 1, "a model without tokens took nothing");
        assert_eq!(
            spending["m"].before,
            Spent { input_tokens: 100, output_tokens: 7, usd: 0.5, priced: 1, unpriced: 0 }
        );
        assert_eq!(
            spending["m"].now,
            Spent { input_tokens: 200, output_tokens: 14, usd: 0.25, priced: 1, unpriced: 1 }
        );
    }

    #[test]
    fn judges_and_embeddings_count_under_names_of_their_own_and_caches_among_what_is_read() {
        let usage = |input: u64| json!({"input_tokens": input, "output_tokens": 7, "cache_read_input_tokens": 20, "cache_write_input_tokens": 3});
        let line = json!({"format": 1, "run": "r", "finished_at": "2026-11-17T08:00:00Z", "status": "completed", "samples": 1,
            "models": [{"model": "m", "samples": 1, "failed": 0, "usage": usage(100), "cost_usd": 0.5}],
            "judge": {"model": "m", "usage": usage(1000), "cost_usd": 0.25},
            "similarity": {"model": "titan", "usage": {"input_tokens": 9, "output_tokens": 0}}});
        let history: Vec<HistoryLine> = vec![serde_json::from_value(line).unwrap()];
        let mut spending = SpendingByModel::new();
        add_suite(&mut spending, &history, Week::before("2026-11-23T08:00:00Z".parse().unwrap()));
        let told: Vec<_> = spending.iter().map(|(name, spent)| (name.as_str(), spent.now)).collect();
        let spent = |input_tokens, output_tokens, usd, priced| Spent {
            input_tokens,
            output_tokens,
            usd,
            priced,
            unpriced: 1 - priced,
        };
        // 100 + 20 + 3, and 1000 + 20 + 3.
        let expected = [
            ("m", spent(123, 7, 0.5, 1)),
            ("m (judge)", spent(1023, 7, 0.25, 1)),
            ("titan (embeddings)", spent(9, 0, 0.0, 0)),
        ];
        assert_eq!(told, expected);
    }
}
