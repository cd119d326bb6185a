//! The budget of a run: what its records have spent of it, and the models that keep to the rest.
//!
//! How room is made for a call is told by `pricing`.

use crate::record::{AnswerKey, Comparison, Fold, Folded, Record};
use crate::spec::Execution;
use assay_model::pricing::{ASSUMED_ANSWER, Budget, Budgeted, Prices, Spending, Spent};
use assay_model::{Model, Usage};
use assay_problem::Problem;
use std::collections::HashSet;
use std::sync::Arc;

/// What the records of a run have spent. A record that repeats what an earlier one holds counts once.
#[derive(Debug, Default)]
pub(crate) struct SpentSoFar {
    /// On records with a response.
    spent: Spent,
    /// On records without one.
    unfinished: Fold<Spent>,
    /// The comparisons of pairs, with how often each was requested before.
    compared: HashSet<(AnswerKey, u32)>,
}

impl SpentSoFar {
    /// Takes a record.
    pub(crate) fn add(&mut self, record: &Record, prices: &Prices) {
        let mut spent = Spent::default();
        for (model, usage) in record.evidence.usages(&record.model) {
            spent += spent_on(model, usage, prices);
        }
        match self.unfinished.take(record) {
            Folded::Repeated => {}
            Folded::Piece(kept) => *kept += spent,
            Folded::Failure(kept, _) => *kept = spent,
            Folded::Response(_) => self.spent += spent,
        }
    }

    /// Takes answers that were compared in a pair. A part may be there twice: each comparison counts once.
    pub(crate) fn add_comparison(&mut self, compared: &Comparison, prices: &Prices) {
        if let Some(usage) = compared.usage
            && self.compared.insert((compared.key(), compared.attempt))
        {
            self.spent += spent_on(&compared.judge, usage, prices);
        }
    }

    /// All of it.
    pub(crate) fn total(&self) -> Spent {
        let mut all = self.spent;
        self.unfinished.all_unfinished().for_each(|spent| all += *spent);
        all
    }
}

fn spent_on(model: &str, usage: Usage, prices: &Prices) -> Spent {
    let rate = prices.rate(model);
    let spent = Spent::of(&usage, rate.as_ref()).or_else(|| {
        // Cached tokens without a price of their own count as others do, rather than not at all.
        let input_tokens = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_write_input_tokens;
        Spent::of(&Usage { input_tokens, output_tokens: usage.output_tokens, ..Usage::default() }, rate.as_ref())
    });
    spent.unwrap_or_default()
}

/// `model`, kept to what is left of the budget where there is one.
pub(super) fn within(model: Arc<dyn Model>, spending: Option<&Arc<Spending>>, prices: &Prices) -> Arc<dyn Model> {
    let Some(spending) = spending else { return model };
    let rate = prices.rate(model.id());
    Arc::new(Budgeted::new(model, rate, Arc::clone(spending)))
}

/// The models that cannot be kept to a budget in dollars, as nobody knows what they cost.
pub(crate) fn unpriced(execution: &Execution) -> Vec<Problem> {
    if execution.recorded_only || execution.spec.budget.is_none_or(|budget| budget.usd.is_none()) {
        return Vec::new();
    }
    let mut asked: Vec<String> = execution.spec.metered_models().collect();
    asked.retain(|model| execution.prices.rate(model).is_none());
    asked.dedup();
    let problems = asked.into_iter().map(|model| {
        let message = format!("the price of `{model}` is unknown, so a budget in USD cannot be kept");
        Problem::error(&execution.dataset.place, message)
            .in_field("budget.usd")
            .remedy("give its price under `prices`, or bound `budget.tokens` instead")
    });
    problems.collect()
}

/// The models whose longest answer is not known, so that the budget reckons with an assumption.
pub(crate) fn unbounded(execution: &Execution) -> Vec<Problem> {
    if execution.recorded_only || execution.spec.budget.is_none() {
        return Vec::new();
    }
    let models = execution.spec.models.iter().map(|model| (&model.id, &model.inference));
    let asked = models.chain(execution.spec.judge.iter().map(|judge| (&judge.model, &judge.inference)));
    let problems = asked.filter(|(_, inference)| inference.max_tokens.is_none()).map(|(model, _)| {
        let message = format!("`{model}` has no maxTokens: the budget reckons with answers of {ASSUMED_ANSWER}");
        Problem::warning(&execution.dataset.place, message)
            .in_field("budget")
            .remedy("set `inference: {maxTokens: ...}`, so that no answer can be longer")
    });
    problems.collect()
}

/// What is told of a budget that is used up.
pub(crate) fn used_up(budget: Budget, answered: u64, total: u64) -> String {
    format!("the budget of {budget} is used up after {answered} of {total} answers")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Sample;
    use assay_model::{ModelError, Response};

    fn responses(count: usize) -> Vec<Response> {
        let usage = Usage { input_tokens: 7, output_tokens: 3, ..Usage::default() };
        vec![Response { usage: Some(usage), ..Response::default() }; count]
    }

    #[test]
    fn what_is_in_several_records_counts_once() {
        let sample = || Sample { id: "a".to_owned(), ..Sample::default() };
        let cut_off = Record::failed(sample(), "us.amazon.nova-lite-v1:0", responses(2), &ModelError::Stopped);
        let whole = Record::answered(sample(), "us.amazon.nova-lite-v1:0", responses(3));
        let other = Record { model: "unknown".to_owned(), ..cut_off.clone() };
        let mut spent = SpentSoFar::default();
        for (record, tokens) in
            [(&cut_off, 20), (&cut_off, 20), (&whole, 30), (&whole, 30), (&cut_off, 30), (&other, 50)]
        {
            spent.add(record, &Prices::default());
            assert_eq!(spent.total().tokens, tokens);
        }
        // 3 x (7 x 6 + 3 x 24) hundred-millionths; what the other cost is not known.
        assert_eq!(spent.total().amount.to_string(), "0.00000342");
    }
}
