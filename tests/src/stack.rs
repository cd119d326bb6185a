//! The deployed stack of a test program: started once, by whichever test asks first.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

pub use crate::models::MODEL_IDS;
use local_stack::stack::{LocalStack, Options};
use local_stack::stand_in::{Answers, Missing, StandInOptions};

/// The namespace of every metric; not the default, so that a hard-coded one would be noticed.
pub const NAMESPACE: &str = "Custom/EndToEnd";

/// What a test program deploys with beside what they all do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Further {
    /// Parameters beside the usual ones, or in their place.
    pub parameters: BTreeMap<&'static str, &'static str>,
    /// What the secret for Slack says; without it there is no forwarder.
    pub slack_secret: Option<String>,
}

static FURTHER: OnceLock<Further> = OnceLock::new();

/// The stack with more than the usual. All tests of a program say the same.
///
/// # Panics
/// As [`deployed`] does, and where the stack was deployed without it.
pub fn deployed_with(further: Further) -> &'static LocalStack {
    assert_eq!(FURTHER.get_or_init(|| further.clone()), &further, "the stack was deployed otherwise");
    deployed()
}

/// The stack, deployed from the real template.
///
/// It is never dropped: its emulator ends with this process, however that ends.
///
/// # Panics
/// If the stack cannot be deployed, in every test that asks for it and with the reason.
pub fn deployed() -> &'static LocalStack {
    static STACK: OnceLock<Result<LocalStack, String>> = OnceLock::new();
    match STACK.get_or_init(|| start().map_err(|error| format!("{error:#}"))) {
        Ok(stack) => stack,
        Err(error) => panic!("failed to deploy the local stack: {error}"),
    }
}

/// Starts it on a thread of its own, because the first test may be inside a runtime that ends before the others.
fn start() -> anyhow::Result<LocalStack> {
    let starting = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        runtime.block_on(LocalStack::start(options()))
    });
    starting.join().map_err(|_| anyhow::anyhow!("the thread that starts it panicked"))?
}

fn options() -> Options {
    let usual = [("ModelIds", MODEL_IDS.join(",")), ("MetricNamespace", NAMESPACE.to_owned())];
    let Further { parameters, slack_secret } = FURTHER.get_or_init(Further::default).clone();
    let further = parameters.into_iter().map(|(name, value)| (name, value.to_owned()));
    let answers =
        Answers::Recorded { recordings: Arc::new(crate::questions::recordings()), missing: Missing::Deterministic };
    Options {
        parameters: usual.into_iter().chain(further).map(|(name, value)| (name.to_owned(), value)).collect(),
        slack_secret,
        stand_in: StandInOptions { answers, ..StandInOptions::default() },
        ..Options::default()
    }
}
