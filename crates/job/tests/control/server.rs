//! A server that keeps what it is asked and answers from a script, and a client of it.

use assay_job::control::Control;
use aws_config::SdkConfig;
use aws_sdk_bedrock::config::{AsyncSleep, BehaviorVersion, Credentials, Region, SharedCredentialsProvider, Sleep};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

/// One request, as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub method: String,
    pub path: String,
    pub query: String,
    pub body: Value,
}

/// One answer to give.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    code: Option<&'static str>,
    body: String,
}

impl Answer {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, code: None, body: body.to_string() }
    }

    pub(crate) fn error(status: u16, code: &'static str) -> Self {
        let code = Some(code).filter(|code| !code.is_empty());
        Self { status, code, body: serde_json::json!({ "message": "no" }).to_string() }
    }

    pub(crate) fn raw(status: u16, body: &str) -> Self {
        Self { status, code: None, body: body.to_owned() }
    }
}

/// The last answer of its script is given again and again.
pub(crate) struct Server {
    pub control: Control,
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(crate) async fn start(script: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let kept = asked.clone();
        let script = Arc::new(Mutex::new(VecDeque::from(script)));
        let answer = move |method: Method, uri: Uri, body: Bytes| {
            let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
            let query = uri.query().unwrap_or_default().to_owned();
            let asked = Asked { method: method.to_string(), path: uri.path().to_owned(), query, body };
            kept.lock().unwrap().push(asked);
            let mut script = script.lock().unwrap();
            let answer = if script.len() > 1 { script.pop_front() } else { script.front().cloned() };
            let Answer { status, code, body } = answer.expect("a script has an answer");
            let mut headers = HeaderMap::new();
            if let Some(code) = code {
                headers.insert("x-amzn-errortype", code.parse().unwrap());
            }
            std::future::ready((StatusCode::from_u16(status).unwrap(), headers, body))
        };
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        Self { control: Control::new(&config(&url)), url, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

pub(crate) fn config(url: &str) -> SdkConfig {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .sleep_impl(Hurry)
        .build()
}

/// Makes pauses between attempts fifty times shorter, so that they are real and short, and lets no time limit end, so that a
/// slow machine reaches none.
#[derive(Debug, Clone)]
struct Hurry;

impl AsyncSleep for Hurry {
    fn sleep(&self, duration: Duration) -> Sleep {
        // The limits of a connection and of an attempt. A pause has a random length, so none is exactly as long.
        if [5, 30].map(Duration::from_secs).contains(&duration) {
            return Sleep::new(std::future::pending());
        }
        Sleep::new(tokio::time::sleep(duration / 50))
    }
}
