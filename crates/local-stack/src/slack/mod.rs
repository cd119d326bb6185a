//! A stand-in for Slack: incoming webhooks and the two methods of the Web API that post and edit messages, over HTTP on this
//! machine.
//!
//! It takes what Slack takes, refuses what Slack refuses (see [`violations`]), fails as a script says, and writes down what came
//! and what stands in each channel.

mod answer;
mod channels;
mod limits;
mod script;
mod server;
mod state;
mod web_api;

pub use channels::Message;
pub use limits::violations;
pub use script::{SlackAnswer, SlackRule};
pub use state::SlackCall;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use anyhow::Context;
use tokio::sync::oneshot;

use state::State;

/// The token that the Web API takes; any other is `invalid_auth`.
pub const TOKEN: &str = "xoxb-000000000000-stand-in";

/// A running stand-in for Slack. It ends when it is dropped.
#[derive(Debug)]
pub struct SlackStandIn {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl SlackStandIn {
    /// Starts to serve on this port of 127.0.0.1, or a free one; when this returns, calls are answered.
    ///
    /// # Errors
    /// When the port or a thread cannot be had.
    pub fn start(port: Option<u16>) -> anyhow::Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).context("cannot listen on 127.0.0.1")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::default()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&state);
        let thread = std::thread::Builder::new().name("slack-stand-in".to_owned()).spawn(move || {
            runtime.block_on(server::serve(listener, served, stopped));
            runtime.shutdown_background();
        })?;
        Ok(Self { address, state, stop: Some(stop), thread: Some(thread) })
    }

    /// Its base address, fit for `SLACK_ENDPOINT_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Replaces the rules; what came and what stands is kept.
    pub fn set_rules(&self, rules: Vec<SlackRule>) {
        self.state().set_rules(rules);
    }

    /// Every call that came, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<SlackCall> {
        self.state().calls.clone()
    }

    /// The messages that stand in all channels, in the order of their posting.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.state().channels.messages().to_vec()
    }

    /// The messages that stand in one channel: that of a webhook is its path.
    #[must_use]
    pub fn messages_in(&self, channel: &str) -> Vec<Message> {
        self.messages().into_iter().filter(|message| message.is_in(channel)).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SlackStandIn {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of the stand-in for Slack panicked");
        }
    }
}
