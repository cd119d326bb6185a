//! The Bedrock stand-in over real HTTP: answers, faults, checks of requests, counts and control.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod checks;
mod control;
mod evidence;
mod faults;
mod jobs;
mod lives;

use std::ops::Deref;
use std::time::{Duration, Instant};

use local_stack::stand_in::{Behaviour, StandIn, StandInOptions};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

const MODEL: &str = "amazon.nova-lite-v1:0";

/// Longer than anything takes here, even on a slow machine.
const HANGS: Duration = Duration::from_secs(600);

/// A stand-in with an HTTP client for it.
struct Served {
    stand_in: StandIn,
    http: reqwest::Client,
}

impl Deref for Served {
    type Target = StandIn;

    fn deref(&self) -> &StandIn {
        &self.stand_in
    }
}

fn start(options: StandInOptions) -> Served {
    let stand_in = StandIn::start(options).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    Served { stand_in, http }
}

fn start_with(behaviour: Behaviour) -> Served {
    start(StandInOptions { behaviour, ..StandInOptions::default() })
}

/// The shortest request there is.
fn request(prompt: &str) -> Value {
    json!({"messages": [{"role": "user", "content": [{"text": prompt}]}]})
}

impl Served {
    /// A Converse call with this body.
    fn call(&self, model: &str, body: &Value) -> RequestBuilder {
        let model = model.replace(':', "%3A").replace('/', "%2F");
        let address = format!("{}/model/{model}/converse", self.url());
        self.http.post(address).json(body).timeout(HANGS)
    }

    /// A call of any operation by its address.
    async fn post(&self, path: &str, body: &Value) -> Response {
        let address = format!("{}{path}", self.url());
        self.http.post(address).json(body).timeout(HANGS).send().await.unwrap()
    }

    async fn ask(&self, model: &str, prompt: &str) -> Response {
        self.call(model, &request(prompt)).send().await.unwrap()
    }

    async fn answer(&self, model: &str, prompt: &str) -> Value {
        let response = self.ask(model, prompt).await;
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }
}

/// Waits until something holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < HANGS, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The text of an answer, all text blocks joined.
fn text(answer: &Value) -> String {
    let blocks = answer["output"]["message"]["content"].as_array().unwrap();
    blocks.iter().filter_map(|block| block["text"].as_str()).collect()
}

/// An error answer's status, name and message.
async fn error(response: Response) -> (u16, String, String) {
    let status = response.status().as_u16();
    let name = response.headers()["x-amzn-errortype"].to_str().unwrap().to_owned();
    let body: Value = response.json().await.unwrap();
    (status, name, body["message"].as_str().unwrap().to_owned())
}
