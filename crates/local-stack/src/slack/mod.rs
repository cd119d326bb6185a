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
mod token;
mod web_api;

pub use channels::Message;
pub use limits::violations;
pub use script::{SlackAnswer, SlackRule};
pub use state::SlackCall;
pub use token::TOKEN;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::loopback::LoopbackServer;

use state::State;

/// A running stand-in for Slack. It ends when it is dropped.
#[derive(Debug)]
pub struct SlackStandIn {
    server: LoopbackServer,
    state: Arc<Mutex<State>>,
}

impl SlackStandIn {
    /// Starts to serve on this port of 127.0.0.1, or a free one; when this returns, calls are answered.
    ///
    /// # Errors
    /// When the port or a thread cannot be had.
    pub fn start(port: Option<u16>) -> anyhow::Result<Self> {
        let state = Arc::new(Mutex::new(State::default()));
        let server = LoopbackServer::start("slack-stand-in", port, server::router(Arc::clone(&state)))?;
        Ok(Self { server, state })
    }

    /// Its base address, fit for `SLACK_ENDPOINT_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
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
