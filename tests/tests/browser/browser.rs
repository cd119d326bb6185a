//! Chromium without a window, told what to do over its DevTools protocol.
//!
//! The protocol goes over two pipes, so there is neither a port nor a library for it: JSON messages that end in a zero
//! byte.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longer than anything takes here, even on a slow machine.
const LIMIT: Duration = Duration::from_secs(600);
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A browser with one page.
pub(crate) struct Browser {
    process: Child,
    orders: ChildStdin,
    messages: Receiver<Value>,
    events: Vec<Value>,
    session: Option<String>,
    number: u64,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser; `None` where none is installed.
    pub(crate) fn start() -> Option<Self> {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&folders).flat_map(|folder| NAMES.map(|name| folder.join(name)));
        let program = found.into_iter().find(|file| file.is_file())?;
        let profile = TempDir::new().expect("a folder for the browser's profile");
        // The browser reads orders from the third file and answers on the fourth.
        let mut process = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#])
            .arg(program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--hide-scrollbars",
                "--remote-debugging-pipe",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a browser that starts");
        let orders = process.stdin.take().expect("a pipe to the browser");
        let answers = process.stdout.take().expect("a pipe from the browser");
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(answers).split(0) {
                let Ok(message) = message else { break };
                let message = serde_json::from_slice(&message).expect("a message of the protocol is JSON");
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut browser =
            Self { process, orders, messages, events: Vec::new(), session: None, number: 0, _profile: profile };
        let target = browser.order("Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.order("Target.attachToTarget", attach);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network", "DOM", "Audits"] {
            browser.order(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Opens a page and waits until it is loaded.
    pub(crate) fn open(&mut self, url: &str) {
        self.order("Page.navigate", json!({"url": "about:blank"}));
        self.wait_for_load();
        self.events.clear();
        self.order("Page.navigate", json!({"url": url}));
        self.wait_for_load();
    }

    /// The value of an expression in the page; a promise is waited for.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let order = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.order("Runtime.evaluate", order);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// How many nodes a selector finds, without a script.
    pub(crate) fn count_nodes(&mut self, selector: &str) -> usize {
        let root = self.order("DOM.getDocument", json!({"depth": 0}));
        let order = json!({"nodeId": root["root"]["nodeId"], "selector": selector});
        self.order("DOM.querySelectorAll", order)["nodeIds"].as_array().expect("a list of nodes").len()
    }

    /// Pages that are opened from now on run no scripts.
    pub(crate) fn disable_scripts(&mut self) {
        self.order("Emulation.setScriptExecutionDisabled", json!({"value": true}));
    }

    /// Pages are shown in this colour scheme and width.
    pub(crate) fn look(&mut self, scheme: &str, width: u32) {
        let feature = json!({"name": "prefers-color-scheme", "value": scheme});
        self.order("Emulation.setEmulatedMedia", json!({"features": [feature]}));
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.order("Emulation.setDeviceMetricsOverride", size);
    }

    /// The page as PNG.
    pub(crate) fn screenshot(&mut self) -> Vec<u8> {
        let answer = self.order("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true}));
        let text = answer["data"].as_str().expect("a picture");
        let values = text.bytes().filter_map(|byte| {
            let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            alphabet.iter().position(|letter| *letter == byte)
        });
        let values: Vec<usize> = values.collect();
        values
            .chunks(4)
            .flat_map(|four| {
                let bits = four.iter().fold(0, |bits, value| bits << 6 | value) << (6 * (4 - four.len()));
                [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8].into_iter().take(four.len().saturating_sub(1))
            })
            .collect()
    }

    /// Errors, warnings and violations of the policy since the page was opened.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let complaint = |event: &&Value| match event["method"].as_str() {
            Some("Runtime.exceptionThrown" | "Audits.issueAdded") => true,
            Some("Runtime.consoleAPICalled") => event["params"]["type"] != "log",
            Some("Log.entryAdded") => event["params"]["entry"]["level"] != "verbose",
            _ => false,
        };
        self.events.iter().filter(complaint).map(|event| event["params"].to_string()).collect()
    }

    /// Waits until there is a complaint that contains a text.
    pub(crate) fn wait_for_complaint(&mut self, text: &str) {
        let end = Instant::now() + LIMIT;
        while !self.complaints().iter().any(|complaint| complaint.contains(text)) {
            let event = self.receive(end);
            self.events.push(event);
        }
    }

    /// Everything that was asked of files or the network since the page was opened.
    pub(crate) fn requests(&self) -> Vec<String> {
        let sent = self.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        let urls = sent.filter_map(|event| event["params"]["request"]["url"].as_str());
        // What a page carries in itself is no request.
        urls.filter(|url| !url.starts_with("data:")).map(str::to_owned).collect()
    }

    fn wait_for_load(&mut self) {
        let end = Instant::now() + LIMIT;
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.receive(end);
            self.events.push(event);
        }
        // The page's own reports come before this answer; the browser may add some of its own afterwards.
        self.order("DOM.getDocument", json!({"depth": 0}));
        let quiet = Instant::now() + Duration::from_millis(300);
        while let Ok(event) = self.messages.recv_timeout(quiet.saturating_duration_since(Instant::now())) {
            self.events.push(event);
        }
    }

    fn order(&mut self, method: &str, params: Value) -> Value {
        self.number += 1;
        let mut message = json!({"id": self.number, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let written = self.orders.write_all(format!("{message}\0").as_bytes());
        written.and_then(|()| self.orders.flush()).expect("a browser that listens");
        let end = Instant::now() + LIMIT;
        loop {
            let message = self.receive(end);
            if message["id"] == self.number {
                assert!(message.get("error").is_none(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn receive(&self, end: Instant) -> Value {
        let left = end.saturating_duration_since(Instant::now());
        self.messages.recv_timeout(left).expect("the browser does not answer")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
