//! What evaluating took in a week: tokens and US dollars by model, from the histories of all suites.

use super::week::Week;
use assay_core::history::HistoryLine;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the runs of a week took of one model. A judge is not among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// Tokens read.
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

/// Each model that was asked in either week.
pub type SpendingByModel = BTreeMap<String, Spending>;

/// Adds the runs of one suite.
pub fn add_suite(spending: &mut SpendingByModel, history: &[HistoryLine], week: Week) {
    for line in history {
        let is_now = week.has(line.finished_at);
        if !is_now && !week.previous().has(line.finished_at) {
            continue;
        }
        for model in &line.models {
            let Some(usage) = model.usage else { continue };
            let entry = spending.entry(model.model.clone()).or_default();
            let spent = if is_now { &mut entry.now } else { &mut entry.before };
            spent.input_tokens += usage.input_tokens;
            spent.output_tokens += usage.output_tokens;
            match model.cost_usd {
                Some(usd) => {
                    spent.usd += usd;
                    spent.priced += 1;
                }
                None => spent.unpriced += 1,
            }
        }
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
}
