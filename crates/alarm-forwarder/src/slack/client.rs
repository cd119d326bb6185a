//! The client: one call, asked as often as it makes sense until the invocation ends.

use super::answer::Answer;
use super::{Call, Endpoint, Posted, SlackError};
use reqwest::header::{AUTHORIZATION, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How often Slack is asked while it, or the way to it, is not well.
const ATTEMPTS: u32 = 4;
/// How often of these Slack may have taken the message already: each may be a message in the channel.
const LOST: u32 = 2;
/// How long one answer may take.
const LONGEST_ANSWER: Duration = Duration::from_secs(8);
/// How long a connection may take.
const LONGEST_CONNECT: Duration = Duration::from_secs(3);
/// The least time in which an attempt makes sense.
const SHORTEST: Duration = Duration::from_millis(200);
/// The first pause where Slack names none; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause that is not Slack's own wish.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// What is said: with blocks, and without them for when Slack refuses those.
#[derive(Clone, Copy)]
pub struct Said<'a> {
    /// With blocks.
    pub rich: &'a Value,
    /// Without.
    pub plain: &'a Value,
}

/// The way to Slack.
pub struct Slack {
    endpoint: Option<Endpoint>,
    http: OnceLock<reqwest::Client>,
    /// Until when destinations, by their ids, asked not to be asked.
    resting: Mutex<HashMap<String, Instant>>,
}

impl Slack {
    /// The real Slack, or its stand-in.
    pub fn new(endpoint: Option<Endpoint>) -> Self {
        Self { endpoint, http: OnceLock::new(), resting: Mutex::default() }
    }

    /// Asks for `call` until it is taken, refused, or `until` is near. Where nobody knows whether Slack has taken it, it is
    /// asked once more and no oftener, unless asking twice is as asking once. `destination` is the id of where it goes: after
    /// a 429 nothing is sent there before its time.
    ///
    /// # Errors
    /// When Slack has not taken it.
    pub async fn ask(
        &self,
        call: Call<'_>,
        destination: &str,
        said: Said<'_>,
        until: Instant,
    ) -> Result<Option<Posted>, SlackError> {
        let mut message = said.rich;
        let (mut troubles, mut lost, mut waits) = (0, 0, 0);
        loop {
            self.rest(destination, until).await?;
            let left = Self::time_left(until)?;
            let answer = self.once(call, message, left.min(LONGEST_ANSWER)).await?;
            lost += u32::from(matches!(answer, Answer::Lost(_)) && !call.is_same_when_repeated());
            match answer {
                Answer::Taken(posted) => return Ok(posted),
                Answer::Plainly(reason) if std::ptr::eq(message, said.plain) => {
                    return Err(SlackError::refused(call, reason));
                }
                Answer::Plainly(reason) => {
                    tracing::warn!(reason, "Slack refuses the blocks; the same is posted as plain text");
                    message = said.plain;
                }
                Answer::Wait(wished) => {
                    waits += 1;
                    // A wish that helped nothing is not enough the next time.
                    let pause = wished.unwrap_or_default().max(pause(waits)) + jitter();
                    tracing::warn!(seconds = pause.as_secs_f64(), "Slack asks to wait");
                    self.rest_for(destination, pause);
                }
                Answer::Again(reason) | Answer::Lost(reason) => {
                    troubles += 1;
                    let pause = pause(troubles).mul_f64(0.5 + fastrand::f64() / 2.0);
                    let is_enough = troubles == ATTEMPTS || lost == LOST;
                    if is_enough || Instant::now() + pause + SHORTEST > until {
                        return Err(SlackError::Unavailable { reason, attempts: troubles });
                    }
                    tracing::warn!(reason, "Slack is asked again");
                    tokio::time::sleep(pause).await;
                }
                Answer::ReadSecret(reason) => return Err(SlackError::dead(call, reason)),
                Answer::Refused(reason) => return Err(SlackError::refused(call, reason)),
            }
        }
    }

    /// How long Slack may be asked.
    ///
    /// # Errors
    /// When that makes no sense any more.
    pub(crate) fn time_left(until: Instant) -> Result<Duration, SlackError> {
        let left = until.saturating_duration_since(Instant::now());
        if left < SHORTEST { Err(SlackError::OutOfTime) } else { Ok(left) }
    }

    /// Waits until a destination may be asked.
    async fn rest(&self, destination: &str, until: Instant) -> Result<(), SlackError> {
        let rested = self.resting.lock().unwrap_or_else(PoisonError::into_inner).get(destination).copied();
        let Some(rested) = rested.filter(|rested| *rested > Instant::now()) else { return Ok(()) };
        if rested + SHORTEST > until {
            return Err(SlackError::RateLimited(rested.saturating_duration_since(Instant::now())));
        }
        tokio::time::sleep_until(rested).await;
        Ok(())
    }

    fn rest_for(&self, destination: &str, pause: Duration) {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        resting.retain(|_, rested| *rested > now);
        // A wish that no clock can hold is one of many years.
        let rested = now.checked_add(pause).unwrap_or_else(|| now + Duration::from_secs(86_400));
        resting.insert(destination.to_owned(), rested);
    }

    /// One attempt.
    async fn once(&self, call: Call<'_>, message: &Value, longest: Duration) -> Result<Answer, SlackError> {
        let url = call.url().map_err(|reason| SlackError::refused(call, reason))?;
        let url = self.endpoint.as_ref().map_or_else(|| url.clone(), |endpoint| endpoint.instead_of(&url));
        let mut request = self.http()?.post(url).timeout(longest).json(&call.body(message));
        let is_webhook = call.token().is_none();
        if let Some(token) = call.token() {
            let value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()));
            let mut value = value.map_err(|_| SlackError::refused(call, "the token has characters that none has"))?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let answered = async {
            let answer = request.send().await?;
            let status = answer.status().as_u16();
            let wait = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
            Ok::<_, reqwest::Error>((status, answer.text().await?, wait))
        };
        Ok(match answered.await {
            Ok((status, body, wait)) if is_webhook => Answer::of_webhook(status, &body, wait.as_deref()),
            Ok((status, body, wait)) => Answer::of_web_api(status, &body, wait.as_deref()),
            Err(error) if error.is_connect() => Answer::Again(network(&error)),
            Err(error) => Answer::Lost(network(&error)),
        })
    }

    fn http(&self) -> Result<&reqwest::Client, SlackError> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        // No proxy that a variable of the environment names: nobody stands between here and Slack.
        let builder = reqwest::Client::builder().redirect(Policy::none()).no_proxy().connect_timeout(LONGEST_CONNECT);
        let http =
            builder.https_only(self.endpoint.is_none()).build().map_err(|error| SlackError::Client(network(&error)))?;
        Ok(self.http.get_or_init(|| http))
    }
}

/// The pause after so many troubles, from 1.
fn pause(troubles: u32) -> Duration {
    (FIRST_PAUSE * 2_u32.saturating_pow(troubles.saturating_sub(1).min(10))).min(LONGEST_PAUSE)
}

/// A moment by which those who wait for the same time do not come at the same time.
fn jitter() -> Duration {
    Duration::from_millis(fastrand::u64(0..250))
}

/// What the network said. The library's own text names the address, which is the webhook.
fn network(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut cause = std::error::Error::source(error);
    while let Some(found) = cause {
        if let Some(io) = found.downcast_ref::<std::io::Error>() {
            return format!("network: {}", io.kind());
        }
        cause = found.source();
    }
    let what = if error.is_connect() { "no connection" } else { "the connection ended" };
    what.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_proxy_of_the_environment_is_asked() {
        // Whether a client looks for proxies shows in its description alone.
        let asks = |client: &reqwest::Client| format!("{client:?}").contains("proxies");
        assert!(asks(&reqwest::Client::new()), "the library describes it otherwise by now");
        assert!(Slack::new(None).http().is_ok_and(|client| !asks(client)));
    }

    #[test]
    fn pauses_double_and_end() {
        let millis: Vec<u128> = (1..=7).map(|troubles| pause(troubles).as_millis()).collect();
        assert_eq!(millis, [250, 500, 1000, 2000, 4000, 4000, 4000]);
    }
}
