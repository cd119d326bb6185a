//! A model around a model: it keeps the pace, and asks again what may be answered another time.

use crate::{Model, ModelError, Pace, Request, Response, Usage};
use async_trait::async_trait;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long and how often to ask again.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// The first wait is between nothing and this; each further one may be twice as long.
    pub first_wait: Duration,
    /// The longest wait between two attempts.
    pub longest_wait: Duration,
    /// How long throttling is borne for one question, from the first time on. Waiting for a turn before that does not
    /// count: whoever is last in a long line has not been throttled yet.
    pub throttled_for: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(20),
            throttled_for: Duration::from_secs(900),
        }
    }
}

/// A model that is asked at a bearable pace.
pub struct Paced {
    model: Arc<dyn Model>,
    pace: Pace,
    patience: Patience,
    stop: CancellationToken,
    /// Requests that wait because of throttling or a failure; for whoever shows progress.
    waiting: Arc<AtomicU64>,
}

impl Paced {
    /// Wraps `model`. After `stop` no new attempt is begun; `waiting` counts requests that wait between attempts.
    pub fn new(
        model: Arc<dyn Model>,
        pace: Pace,
        patience: Patience,
        stop: CancellationToken,
        waiting: Arc<AtomicU64>,
    ) -> Self {
        Self { model, pace, patience, stop, waiting }
    }

    /// How many requests the model gets at a time now.
    pub fn allowed(&self) -> usize {
        self.pace.allowed()
    }

    /// Waits with full jitter before the attempt after this one: between nothing and the bound, so that those who failed
    /// together do not come back together.
    async fn wait(&self, attempt: u32) -> Result<(), ModelError> {
        let doubled = self.patience.first_wait.saturating_mul(1 << attempt.min(16));
        let wait = doubled.min(self.patience.longest_wait).mul_f64(fastrand::f64());
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let waited = tokio::select! {
            () = self.stop.cancelled() => Err(ModelError::Stopped),
            () = tokio::time::sleep(wait) => Ok(()),
        };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        waited
    }
}

#[async_trait]
impl Model for Paced {
    fn id(&self) -> &str {
        self.model.id()
    }

    async fn respond(&self, request: &Request) -> Result<Response, ModelError> {
        let begun = Instant::now();
        let mut attempts = 0;
        let mut failures = 0;
        let mut wasted = Usage::default();
        let mut throttled_since: Option<Instant> = None;
        loop {
            let turn = tokio::select! {
                biased;
                () = self.stop.cancelled() => return Err(ModelError::Stopped),
                turn = self.pace.turn() => turn,
            };
            let started = Instant::now();
            attempts += 1;
            let error = match self.model.respond(request).await {
                Ok(mut response) => {
                    turn.went_well();
                    response.attempts = attempts;
                    // Answers that could not be understood are paid for as well.
                    if let Some(usage) = &mut response.usage {
                        *usage += wasted;
                    }
                    response.waited_ms = (started - begun).as_millis() as u64;
                    return Ok(response);
                }
                Err(error) => error,
            };
            wasted += error.usage().unwrap_or_default();
            match &error {
                ModelError::Throttled { retry_after, .. } => {
                    turn.throttled(*retry_after);
                    if throttled_since.get_or_insert_with(Instant::now).elapsed() > self.patience.throttled_for {
                        return Err(error);
                    }
                }
                ModelError::Unavailable { retries, .. } => {
                    drop(turn);
                    failures += 1;
                    if failures > *retries {
                        return Err(error);
                    }
                }
                ModelError::Malformed { message, .. } => {
                    drop(turn);
                    failures += 1;
                    if failures > 2 {
                        let usage = (wasted != Usage::default()).then_some(wasted);
                        return Err(ModelError::Malformed { message: message.clone(), usage });
                    }
                }
                _ => return Err(error),
            }
            self.wait(attempts).await?;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::Mutex;

    /// Answers by a script, then well.
    struct Scripted(Mutex<Vec<ModelError>>);

    #[async_trait]
    impl Model for Scripted {
        fn id(&self) -> &str {
            "scripted"
        }

        async fn respond(&self, _: &Request) -> Result<Response, ModelError> {
            tokio::time::sleep(Duration::from_millis(5)).await;
            match self.0.lock().unwrap().pop() {
                Some(error) => Err(error),
                None => Ok(Response::default()),
            }
        }
    }

    fn paced(script: Vec<ModelError>, stop: &CancellationToken) -> Paced {
        let model = Arc::new(Scripted(Mutex::new(script)));
        Paced::new(model, Pace::new(4, None), Patience::default(), stop.clone(), Arc::default())
    }

    fn throttled() -> ModelError {
        ModelError::Throttled { message: String::new(), retry_after: None }
    }

    fn unavailable() -> ModelError {
        ModelError::Unavailable { message: String::new(), retries: 4 }
    }

    #[tokio::test(start_paused = true)]
    async fn answers_that_cannot_be_understood_are_paid_for() {
        let usage = Usage { input_tokens: 5, output_tokens: 2, ..Usage::default() };
        let malformed = || ModelError::Malformed { message: "x".to_owned(), usage: Some(usage) };
        let model = Arc::new(Scripted(Mutex::new(vec![malformed(), malformed(), malformed()])));
        let model =
            Paced::new(model, Pace::new(1, None), Patience::default(), CancellationToken::new(), Arc::default());
        let error = model.respond(&Request::default()).await.unwrap_err();
        assert_eq!(error.usage(), Some(Usage { input_tokens: 15, output_tokens: 6, ..Usage::default() }));
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_is_borne_for_long() {
        let model = paced(vec![throttled(); 30], &CancellationToken::new());
        let response = model.respond(&Request::default()).await.unwrap();
        assert_eq!(response.attempts, 31);
        assert!(response.waited_ms > 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_wait_for_the_first_turn_is_no_throttling() {
        let model = paced(vec![throttled(); 3], &CancellationToken::new());
        let mut turns = Vec::new();
        for _ in 0..4 {
            turns.push(model.pace.turn().await);
        }
        let request = Request::default();
        let (answer, ()) = tokio::join!(model.respond(&request), async {
            tokio::time::sleep(model.patience.throttled_for * 2).await;
            turns.clear();
        });
        let response = answer.unwrap();
        assert_eq!(response.attempts, 4);
        assert!(u128::from(response.waited_ms) >= (model.patience.throttled_for * 2).as_millis());
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_is_not_borne_for_ever() {
        let begun = Instant::now();
        let model = paced(vec![throttled(); 10_000], &CancellationToken::new());
        assert_eq!(model.respond(&Request::default()).await.unwrap_err(), throttled());
        let patience = model.patience;
        assert!(begun.elapsed() > patience.throttled_for);
        assert!(begun.elapsed() < patience.throttled_for + 2 * patience.longest_wait);
    }

    #[tokio::test(start_paused = true)]
    async fn failures_are_asked_again_as_often_as_makes_sense() {
        let stop = CancellationToken::new();
        let answer = paced(vec![unavailable(); 4], &stop).respond(&Request::default()).await;
        assert_eq!(answer.unwrap().attempts, 5);
        let answer = paced(vec![unavailable(); 5], &stop).respond(&Request::default()).await;
        assert_eq!(answer.unwrap_err(), unavailable());
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_are_final() {
        for error in [
            ModelError::Denied { message: String::new() },
            ModelError::Missing { message: String::new() },
            ModelError::Rejected { message: String::new() },
        ] {
            let answer = paced(vec![error.clone()], &CancellationToken::new()).respond(&Request::default()).await;
            assert_eq!(answer.unwrap_err(), error);
            assert!(!error.is_retryable());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_begun_after_the_stop() {
        let stop = CancellationToken::new();
        let model = paced(vec![throttled(); 1000], &stop);
        let request = Request::default();
        let (answer, ()) = tokio::join!(model.respond(&request), async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            stop.cancel();
        });
        assert_eq!(answer.unwrap_err(), ModelError::Stopped);
    }
}
