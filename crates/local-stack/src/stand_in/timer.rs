//! A timer that is precise to about a tenth of a millisecond.
//!
//! The runtime's own rounds up to whole milliseconds, twice: a tenth of a short latency, and more
//! than benchmarks against the stand-in may lose. When to wait is left to the callers.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::oneshot;

/// A thread that wakes tasks. It ends when the timer is dropped; tasks that wait then are woken.
#[derive(Debug)]
pub(crate) struct Timer {
    queue: Arc<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    sleepers: BinaryHeap<Reverse<Sleeper>>,
    closed: bool,
}

/// A task that waits, ordered by the moment it waits for.
#[derive(Debug)]
struct Sleeper {
    moment: Instant,
    wake: oneshot::Sender<()>,
}

impl Timer {
    pub(crate) fn start() -> io::Result<Self> {
        let queue = Arc::new(Queue::default());
        let served = Arc::clone(&queue);
        std::thread::Builder::new().name("bedrock-stand-in-timer".to_owned()).spawn(move || served.wake_sleepers())?;
        Ok(Self { queue })
    }

    /// Returns at the moment, or at once when it has passed.
    pub(crate) async fn until(&self, moment: Instant) {
        if moment <= Instant::now() {
            return;
        }
        let (wake, woken) = oneshot::channel();
        {
            let mut waiting = self.queue.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let next = waiting.sleepers.peek();
            let sooner = next.is_none_or(|Reverse(next)| moment < next.moment);
            waiting.sleepers.push(Reverse(Sleeper { moment, wake }));
            if sooner {
                self.queue.changed.notify_one();
            }
        }
        // An error means that the timer is gone, and with it the stand-in.
        let _ = woken.await;
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let mut waiting = self.queue.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.closed = true;
        waiting.sleepers.clear();
        self.queue.changed.notify_one();
    }
}

impl Queue {
    fn wake_sleepers(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while !waiting.closed {
            let now = Instant::now();
            let Some(Reverse(next)) = waiting.sleepers.peek() else {
                waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            if next.moment > now {
                let left = next.moment - now;
                let woken = self.changed.wait_timeout(waiting, left);
                waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
            } else if let Some(Reverse(due)) = waiting.sleepers.pop() {
                // Nobody may be waiting any more: the caller has hung up.
                let _ = due.wake.send(());
            }
        }
    }
}

impl PartialEq for Sleeper {
    fn eq(&self, other: &Self) -> bool {
        self.moment == other.moment
    }
}

impl Eq for Sleeper {}

impl PartialOrd for Sleeper {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sleeper {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.moment.cmp(&other.moment)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::time::Duration;

    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn nobody_is_woken_early() {
        let timer = Timer::start().unwrap();
        let start = Instant::now();
        let waits = [30, 10, 20, 0, 10].map(|milliseconds| {
            let timer = &timer;
            async move {
                let moment = start + Duration::from_millis(milliseconds);
                timer.until(moment).await;
                assert!(Instant::now() >= moment);
            }
        });
        join_all(waits).await;
    }

    #[test]
    fn who_waits_for_the_nearest_moment_is_next() {
        let start = Instant::now();
        let mut waiting = Waiting::default();
        for milliseconds in [30, 10, 20, 0, 10] {
            let (wake, _) = oneshot::channel();
            waiting.sleepers.push(Reverse(Sleeper { moment: start + Duration::from_millis(milliseconds), wake }));
        }
        let next = std::iter::from_fn(|| waiting.sleepers.pop());
        let order: Vec<u128> = next.map(|Reverse(next)| (next.moment - start).as_millis()).collect();
        assert_eq!(order, [0, 10, 10, 20, 30]);
    }

    #[tokio::test]
    async fn hanging_up_is_no_trouble_and_an_end_wakes_all() {
        let timer = Timer::start().unwrap();
        let far = Instant::now() + Duration::from_secs(3600);
        let short = Duration::from_millis(5);
        assert!(tokio::time::timeout(short, timer.until(far)).await.is_err());
        timer.until(Instant::now() + short).await;

        let queue = Arc::clone(&timer.queue);
        drop(timer);
        assert!(queue.waiting.lock().unwrap().sleepers.is_empty());
    }
}
