//! Tokio's clock under the control of a test: a deadline comes when the test says so, however slow the machine is.

use std::cell::Cell;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{self, Instant};

/// A test that waits for longer than this hangs.
const HANGS: Duration = Duration::from_secs(600);
/// The clock moves in steps of this length.
const STEP: Duration = Duration::from_millis(10);

thread_local! {
    /// Whether there is a clock. A test and its runtime share one thread.
    static IS_THERE: Cell<bool> = const { Cell::new(false) };
}

/// Tokio's clock while this value lives. It follows the real time up to a limit, and stands still there until it is set
/// forward. A time limit of the code under test that lies beyond can never end, however long the work takes.
pub struct Clock {
    limit: Arc<Mutex<Instant>>,
    following: JoinHandle<()>,
    _end: Sender<()>,
}

impl Clock {
    /// Stops the clock once `most` has passed.
    pub fn limited_to(most: Duration) -> Self {
        let (end, ended) = channel::<()>();
        IS_THERE.set(true);
        // A paused clock jumps to the next timer when the runtime is idle, but not while a blocking task runs.
        spawn_blocking(move || ended.recv());
        time::pause();
        let limit = Arc::new(Mutex::new(Instant::now() + most));
        Self { following: tokio::spawn(follow(Arc::clone(&limit))), limit, _end: end }
    }

    /// Does the same, unless the test has a clock already.
    pub fn unless_there_is_one(most: Duration) -> Option<Self> {
        (!IS_THERE.get()).then(|| Self::limited_to(most))
    }

    /// Sets the clock forward to `moment`. From there it follows the real time until `most` has passed.
    pub async fn set(&self, moment: Instant, most: Duration) {
        *self.limit.lock().unwrap() = moment + most;
        // Timers have a resolution of one millisecond.
        let moment = moment + Duration::from_millis(1);
        time::advance(moment.saturating_duration_since(Instant::now())).await;
        // Code that waited for this moment runs before the test goes on.
        time::sleep_until(moment).await;
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.following.abort();
        time::resume();
        IS_THERE.set(false);
    }
}

async fn follow(limit: Arc<Mutex<Instant>>) {
    let begun = std::time::Instant::now();
    loop {
        pause(STEP).await;
        let left = limit.lock().unwrap().saturating_duration_since(Instant::now());
        // Lets a test that hangs go on and fail.
        let step = if begun.elapsed() > HANGS { STEP } else { STEP.min(left) };
        time::advance(step).await;
    }
}

/// Waits in real time, whatever tokio's clock does.
pub async fn pause(time: Duration) {
    spawn_blocking(move || std::thread::sleep(time)).await.unwrap();
}

/// Waits until something holds.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < HANGS, "waited in vain until {what}");
        pause(Duration::from_millis(5)).await;
    }
}

/// Waits for the next second of the clock: ids of runs and times of notes have a resolution of one second.
pub async fn next_second() {
    let second = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let begun = second();
    until("another second", async || second() != begun).await;
}

/// The time of an invocation, which ends when the test says so. Until then so little of it passes that no time limit of a
/// request or a lease is reached.
pub struct Invocation {
    clock: Clock,
    /// When it ends.
    pub ends: Instant,
}

/// Shorter than those limits, and longer than all pauses of the code under test.
const LITTLE: Duration = Duration::from_secs(9);

impl Invocation {
    /// An invocation that may take fifteen minutes.
    pub fn begin() -> Self {
        Self { clock: Clock::limited_to(LITTLE), ends: Instant::now() + Duration::from_secs(900) }
    }

    /// Lets the moment come after which no new call starts, as in `run::stop`. Calls under way may still finish.
    pub async fn stop_asking(&self) {
        self.clock.set(self.ends - Duration::from_secs(20), LITTLE).await;
    }

    /// Lets the moment come after which calls under way are given up.
    pub async fn stop_waiting(&self) {
        self.clock.set(self.ends - Duration::from_secs(10), LITTLE).await;
    }
}
