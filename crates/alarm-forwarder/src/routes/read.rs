//! The secret's text: a webhook's address alone, or a JSON object.
//!
//! It is read by hand from a JSON value. What a library says of a value that does not fit repeats the value, and this one may
//! be told to nobody.

use super::{Channel, Destination, Route, Routes, Webhook};
use crate::slack::webhook;
use secrecy::SecretString;
use serde_json::{Map, Value};

/// What stands beside `routes` in the object.
const KEYS: [&str; 4] = ["webhook", "token", "channel", "routes"];
/// What stands in a route.
const ROUTE_KEYS: [&str; 5] = ["severity", "team", "name", "webhook", "channel"];
/// The most routes: a secret of 64 KB has room for more, but somebody has to understand them.
const MOST_ROUTES: usize = 200;

impl Routes {
    /// Reads the secret's text.
    ///
    /// # Errors
    /// Everything that is wrong with it, with the place of each. Nothing of what it says is repeated.
    pub fn read(text: &str) -> Result<Self, Vec<String>> {
        let text = text.trim_start_matches('\u{feff}').trim();
        let lower = text.to_ascii_lowercase();
        if lower.starts_with("https://") {
            return match webhook(text) {
                Ok(url) => Ok(Self { default: Destination::Webhook(Webhook::new(url, "")), routes: Vec::new() }),
                Err(reason) => Err(vec![format!("the webhook is not one of Slack: {reason}")]),
            };
        }
        let nearly = if text.is_empty() {
            "it is empty; put the address of a webhook into it, or a JSON object"
        } else if lower.starts_with("http://") || lower.starts_with("hooks.slack") {
            "the address of a webhook is not whole; begin it with https://"
        } else if lower.starts_with("xox") {
            "it is a token alone; a token goes into JSON, beside `channel`: {\"token\": \"...\", \"channel\": \"#alarms\"}"
        } else {
            ""
        };
        if !nearly.is_empty() {
            return Err(vec![nearly.to_owned()]);
        }
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            vec![format!("neither the address of a webhook nor JSON (at {place})")]
        })?;
        match value {
            Value::Object(object) => Reader::default().read(&object),
            Value::String(_) => {
                Err(vec!["the JSON is no object; the address of a webhook stands without quotation marks".to_owned()])
            }
            _ => Err(vec!["the JSON is no object".to_owned()]),
        }
    }
}

impl Webhook {
    fn new(url: reqwest::Url, place: &str) -> Self {
        Self { url: String::from(url).into(), place: place.to_owned() }
    }
}

#[derive(Default)]
struct Reader {
    problems: Vec<String>,
    token: Option<SecretString>,
}

impl Reader {
    fn read(mut self, object: &Map<String, Value>) -> Result<Routes, Vec<String>> {
        self.unknown(object, &KEYS, "");
        self.token = self.text(object, "token", "").and_then(|token| self.token(&token));
        let default = self.destination(object, "");
        let routes = match object.get("routes") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(routes)) if routes.len() <= MOST_ROUTES => routes.clone(),
            Some(Value::Array(_)) => {
                self.problems.push(format!("`routes`: more than {MOST_ROUTES}"));
                Vec::new()
            }
            Some(_) => {
                self.problems.push("`routes`: not a list".to_owned());
                Vec::new()
            }
        };
        let routes: Vec<Route> =
            routes.iter().enumerate().filter_map(|(number, route)| self.route(route, number)).collect();
        match default {
            Some(default) if self.problems.is_empty() => Ok(Routes { default, routes }),
            _ => Err(self.problems),
        }
    }

    fn route(&mut self, route: &Value, number: usize) -> Option<Route> {
        let place = format!("routes[{number}].");
        let Value::Object(object) = route else {
            self.problems.push(format!("`routes[{number}]`: no object"));
            return None;
        };
        self.unknown(object, &ROUTE_KEYS, &place);
        let severity = self.patterns(object, "severity", &place);
        let team = self.patterns(object, "team", &place);
        let name = self.patterns(object, "name", &place);
        if severity.is_empty() && team.is_empty() && name.is_empty() {
            self.problems.push(format!("`routes[{number}]`: give `severity`, `team` or `name`"));
        }
        let destination = self.destination(object, &place)?;
        Some(Route { severity, team, name, destination })
    }

    /// The webhook or the channel of an object.
    fn destination(&mut self, object: &Map<String, Value>, place: &str) -> Option<Destination> {
        let url = self.text(object, "webhook", place);
        let channel = self.text(object, "channel", place);
        match (url, channel) {
            (Some(url), None) => match webhook(&url) {
                Ok(url) => Some(Destination::Webhook(Webhook::new(url, &format!("{place}webhook")))),
                Err(reason) => {
                    self.problems.push(format!("`{place}webhook` is not one of Slack: {reason}"));
                    None
                }
            },
            (None, Some(name)) => self.channel(name, place),
            (Some(_), Some(_)) => {
                self.problems.push(format!("`{place}webhook` and `{place}channel`: give exactly one of them"));
                None
            }
            (None, None) => {
                self.problems
                    .push(format!("`{place}webhook` or `{place}channel` is missing; give exactly one of them"));
                None
            }
        }
    }

    fn channel(&mut self, name: String, place: &str) -> Option<Destination> {
        let Some(token) = self.token.clone() else {
            self.problems.push(format!("`{place}channel` needs `token`, a bot's, beside `routes`"));
            return None;
        };
        let is_name = name.len() <= 100 && !name.contains(|c: char| c.is_whitespace() || "<>&,\"".contains(c));
        if !is_name {
            self.problems.push(format!("`{place}channel` is no channel; give its id, or its name"));
            return None;
        }
        Some(Destination::Channel(Channel { name, token }))
    }

    fn token(&mut self, token: &str) -> Option<SecretString> {
        let is_token = ["xoxb-", "xoxe.xoxb-"].iter().any(|beginning| token.starts_with(beginning))
            && token.chars().all(|c| c.is_ascii_graphic());
        if !is_token {
            self.problems.push("`token` is no bot's token, which begins with xoxb-".to_owned());
            return None;
        }
        Some(token.to_owned().into())
    }

    fn text(&mut self, object: &Map<String, Value>, key: &str, place: &str) -> Option<String> {
        match object.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Some(Value::String(_)) => {
                self.problems.push(format!("`{place}{key}` is empty"));
                None
            }
            Some(_) => {
                self.problems.push(format!("`{place}{key}` is no text"));
                None
            }
        }
    }

    /// A text, or a list of texts.
    fn patterns(&mut self, object: &Map<String, Value>, key: &str, place: &str) -> Vec<String> {
        let values = match object.get(key) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(values)) => values.clone(),
            Some(value) => vec![value.clone()],
        };
        let texts: Vec<String> = values.iter().filter_map(Value::as_str).map(|text| text.trim().to_owned()).collect();
        if texts.len() != values.len() || texts.is_empty() || texts.iter().any(String::is_empty) {
            self.problems.push(format!("`{place}{key}` is neither a text nor a list of texts"));
        }
        texts
    }

    /// Keys that mean nothing: a misspelt one would send alarms elsewhere in silence.
    fn unknown(&mut self, object: &Map<String, Value>, known: &[&str], place: &str) {
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            // A key may be the secret, should somebody have mistaken the form.
            let is_word = key.len() <= 20 && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            let shown = match (is_word, place.trim_end_matches('.')) {
                (true, _) => format!("`{place}{key}`"),
                (false, "") => "one of the keys".to_owned(),
                (false, place) => format!("one of the keys of `{place}`"),
            };
            self.problems.push(format!("{shown} is not known; there are {}", known.join(", ")));
        }
    }
}
