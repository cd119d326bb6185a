//! How many requests a model gets at a time: more while it is well, half as many when it throttles.
//!
//! Additive increase and multiplicative decrease (Chiu and Jain, 1989), after a start that doubles with every round
//! until the first throttling; both are how TCP finds the capacity of a path that nobody tells it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Turns at a model. Shared by all who ask it.
#[derive(Debug)]
pub struct Pace {
    state: Mutex<State>,
    changed: Notify,
    /// The most requests at a time.
    most: f64,
    /// The least time between two requests, from the spec's `requests_per_minute`.
    spacing: Duration,
}

#[derive(Debug)]
struct State {
    /// How many requests are allowed at a time; never below 1.
    allowed: f64,
    /// How many are under way.
    under_way: usize,
    /// Whether nothing was throttled so far.
    starting: bool,
    /// When the allowance was cut last.
    last_cut: Instant,
    /// Nobody gets a turn before this moment.
    not_before: Instant,
}

/// A turn: the right to have one request under way. Given back when dropped.
#[derive(Debug)]
pub struct Turn<'a> {
    pace: &'a Pace,
    started: Instant,
}

/// How many requests a model gets at once before anything is known of it.
const AT_FIRST: f64 = 8.0;

impl Pace {
    /// At most `most` requests at a time (at least 1) and, where given, at most so many a minute.
    pub fn new(most: usize, requests_per_minute: Option<f64>) -> Self {
        let most = most.max(1) as f64;
        let now = Instant::now();
        Self {
            state: Mutex::new(State {
                allowed: AT_FIRST.min(most),
                under_way: 0,
                starting: true,
                last_cut: now,
                not_before: now,
            }),
            changed: Notify::new(),
            most,
            spacing: requests_per_minute
                .filter(|rate| *rate > 0.0)
                .map_or(Duration::ZERO, |rate| Duration::from_secs_f64(60.0 / rate)),
        }
    }

    /// Waits for a turn. Dropping the future gives up the place.
    pub async fn turn(&self) -> Turn<'_> {
        loop {
            let changed = self.changed.notified();
            let wait = {
                let mut state = self.state();
                let now = Instant::now();
                if state.under_way as f64 >= state.allowed.floor() {
                    None
                } else if state.not_before > now {
                    Some(state.not_before)
                } else {
                    state.under_way += 1;
                    state.not_before = now + self.spacing;
                    return Turn { pace: self, started: now };
                }
            };
            match wait {
                None => changed.await,
                Some(moment) => {
                    tokio::time::sleep_until(moment).await;
                }
            }
        }
    }

    /// How many requests are allowed at a time now.
    pub fn allowed(&self) -> usize {
        self.state().allowed as usize
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is plain numbers: a panic elsewhere leaves it usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// The model answered: it may get more.
    pub fn went_well(self) {
        let mut state = self.pace.state();
        let more = if state.starting { 1.0 } else { 1.0 / state.allowed };
        state.allowed = (state.allowed + more).min(self.pace.most);
        drop(state);
        // One for the turn given back when `self` falls, one for the allowance that grew.
        self.pace.changed.notify_one();
    }

    /// The model throttled: it gets half as many, and nothing for as long as it asked to be left alone.
    pub fn throttled(self, retry_after: Option<Duration>) {
        let mut state = self.pace.state();
        state.starting = false;
        // Requests that started before the last cut tell nothing about the allowance since.
        if self.started >= state.last_cut {
            state.allowed = (state.allowed / 2.0).max(1.0);
            state.last_cut = Instant::now();
        }
        if let Some(wait) = retry_after {
            state.not_before = state.not_before.max(Instant::now() + wait);
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.pace.state().under_way -= 1;
        self.pace.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_allowance_grows_to_its_bound() {
        let pace = Pace::new(20, None);
        for _ in 0..100 {
            pace.turn().await.went_well();
        }
        assert_eq!(pace.allowed(), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn one_round_of_throttling_halves_once() {
        let pace = Pace::new(16, None);
        for _ in 0..100 {
            pace.turn().await.went_well();
        }
        let mut turns = Vec::new();
        for _ in 0..16 {
            turns.push(pace.turn().await);
        }
        tokio::time::advance(Duration::from_millis(10)).await;
        for turn in turns {
            turn.throttled(None);
        }
        assert_eq!(pace.allowed(), 8);
        for _ in 0..200 {
            tokio::time::advance(Duration::from_millis(1)).await;
            pace.turn().await.throttled(None);
        }
        assert_eq!(pace.allowed(), 1, "never below one");
        pace.turn().await.went_well();
        assert_eq!(pace.allowed(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_allowed_are_under_way() {
        let pace = Pace::new(1, None);
        let turn = pace.turn().await;
        assert!(tokio::time::timeout(Duration::from_secs(5), pace.turn()).await.is_err());
        drop(turn);
        assert!(tokio::time::timeout(Duration::from_secs(5), pace.turn()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_and_requests_per_minute_are_kept() {
        let pace = Pace::new(4, None);
        let start = Instant::now();
        pace.turn().await.throttled(Some(Duration::from_secs(3)));
        drop(pace.turn().await);
        assert!(start.elapsed() >= Duration::from_secs(3));

        let pace = Pace::new(4, Some(120.0));
        let start = Instant::now();
        for _ in 0..5 {
            drop(pace.turn().await);
        }
        assert!(start.elapsed() >= Duration::from_secs(2), "{:?}", start.elapsed());
    }
}
