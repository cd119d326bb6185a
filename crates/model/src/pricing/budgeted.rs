//! A model around a model: it asks only what the budget has room for.

use super::{Rate, Spending, Spent, longest_answer, most_input_tokens};
use crate::{Model, ModelError, Request, Response, Usage};
use async_trait::async_trait;
use std::sync::Arc;

/// A model that keeps to a budget, which others may share.
pub struct Budgeted {
    model: Arc<dyn Model>,
    /// None where the budget counts tokens alone.
    rate: Option<Rate>,
    spending: Arc<Spending>,
}

impl Budgeted {
    /// Wraps `model`. Without a `rate`, tokens are counted and money is not.
    pub fn new(model: Arc<dyn Model>, rate: Option<Rate>, spending: Arc<Spending>) -> Self {
        Self { model, rate, spending }
    }

    /// The most that a request may take.
    fn most(&self, request: &Request) -> Spent {
        let usage = Usage {
            input_tokens: most_input_tokens(request),
            output_tokens: longest_answer(&request.inference),
            ..Usage::default()
        };
        Spent::of(&usage, self.rate.as_ref()).unwrap_or_default()
    }
}

impl Spent {
    /// What `usage` takes; none when it has tokens of a kind that has no price.
    pub fn of(usage: &Usage, rate: Option<&Rate>) -> Option<Self> {
        let amount = match rate {
            Some(rate) => rate.charge(usage)?.total(),
            None => super::Amount::ZERO,
        };
        let tokens = [usage.output_tokens, usage.cache_read_input_tokens, usage.cache_write_input_tokens];
        let tokens = tokens.into_iter().fold(usage.input_tokens, u64::saturating_add);
        Some(Self { amount, tokens })
    }
}

#[async_trait]
impl Model for Budgeted {
    fn id(&self) -> &str {
        self.model.id()
    }

    async fn respond(&self, request: &Request) -> Result<Response, ModelError> {
        let Some(reservation) = self.spending.reserve(self.most(request)).await else {
            return Err(ModelError::Stopped);
        };
        let answer = self.model.respond(request).await;
        // What is not settled counts at its most: a model that tells no usage, an answer that broke off on its way.
        match &answer {
            Ok(response) => {
                if let Some(taken) = response.usage.and_then(|usage| Spent::of(&usage, self.rate.as_ref())) {
                    reservation.settle(taken);
                }
            }
            Err(ModelError::Malformed { usage: Some(usage), .. }) => {
                if let Some(taken) = Spent::of(usage, self.rate.as_ref()) {
                    reservation.settle(taken);
                }
            }
            Err(error) if is_free(error) => reservation.settle(Spent::default()),
            Err(_) => {}
        }
        answer
    }
}

/// Whether the service has refused before it did anything.
fn is_free(error: &ModelError) -> bool {
    matches!(
        error,
        ModelError::Throttled { .. }
            | ModelError::Denied { .. }
            | ModelError::Missing { .. }
            | ModelError::Rejected { .. }
            | ModelError::Stopped
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Inference;
    use crate::pricing::{Budget, Prices};
    use std::sync::Mutex;
    use std::time::Duration;
    use tokio_util::sync::CancellationToken;

    const MODEL: &str = "us.amazon.nova-lite-v1:0";

    /// Answers with a different length each time, always within `maxTokens`, and fails now and then.
    #[derive(Default)]
    struct Talker(Mutex<Vec<Usage>>);

    #[async_trait]
    impl Model for Talker {
        fn id(&self) -> &str {
            MODEL
        }

        async fn respond(&self, _: &Request) -> Result<Response, ModelError> {
            tokio::time::sleep(Duration::from_millis(fastrand::u64(1..50))).await;
            if fastrand::u8(..) < 40 {
                return Err(ModelError::Throttled { message: String::new(), retry_after: None });
            }
            let usage = Usage { input_tokens: 5, output_tokens: fastrand::u64(1..=100), ..Usage::default() };
            self.0.lock().unwrap().push(usage);
            Ok(Response { usage: Some(usage), ..Response::default() })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn many_at_once_never_overspend() {
        for budget in [
            Budget { usd: None, tokens: Some(5_000) },
            Budget { usd: Some("0.0005".parse().unwrap()), tokens: None },
            Budget { usd: Some("0.0005".parse().unwrap()), tokens: Some(1_000) },
        ] {
            let talker = Arc::new(Talker::default());
            let spending = Arc::new(Spending::new(budget, Spent::default(), CancellationToken::new()));
            let rate = Prices::default().rate(MODEL);
            let model = Budgeted::new(Arc::clone(&talker) as Arc<dyn Model>, rate, Arc::clone(&spending));
            let inference = Inference { max_tokens: Some(100), ..Inference::default() };
            let request = Request { prompt: "twenty characters...".to_owned(), inference, ..Request::default() };
            let answers = (0..2_000).map(|_| model.respond(&request));
            let answers = futures::future::join_all(answers).await;
            assert!(spending.is_used_up());
            assert_eq!(answers.last().unwrap().as_ref().unwrap_err(), &ModelError::Stopped);

            let told = talker.0.lock().unwrap().clone();
            // In 10^-8 dollars: 6 for a token read, 24 for a token written.
            let cost: u64 = told.iter().map(|usage| usage.input_tokens * 6 + usage.output_tokens * 24).sum();
            let tokens: u64 = told.iter().map(|usage| usage.input_tokens + usage.output_tokens).sum();
            assert!(!told.is_empty() && budget.usd.is_none_or(|_| cost <= 50_000), "{cost}");
            assert!(budget.tokens.is_none_or(|most| tokens <= most), "{tokens}");
            // The most that a call may take is 42 and 100 tokens: no more than that is left.
            let left = budget.tokens.is_some_and(|most| most - tokens < 142);
            assert!(left || budget.usd.is_some_and(|_| 50_000 - cost < 42 * 6 + 100 * 24), "{cost}, {tokens}");
        }
    }

    #[tokio::test]
    async fn an_answer_that_was_lost_counts_in_full() {
        struct Broken;
        #[async_trait]
        impl Model for Broken {
            fn id(&self) -> &str {
                "broken"
            }
            async fn respond(&self, _: &Request) -> Result<Response, ModelError> {
                Err(ModelError::Unavailable { message: String::new(), retries: 1 })
            }
        }
        let budget = Budget { usd: None, tokens: Some(200) };
        let spending = Arc::new(Spending::new(budget, Spent::default(), CancellationToken::new()));
        let model = Budgeted::new(Arc::new(Broken), None, Arc::clone(&spending));
        let inference = Inference { max_tokens: Some(100), ..Inference::default() };
        let request = Request { prompt: "x".to_owned(), inference, ..Request::default() };
        assert!(matches!(model.respond(&request).await, Err(ModelError::Unavailable { .. })));
        assert_eq!(model.respond(&request).await.unwrap_err(), ModelError::Stopped, "133 of 200 are gone");
    }
}
