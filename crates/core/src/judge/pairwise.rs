//! Comparing two answers to the same question: asked in both orders, since judges tend to prefer a place.
//!
//! - Definition: an answer wins when it is preferred in both orders; anything else is a tie.
//! - Source: L. Zheng et al., "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena", 2023, section 3.4 (swapping
//!   positions, and calling an inconsistent pair a tie).

use super::Brief;
use super::fence::Fence;
use super::rating::Material;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The name of the form that the judge fills in.
pub(crate) const COMPARISON_TOOL: &str = "compare_answers";

/// In which order two answers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The first model's answer is shown as A.
    FirstIsA,
    /// The first model's answer is shown as B.
    FirstIsB,
}

impl Order {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::FirstIsA, Self::FirstIsB];
}

/// Whose answer is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// The first model's.
    First,
    /// The second model's.
    Second,
    /// Neither.
    Tie,
}

/// What the judge says of two answers in one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Why.
    pub explanation: String,
    /// Whose answer is better, whatever the order.
    pub preference: Preference,
}

/// The question to the judge: which of the answers of the first and the second model is better?
pub(crate) fn compare_pair(text: &str, material: &Material<'_>, answers: [&str; 2], order: Order) -> Brief {
    let [first, second] = answers;
    let (a, b) = match order {
        Order::FirstIsA => (first, second),
        Order::FirstIsB => (second, first),
    };
    let mut parts = material.parts();
    parts.push(("answer-A".to_owned(), a));
    parts.push(("answer-B".to_owned(), b));
    let texts: Vec<&str> = parts.iter().map(|(_, text)| *text).collect();
    let fence = Fence::around(&texts);
    let system = format!(
        "You compare two answers to the same question by one criterion and by nothing else. Neither their order nor \
         their length speaks for an answer. {}",
        fence.rule()
    );
    let shown: String = parts.iter().map(|(name, text)| fence.part(name, text)).collect();
    let prompt = format!(
        "The criterion:\n{text}\n\n{shown}\nCompare the parts `answer-A` and `answer-B` by the criterion. First explain \
         in a few sentences how they differ, then say which is better: A, B, or tie where neither is. Fill in \
         `{COMPARISON_TOOL}`."
    );
    Brief { system, prompt }
}

/// The JSON Schema of the form.
pub(crate) fn comparison_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "explanation": {"type": "string", "description": "How the answers differ by the criterion."},
            "preferred": {"type": "string", "enum": ["A", "B", "tie"], "description": "The better answer."}
        },
        "required": ["explanation", "preferred"],
        "additionalProperties": false
    })
}

/// What the filled form says; `None` where the judge has not kept to the form.
pub fn preference(form: &Value, order: Order) -> Option<Comparison> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Form {
        explanation: String,
        preferred: String,
    }
    let Form { explanation, preferred } = Form::deserialize(form).ok()?;
    let preference = match (preferred.as_str(), order) {
        ("tie", _) => Preference::Tie,
        ("A", Order::FirstIsA) | ("B", Order::FirstIsB) => Preference::First,
        ("B", Order::FirstIsA) | ("A", Order::FirstIsB) => Preference::Second,
        _ => return None,
    };
    Some(Comparison { explanation, preference })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_order_changes_the_places_and_not_the_meaning() {
        let material = Material { question: "q", ..Material::default() };
        let brief = |order| compare_pair("better?", &material, ["one", "two"], order).prompt;
        let place = |prompt: &str, text: &str| prompt.find(text).unwrap();
        let (straight, swapped) = (brief(Order::FirstIsA), brief(Order::FirstIsB));
        assert!(place(&straight, "\none\n") < place(&straight, "\ntwo\n"));
        assert!(place(&swapped, "\ntwo\n") < place(&swapped, "\none\n"));
        let says = |better: &str, order| {
            preference(&json!({"explanation": "x", "preferred": better}), order).map(|found| found.preference)
        };
        assert_eq!(says("A", Order::FirstIsA), Some(Preference::First));
        assert_eq!(says("A", Order::FirstIsB), Some(Preference::Second));
        assert_eq!(says("B", Order::FirstIsB), Some(Preference::First));
        assert_eq!(says("tie", Order::FirstIsB), Some(Preference::Tie));
        assert_eq!(says("C", Order::FirstIsA), None);
        assert!(!jsonschema::is_valid(&comparison_schema(), &json!({"explanation": "x", "preferred": "C"})));
        assert!(jsonschema::is_valid(&comparison_schema(), &json!({"explanation": "x", "preferred": "tie"})));
    }
}
