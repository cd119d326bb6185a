//! Where Slack is, and nowhere else: a webhook is a text that somebody wrote into a secret, and what is sent there are
//! alarms.

use reqwest::Url;
use std::net::IpAddr;

/// The hosts of incoming webhooks.
const WEBHOOK_HOSTS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];
/// The Web API.
const WEB_API: &str = "https://slack.com/api/";

/// The address of a webhook: https, one of Slack's hosts, a path below `/services/`, and nothing besides.
///
/// # Errors
/// What is wrong with it. The text is not repeated, as whoever has a webhook's address may post to it.
pub(crate) fn webhook(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text.trim()).map_err(|_| "not a web address, which begins with https://")?;
    if url.scheme() != "https" {
        return Err("begin it with https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it has a user name or password, which a webhook does not have");
    }
    if url.port().is_some() || !url.host_str().is_some_and(|host| WEBHOOK_HOSTS.contains(&host)) {
        return Err("its host is neither hooks.slack.com nor hooks.slack-gov.com");
    }
    if url.query().is_some() || url.fragment().is_some() || !url.path().starts_with("/services/") {
        return Err("its path is not /services/... alone, as that of an incoming webhook is");
    }
    if url.path().len() == "/services/".len() {
        return Err("nothing follows /services/");
    }
    Ok(url)
}

/// The address of a method of the Web API.
///
/// # Errors
/// Never, as long as methods are words.
pub(super) fn method(name: &str) -> Result<Url, &'static str> {
    Url::parse(WEB_API).and_then(|base| base.join(name)).map_err(|_| "not a method")
}

/// A stand-in for Slack on this machine. It takes the place of Slack's hosts; what is a webhook is decided before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

impl Endpoint {
    /// Reads the address of a stand-in: `http://127.0.0.1:PORT` or `http://[::1]:PORT`.
    ///
    /// # Errors
    /// When it is not a loopback address.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        const WRONG: &str = "not an address of this machine alone, as http://127.0.0.1:PORT";
        let url = Url::parse(text.trim()).map_err(|_| WRONG)?;
        // A name such as localhost means what the resolver says; only a number is sure to stay here.
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let is_loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let is_plain = url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        if url.scheme() == "http" && is_loopback && is_plain { Ok(Self(url)) } else { Err(WRONG) }
    }

    /// The same path here.
    pub(super) fn instead_of(&self, url: &Url) -> Url {
        let mut here = self.0.clone();
        here.set_path(url.path());
        here
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn webhooks_of_slack_are_taken() {
        for text in [
            "https://hooks.slack.com/services/T000/B000/XXXX",
            " https://hooks.slack-gov.com/services/T000/B000/XXXX\n",
            "https://hooks.slack.com:443/services/T000/B000/XXXX",
            "HTTPS://HOOKS.SLACK.COM/services/T0",
        ] {
            let url = webhook(text).unwrap();
            assert!(WEBHOOK_HOSTS.contains(&url.host_str().unwrap()) && url.scheme() == "https", "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_and_not_repeated() {
        for text in [
            "",
            "hooks.slack.com/services/T0/B0/HIDDEN",
            "http://hooks.slack.com/services/T0/B0/HIDDEN",
            "https://hooks.slack.com.evil.example/services/T0/B0/HIDDEN",
            "https://hooks.slack.com@evil.example/services/T0/B0/HIDDEN",
            "https://evil.example/hooks.slack.com/services/HIDDEN",
            "https://evil.example\\@hooks.slack.com/services/HIDDEN",
            "https://user:HIDDEN@hooks.slack.com/services/T0",
            "https://hooks.slack.com:8443/services/T0/B0/HIDDEN",
            "https://hooks.slack.com./services/T0/B0/HIDDEN",
            "https://hooks.slack.com/services/../api/HIDDEN",
            "https://hooks.slack.com/services/%2e%2e/api/HIDDEN",
            "https://hooks.slack.com/workflows/HIDDEN",
            "https://hooks.slack.com/services/",
            "https://hooks.slack.com/services/T0?x=HIDDEN",
            "https://hooks.slack.com/services/T0#HIDDEN",
            "https://slack.com/services/T0/B0/HIDDEN",
            "https://hооks.slack.com/services/T0/B0/HIDDEN",
            "https://169.254.169.254/services/HIDDEN",
            "https://127.0.0.1/services/HIDDEN",
            "file:///services/HIDDEN",
        ] {
            let refused = webhook(text);
            assert!(refused.is_err(), "{text}");
            assert!(!format!("{refused:?}").contains("HIDDEN"));
        }
    }

    #[test]
    fn a_stand_in_is_on_this_machine() {
        let webhook = webhook("https://hooks.slack.com/services/T0/B0/x").unwrap();
        for (text, expected) in [
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000/services/T0/B0/x"),
            ("http://[::1]:4000/", "http://[::1]:4000/services/T0/B0/x"),
        ] {
            assert_eq!(Endpoint::read(text).unwrap().instead_of(&webhook).as_str(), expected);
        }
        for text in [
            "http://localhost:4000",
            "http://10.0.0.1:4000",
            "http://127.0.0.1.evil.example",
            "http://evil.example@127.0.0.1",
            "http://127.0.0.1/path",
            "https://127.0.0.1",
            "http://0.0.0.0:4000",
            "http://169.254.169.254",
            "",
        ] {
            assert!(Endpoint::read(text).is_err(), "{text}");
        }
    }
}
