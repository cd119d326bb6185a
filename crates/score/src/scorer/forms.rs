//! Forms of a response and its references that several scorers work on, made when the first of them asks.
//!
//! What the forms are is left to the scorers.

use super::rouge::tokens::TokenisedTexts;
use super::word_overlap::{Overlap, overlap};
use std::cell::OnceCell;

/// What scorers have worked out of one response and its references. It starts out empty, and belongs to this response
/// and these references alone.
#[derive(Debug, Clone, Default)]
pub struct Forms {
    /// Response and expected answers in the normal form of question answering.
    pub(super) normal: OnceCell<Compared>,
    /// Response and references in SQuAD's form.
    pub(super) squad: OnceCell<Compared>,
    /// ROUGE's tokens as they are, and stemmed.
    pub(super) rouge: [OnceCell<TokenisedTexts>; 2],
}

/// A response and what it is compared with, in one form.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    /// The response.
    pub(super) response: String,
    /// The expected answers.
    pub(super) answers: Vec<String>,
    overlaps: OnceCell<Vec<Overlap>>,
}

impl Compared {
    /// Texts that are in the form already.
    pub(super) fn new(response: String, answers: Vec<String>) -> Self {
        Self { response, answers, overlaps: OnceCell::new() }
    }

    /// For each expected answer, what the words of the response (left) and of the answer (right) have in common.
    pub(super) fn overlaps(&self) -> &[Overlap] {
        self.overlaps.get_or_init(|| self.answers.iter().map(|answer| overlap(&self.response, answer)).collect())
    }
}
