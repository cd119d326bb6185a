//! One alert to one destination: posted once, edited in place where that is possible, and in order.

use crate::alert::{Alert, Identity, State};
use crate::error::ForwardError;
use crate::forwarder::Forwarder;
use crate::posted::{Begun, Change, Mark, Recorded};
use crate::routes::{Channel, Destination};
use crate::secret::Reading;
use crate::slack::{Call, Posted, Said, Slack, SlackError};
use crate::turns::Turns;
use crate::{amend, render};
use serde_json::Value;
use tokio::time::Instant;

/// How often a message is edited anew because somebody wrote a newer state down meanwhile.
const EDITS: usize = 5;

/// One invocation, as far as posting goes.
#[derive(Clone, Copy)]
pub(crate) struct Invocation<'a> {
    pub(crate) forwarder: &'a Forwarder,
    /// What it reads of the secret.
    pub(crate) reading: &'a Reading<'a>,
    /// Who posts next, of each destination.
    pub(crate) turns: &'a Turns,
    /// When posting has to end.
    pub(crate) until: Instant,
    /// When the invocation itself ends.
    pub(crate) ends: Instant,
    /// The invocation's id, for people who look.
    pub(crate) request_id: &'a str,
}

/// What became of an alert at one destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forwarded {
    /// It was posted now.
    Now,
    /// An earlier delivery has posted it.
    Before,
    /// It ends nothing that the destination was told of.
    NoNews,
}

/// An alert on its way to a destination.
struct Way<'a> {
    invocation: Invocation<'a>,
    alert: &'a Alert,
    destination: &'a Destination,
    id: String,
    rich: Value,
    plain: Value,
}

/// Posts `alert` to `destination`, unless it is posted.
pub(crate) async fn forward(
    invocation: Invocation<'_>,
    alert: &Alert,
    destination: &Destination,
) -> Result<Forwarded, ForwardError> {
    let (ledger, holder) = (&invocation.forwarder.ledger, invocation.request_id);
    let (id, identity) = (destination.id(), identity(alert));
    let _turn = invocation.turns.wait(&id).await;
    Slack::time_left(invocation.until)?;
    // What is written down after posting has to come before the end of the lease, too.
    let lease = invocation.ends.saturating_duration_since(Instant::now());
    let mark = match ledger.begin(&id, &identity, lease, holder).await {
        Begun::Done => return Ok(Forwarded::Before),
        Begun::Busy(until) => return Err(ForwardError::Busy(until)),
        Begun::Ours(mark) => mark,
    };
    let (rich, plain) = (render::message(alert), render::plain(alert));
    let way = Way { invocation, alert, destination, id, rich, plain };
    match way.go(&mark).await {
        Ok(forwarded) => {
            ledger.finish(mark, &identity, holder).await;
            Ok(forwarded)
        }
        Err(error) => {
            ledger.give_back(mark, &identity, holder).await;
            Err(error.into())
        }
    }
}

/// What is told once. A change that is muted or suppressed is told in grey, and does not stand for the same change once it is
/// to be told: CloudWatch takes the actions of an alarm that still is in its state when the suppression ends.
fn identity(alert: &Alert) -> Identity {
    let mut identity = alert.identity.clone();
    if alert.muted.is_some() {
        identity.state.push_str(" (muted)");
    }
    identity
}

impl Way<'_> {
    async fn go(&self, mark: &Mark) -> Result<Forwarded, SlackError> {
        let Some(mut change) = Change::of(self.alert) else {
            self.post(&self.rich, &self.plain).await?;
            return Ok(Forwarded::Now);
        };
        let ledger = &self.invocation.forwarder.ledger;
        let last = ledger.last(&self.id, &self.alert.identity).await.map(|recorded| recorded.change);
        if mark.was_begun() && last.as_ref().is_some_and(|last| last.told && last.is_same(&change)) {
            return Ok(Forwarded::Before);
        }
        // Written down, so that whatever comes late finds the newer state. Where that cannot be done nothing is known for sure.
        if self.ends_nothing(last.as_ref(), &change)
            && ledger.record(&self.id, &self.alert.identity, &change).await.is_some()
        {
            return Ok(Forwarded::NoNews);
        }
        match (self.destination, &last) {
            (_, Some(last)) if last.changed > change.changed => self.come_late(last).await?,
            (Destination::Channel(channel), Some(last @ Change { message: Some(message), .. }))
                if last.is_same(&change) || (last.is_open() && self.alert.previous != Some(State::Ok)) =>
            {
                change.first = last.first.clone();
                self.edit(channel, message, change).await?;
            }
            _ => {
                change.message = self.post(&self.rich, &self.plain).await?;
                if change.message.is_some() {
                    change.first = Some(self.rich.clone());
                }
                ledger.record(&self.id, &self.alert.identity, &change).await;
            }
        }
        Ok(Forwarded::Now)
    }

    /// Whether an alarm is well that was not known to be anything else: every alarm is for a moment, once it is made, and one
    /// that lacks data from time to time is so each time.
    fn ends_nothing(&self, last: Option<&Change>, change: &Change) -> bool {
        self.alert.state == Some(State::Ok)
            && self.alert.previous == Some(State::InsufficientData)
            && self.alert.muted.is_none()
            && last.is_none_or(|last| !last.is_open() && last.changed < change.changed)
    }

    /// Posts a message of its own.
    async fn post(&self, rich: &Value, plain: &Value) -> Result<Option<Posted>, SlackError> {
        let call = match self.destination {
            Destination::Webhook(webhook) => Call::Webhook(webhook),
            Destination::Channel(channel) => Call::Post(channel),
        };
        self.ask(call, rich, plain).await
    }

    /// Tells of a state that the alarm has left already: it is told, but takes the place of nothing.
    async fn come_late(&self, newer: &Change) -> Result<(), SlackError> {
        let (rich, plain) = (amend::late(&self.rich, newer), amend::late_plain(&self.plain, newer));
        if let (Destination::Channel(channel), Some(message)) = (self.destination, &newer.message) {
            match self.ask(Call::Reply(channel, message), &rich, &plain).await {
                Err(error) if error.is_refusal() => {}
                replied => return replied.map(drop),
            }
        }
        self.post(&rich, &plain).await.map(drop)
    }

    /// Edits the message that tells of the alarm, and replies to it, since nobody is told of an edit. What the message shall
    /// say is written down first: of two that edit at the same time, the one who comes last makes it the newer state.
    async fn edit(&self, channel: &Channel, message: &Posted, change: Change) -> Result<(), SlackError> {
        let ledger = &self.invocation.forwarder.ledger;
        let identity = &self.alert.identity;
        let now = amend::edited(&self.rich, change.first.as_ref());
        let mut change = Change { message: Some(message.clone()), now: Some(now), told: false, ..change };
        let mut stands = ledger.record(&self.id, identity, &change).await;
        for _ in 0..EDITS {
            if let Some(Recorded { change: newer, .. }) =
                stands.as_ref().filter(|stands| !stands.change.is_same(&change))
                && newer.message.as_ref() != Some(message)
            {
                // A new message tells of the newer state; this one is left as it ended.
                break;
            }
            let shall = stands.as_ref().and_then(|stands| stands.change.now.as_ref()).or(change.now.as_ref());
            match self.ask(Call::Update(channel, message), shall.unwrap_or(&self.rich), &self.plain).await {
                // It is gone, or its channel is; what Slack does not take either way is told by what it says of a new one.
                Err(error) if error.is_refusal() => {
                    tracing::warn!(%error, "the message cannot be edited; a new one is posted");
                    change.message = self.post(&self.rich, &self.plain).await?;
                    let change = Change { first: Some(self.rich.clone()), now: None, told: true, ..change };
                    ledger.record(&self.id, identity, &change).await;
                    return Ok(());
                }
                updated => updated.map(drop)?,
            }
            let Some(before) = stands else { break };
            let Some(after) = ledger.last(&self.id, identity).await else { break };
            if after.version == before.version {
                break;
            }
            stands = Some(after);
        }
        // Nobody but who follows a thread is told of its replies, and an alarm that goes off is for everybody.
        let reply = match self.alert.state {
            Some(State::Alarm) => Call::ReplyToAll(channel, message),
            _ => Call::Reply(channel, message),
        };
        match self.ask(reply, &self.rich, &self.plain).await {
            // It could be edited a moment ago: somebody removes it just now, or nobody may reply there.
            Err(error) if error.is_refusal() => self.post(&self.rich, &self.plain).await.map(drop)?,
            replied => replied.map(drop)?,
        }
        change.told = true;
        ledger.record(&self.id, identity, &change).await;
        Ok(())
    }

    async fn ask(&self, call: Call<'_>, rich: &Value, plain: &Value) -> Result<Option<Posted>, SlackError> {
        let Invocation { forwarder, until, .. } = self.invocation;
        forwarder.slack.ask(call, &self.id, Said { rich, plain }, until).await
    }
}
