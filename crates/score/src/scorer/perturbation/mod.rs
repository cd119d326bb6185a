//! Perturbations: the same question worded a little differently, to see how much the answer depends on it.
//!
//! - Definition: one file for each [`Kind`]. Random kinds give as many texts as are asked for, and some may equal the
//!   original. The others give one text, or none when they change nothing: no capital letter, no digit.
//! - Source: `typos`, `case` and `whitespace` are the perturbations of fmeval 1.2.3 with its defaults, driven by random
//!   numbers of our own. Lower case and numbers in words are named in the Bedrock user guide, which does not define
//!   them; the definitions are ours.
//! - The same text, seed, sample and kind give the same texts, whatever the order, the machine and the version.
//!
//! Asking a model with these texts is left to the run, and comparing the answers to [`crate::scorer::robustness`].

mod draws;
mod letter_case;
mod number_words;
mod typos;
mod whitespace;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

pub use draws::Draws;
pub use letter_case::{chosen_positions, upper_case_at};
pub use number_words::number_words;
pub use typos::{neighbours, typos};
pub use whitespace::whitespace;

/// A way to change a text that leaves its meaning to a human reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Some letters are replaced by a neighbour on the keyboard.
    Typos,
    /// Some letters are in upper case.
    Case,
    /// Some whitespace is taken out, some is put in.
    Whitespace,
    /// All letters are in lower case.
    LowerCase,
    /// Numbers in digits are written as English words.
    NumberWords,
}

/// How strongly texts are changed. The defaults are those of fmeval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// The probability, 0 to 1, that a key is missed. A miss may hit the right key all the same.
    pub typo_probability: f64,
    /// The share of characters, 0 to 1, that are put in upper case.
    pub upper_case_proportion: f64,
    /// The probability, 0 to 1, of a space behind a character that is not whitespace.
    pub space_added_probability: f64,
    /// The probability, 0 to 1, that a whitespace character is taken out.
    pub space_removed_probability: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            typo_probability: 0.1,
            upper_case_proportion: 0.1,
            space_added_probability: 0.05,
            space_removed_probability: 0.1,
        }
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] = [Self::Typos, Self::Case, Self::Whitespace, Self::LowerCase, Self::NumberWords];

    /// The name in specs, such as `lower_case`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Typos => "typos",
            Self::Case => "case",
            Self::Whitespace => "whitespace",
            Self::LowerCase => "lower_case",
            Self::NumberWords => "number_words",
        }
    }

    /// Whether there is more than one way to change a text.
    pub fn is_random(self) -> bool {
        matches!(self, Self::Typos | Self::Case | Self::Whitespace)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// Variants of `text`, the prompt of the sample `sample_id`, with the default [`Parameters`].
///
/// A random kind gives `count` texts; a first few of many are the few of a lower count. Another kind gives one, or none
/// when it changes nothing.
pub fn variants(kind: Kind, text: &str, seed: u64, sample_id: &str, count: usize) -> Vec<String> {
    variants_with(&Parameters::default(), kind, text, seed, sample_id, count)
}

/// The same with parameters of one's own.
pub fn variants_with(
    parameters: &Parameters,
    kind: Kind,
    text: &str,
    seed: u64,
    sample_id: &str,
    count: usize,
) -> Vec<String> {
    if !kind.is_random() {
        let changed = if kind == Kind::LowerCase { text.to_lowercase() } else { number_words(text) };
        return if count == 0 || changed == text { Vec::new() } else { vec![changed] };
    }
    let variant = |index| {
        let mut draws = Draws::of(seed, sample_id, kind.name(), index);
        let draw = || draws.uniform();
        match kind {
            Kind::Case => {
                let positions = chosen_positions(text.chars().count(), parameters.upper_case_proportion, draw);
                upper_case_at(text, &positions)
            }
            Kind::Whitespace => {
                let Parameters { space_added_probability, space_removed_probability, .. } = *parameters;
                whitespace(text, space_added_probability, space_removed_probability, draw)
            }
            _ => typos(text, parameters.typo_probability, draw),
        }
    };
    (0..count as u64).map(variant).collect()
}
