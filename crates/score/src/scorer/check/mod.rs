//! Checks: assertions about an answer that pass or fail, without a reference.
//!
//! Which checks apply to which line of a dataset is left to the run. The meaning is that of the assertions of the
//! same names in promptfoo, so suites can be carried over.
//!
//! | check | passes when |
//! |---|---|
//! | `contains: text` | the answer contains the text, letter for letter |
//! | `icontains: text` | it does once both are in lower case |
//! | `contains_any: [text, ...]`, `icontains_any` | it contains at least one of the texts |
//! | `contains_all: [text, ...]`, `icontains_all` | it contains every one |
//! | `equals: text` | the answer is the text |
//! | `equals: value` | the answer is JSON that is deeply equal to the value, which is not a text |
//! | `starts_with: text`, `ends_with: text` | the answer begins or ends with the text |
//! | `regex: pattern` | the pattern is found anywhere; `(?i)` in front ignores case, `^` and `$` bind it |
//! | `is_json: true` | the answer is JSON by RFC 8259, and nothing else |
//! | `json_schema: schema` | the answer is JSON that is valid by the JSON Schema |
//! | `max_length: n`, `min_length: n` | the answer has at most, at least `n` code points |
//! | `is_refusal: true` | the answer declines to answer, by the rules of the scorer `refusal` |
//!
//! - Each has an opposite with `not_` in front, which passes exactly when the check does not.
//! - `weight` beside a check says how much it counts in the [`check_score`].
//! - Patterns are those of the regex crate: linear time whatever the answer, hence neither look-around nor
//!   back-references; `.` stops at line feeds, `\d`, `\w` and `\s` know Unicode. This holds in schemas too.

mod assertion;
mod compiled;
mod form;
mod json;
mod schema;
mod test;

pub use assertion::{Assertion, Check};
pub use compiled::{CheckResult, CheckSet, CompiledCheck, check_score};
