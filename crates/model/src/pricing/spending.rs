//! What a run has spent of its budget, and what is set aside for calls under way.
//!
//! A call is begun only when the most that it may take still fits beside everything that is spent and set aside. So the
//! budget is kept however many calls are under way, as long as no answer is longer than `maxTokens` allows.

use super::{Amount, Budget};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Money and tokens together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// US dollars; nothing where no budget counts them.
    pub amount: Amount,
    /// Tokens of all kinds.
    pub tokens: u64,
}

/// What a run has spent of its budget. Shared by all who spend it.
#[derive(Debug)]
pub struct Spending {
    budget: Budget,
    state: Mutex<State>,
    changed: Notify,
    /// Ends the asking when the budget is used up; whoever waits for room ends with it.
    asking: CancellationToken,
}

#[derive(Debug, Default)]
struct State {
    spent: Spent,
    set_aside: Spent,
    under_way: usize,
    used_up: bool,
}

/// What is set aside for one call. Dropped without being settled, it counts as spent: nobody knows better.
#[derive(Debug)]
pub struct Reservation<'a> {
    spending: &'a Spending,
    most: Spent,
    settled: Option<Spent>,
}

impl Spending {
    /// Of `budget`, so much is `spent` already. `asking` is cancelled when it is used up.
    pub fn new(budget: Budget, spent: Spent, asking: CancellationToken) -> Self {
        let state = State { spent, ..State::default() };
        Self { budget, state: Mutex::new(state), changed: Notify::new(), asking }
    }

    /// Sets aside the most that one call may take; waits where calls under way may leave room for it. None when the
    /// budget is used up, or the run stops.
    pub async fn reserve(&self, most: Spent) -> Option<Reservation<'_>> {
        loop {
            let changed = self.changed.notified();
            {
                let mut state = self.state();
                if self.asking.is_cancelled() {
                    return None;
                }
                if self.fits(&state, most) {
                    state.set_aside += most;
                    state.under_way += 1;
                    return Some(Reservation { spending: self, most, settled: None });
                }
                if state.under_way == 0 {
                    state.used_up = true;
                    self.asking.cancel();
                    return None;
                }
            }
            tokio::select! {
                () = changed => {}
                () = self.asking.cancelled() => return None,
            }
        }
    }

    /// Whether the run stops because of its budget.
    pub fn is_used_up(&self) -> bool {
        self.state().used_up
    }

    /// The budget.
    pub fn budget(&self) -> Budget {
        self.budget
    }

    fn fits(&self, state: &State, more: Spent) -> bool {
        let mut all = state.spent;
        all += state.set_aside;
        all += more;
        self.budget.usd.is_none_or(|usd| all.amount <= Amount::of_usd(usd))
            && self.budget.tokens.is_none_or(|tokens| all.tokens <= tokens)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is plain numbers: a panic elsewhere leaves it usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reservation<'_> {
    /// Puts what the call took in the place of the most that it could.
    pub fn settle(mut self, taken: Spent) {
        self.settled = Some(taken);
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        let mut state = self.spending.state();
        state.under_way -= 1;
        state.set_aside.amount = state.set_aside.amount.less(self.most.amount);
        state.set_aside.tokens = state.set_aside.tokens.saturating_sub(self.most.tokens);
        state.spent += self.settled.unwrap_or(self.most);
        drop(state);
        self.spending.changed.notify_waiters();
    }
}

impl std::ops::AddAssign for Spent {
    fn add_assign(&mut self, other: Self) {
        self.amount += other.amount;
        self.tokens = self.tokens.saturating_add(other.tokens);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::Arc;
    use std::time::Duration;

    fn tokens(tokens: u64) -> Spent {
        Spent { tokens, ..Spent::default() }
    }

    fn spending(budget: u64, spent: u64) -> Arc<Spending> {
        let budget = Budget { usd: None, tokens: Some(budget) };
        Arc::new(Spending::new(budget, tokens(spent), CancellationToken::new()))
    }

    #[tokio::test]
    async fn what_does_not_fit_ends_the_asking_and_what_fits_exactly_does_not() {
        let spending = spending(100, 40);
        spending.reserve(tokens(60)).await.unwrap().settle(tokens(50));
        assert!(!spending.is_used_up());
        spending.reserve(tokens(10)).await.unwrap().settle(tokens(9));
        assert!(spending.reserve(tokens(2)).await.is_none());
        assert!(spending.is_used_up() && spending.asking.is_cancelled());
        assert!(spending.reserve(tokens(1)).await.is_none(), "nothing is begun after the end");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_may_get_room_waits_for_it() {
        let spending = spending(100, 0);
        let first = spending.reserve(tokens(80)).await.unwrap();
        let waiting = tokio::spawn({
            let spending = Arc::clone(&spending);
            async move { spending.reserve(tokens(50)).await.map(|held| held.settle(tokens(50))).is_some() }
        });
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(!waiting.is_finished() && !spending.is_used_up());
        first.settle(tokens(50));
        assert!(waiting.await.unwrap());
        assert_eq!(spending.state().spent, tokens(100));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_ends_with_the_run() {
        let spending = spending(100, 0);
        let first = spending.reserve(tokens(80)).await.unwrap();
        let waiting = spending.reserve(tokens(50));
        let (held, ()) = tokio::join!(waiting, async { spending.asking.cancel() });
        assert!(held.is_none() && !spending.is_used_up(), "the run stopped for another reason");
        drop(first);
        assert_eq!(spending.state().spent, tokens(80), "a call that nobody settled counts in full");
    }

    #[tokio::test]
    async fn dollars_are_kept_to_the_last_digit() {
        let budget = Budget { usd: Some("0.000001".parse().unwrap()), tokens: None };
        let of =
            |tokens| Spent { amount: Amount::of_tokens(tokens, "0.1".parse().unwrap(), "1".parse().unwrap()), tokens };
        let spending = Spending::new(budget, of(3), CancellationToken::new());
        spending.reserve(of(7)).await.unwrap().settle(of(7));
        assert!(spending.reserve(of(1)).await.is_none(), "ten tokens at a ten-millionth are all of it");
    }
}
