//! The names of alarms. Nothing but the name says whose an alarm is, so one cannot be made to look like another's.
//!
//! Models: `<stack>-models/<model>/<kind>`. Suites: `<stack>/<suite>/<model>/<measure>`. The two beginnings differ, so that
//! a function which may change the alarms of suites need not be allowed to change those of the template.

use super::kind::Kind;
use sha2::{Digest, Sha256};

/// The longest name that CloudWatch takes, in characters.
pub(super) const LONGEST_NAME: usize = 255;

/// What the names of all operational alarms of `stack` begin with.
pub fn models_prefix(stack: &str) -> String {
    format!("{stack}-models/")
}

/// The name of an operational alarm. An ARN that is too long is shortened as in [`threshold_name`].
pub fn operational_name(stack: &str, model: &str, kind: Kind) -> String {
    fitted(&models_prefix(stack), model, &format!("/{}", kind.name()))
}

/// What the names of all alarms of `suite` begin with.
pub fn suite_prefix(stack: &str, suite: &str) -> String {
    format!("{stack}/{suite}/")
}

/// The name of the alarm on one measure of one model in a suite. A model whose name makes it too long is shortened and
/// gets a digest, so that two models never share an alarm.
pub fn threshold_name(stack: &str, suite: &str, model: &str, measure: &str) -> String {
    let end = format!("/{}", visible(measure));
    fitted(&suite_prefix(stack, suite), &visible(model), &end)
}

/// The suite of an alarm of `stack` by its name; none where it is no suite's.
pub fn suite_name_of<'a>(stack: &str, name: &'a str) -> Option<&'a str> {
    let rest = name.strip_prefix(stack)?.strip_prefix('/')?;
    let (suite, rest) = rest.split_once('/')?;
    rest.contains('/').then_some(suite)
}

/// CloudWatch takes no control characters in names.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '_' } else { c }).collect()
}

fn fitted(start: &str, middle: &str, end: &str) -> String {
    let length = |text: &str| text.chars().count();
    if length(start) + length(middle) + length(end) <= LONGEST_NAME {
        return format!("{start}{middle}{end}");
    }
    let digest = format!("~{}", digest(&[middle, end]));
    // Where even the end is too long for a model's name to have room, the digest stands for both.
    let room = LONGEST_NAME.saturating_sub(length(start) + length(&digest));
    let end: String = end.chars().take(room.saturating_sub(MODEL_ROOM.min(length(middle)))).collect();
    let middle: String = middle.chars().take(room - length(&end)).collect();
    let start: String = start.chars().take(LONGEST_NAME - length(&digest)).collect();
    format!("{start}{middle}{digest}{end}")
}

/// Characters of a model's name that stay where a measure's name is very long.
const MODEL_ROOM: usize = 40;

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A model's name for texts, which may be an ARN.
pub(crate) fn short(model: &str) -> String {
    const LONGEST: usize = 200;
    if model.chars().count() <= LONGEST {
        return model.to_owned();
    }
    model.chars().take(LONGEST - 1).chain(['…']).collect()
}
