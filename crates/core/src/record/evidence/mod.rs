//! Everything that was collected for one record, in one struct: what is added, merged, counted and sorted here is written
//! nowhere else.

mod kinds;

pub use kinds::Evaluation;
pub(crate) use kinds::{Noise, Purpose, RubricVerdict, Similarity, Toxicity, Variant, Wasted};

use assay_model::{Response, Usage};
use serde::Serialize;

/// What was collected about one sample and one model. In JSON its lists stand among the record's own keys; an empty list
/// is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RecordEvidence {
    /// The responses, one for each repeat.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<Response>,
    /// The responses to the question in other words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
    /// Responses to the very same question beside `responses`: how much the responses vary by themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub noise: Vec<Noise>,
    /// How near the responses are to the references in meaning.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub similarity: Vec<Similarity>,
    /// How severe the harmful content of the responses is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub toxicity: Vec<Toxicity>,
    /// The judge's ratings of the responses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<RubricVerdict>,
    /// A managed job's results for the response.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evaluations: Vec<Evaluation>,
    /// Tokens that led to nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wasted: Vec<Wasted>,
}

/// One answer that was paid for, as it is kept before the record is whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// A repeat of the question itself.
    Response(Response),
    /// See [`Variant`].
    Variant(Variant),
    /// See [`Noise`].
    Noise(Noise),
    /// See [`Similarity`].
    Similarity(Similarity),
    /// See [`Toxicity`].
    Toxicity(Toxicity),
    /// See [`RubricVerdict`].
    Verdict(RubricVerdict),
    /// See [`Wasted`].
    Wasted(Wasted),
}

impl RecordEvidence {
    /// The evidence of these responses alone.
    pub fn of(responses: Vec<Response>) -> Self {
        Self { responses, ..Self::default() }
    }

    /// Whether nothing was requested for it, not even in vain.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds one piece.
    pub fn add(&mut self, piece: Piece) {
        match piece {
            Piece::Response(response) => self.responses.push(response),
            Piece::Variant(variant) => self.variants.push(variant),
            Piece::Noise(noise) => self.noise.push(noise),
            Piece::Similarity(similarity) => self.similarity.push(similarity),
            Piece::Toxicity(toxicity) => self.toxicity.push(toxicity),
            Piece::Verdict(verdict) => self.verdicts.push(verdict),
            Piece::Wasted(wasted) => self.wasted.push(wasted),
        }
    }

    /// Adds everything of `other`.
    pub fn merge(&mut self, other: Self) {
        self.responses.extend(other.responses);
        self.variants.extend(other.variants);
        self.noise.extend(other.noise);
        self.similarity.extend(other.similarity);
        self.toxicity.extend(other.toxicity);
        self.verdicts.extend(other.verdicts);
        self.evaluations.extend(other.evaluations);
        self.wasted.extend(other.wasted);
    }

    /// Takes out what failed, so that it is requested again. The tokens of a failed call were paid for all the same: they
    /// are kept as wasted.
    pub fn drop_failed(&mut self) {
        let similarity = self.similarity.iter().filter(|found| found.failure.is_some());
        let similarity = similarity.map(|found| (Purpose::Similarity, &found.model, found.usage));
        let verdicts = self.verdicts.iter().filter(|found| found.failure.is_some());
        let verdicts = verdicts.map(|found| (Purpose::Verdict, &found.judge, found.usage));
        self.wasted.extend(
            similarity
                .chain(verdicts)
                .filter_map(|(purpose, model, usage)| Some(Wasted { purpose, model: model.clone(), usage: usage? })),
        );
        self.variants.retain(|found| found.failure.is_none());
        self.noise.retain(|found| found.failure.is_none());
        self.similarity.retain(|found| found.failure.is_none());
        self.toxicity.retain(|found| found.failure.is_none());
        self.verdicts.retain(|found| found.failure.is_none());
    }

    /// Puts it in an order that does not depend on which call ended first.
    pub fn sort(&mut self) {
        self.variants.sort_by(|left, right| left.kind.cmp(&right.kind).then(left.index.cmp(&right.index)));
        self.noise.sort_by_key(|found| found.index);
        self.similarity.sort_by_key(|found| found.response);
        self.toxicity.sort_by_key(|found| found.response);
        self.verdicts.sort_by(|left, right| {
            let place = |found: &RubricVerdict| (found.response, found.repeat);
            left.rubric.cmp(&right.rubric).then_with(|| place(left).cmp(&place(right)))
        });
    }

    /// The responses of the model itself: to the question, in other words, and to the same question once more.
    pub fn own_responses(&self) -> impl Iterator<Item = &Response> {
        let variants = self.variants.iter().filter_map(|variant| variant.response.as_ref());
        let noise = self.noise.iter().filter_map(|noise| noise.response.as_ref());
        self.responses.iter().chain(variants).chain(noise)
    }

    /// The tokens of every call, with the model that was called; `model` is the one whose responses these are. Calls that
    /// reported no tokens are not among them.
    pub fn usages<'a>(&'a self, model: &'a str) -> impl Iterator<Item = (&'a str, Usage)> {
        let own = self.own_responses().filter_map(move |response| Some((model, response.usage?)));
        let verdicts = self.verdicts.iter().filter_map(|found| Some((found.judge.as_str(), found.usage?)));
        let similarity = self.similarity.iter().filter_map(|found| Some((found.model.as_str(), found.usage?)));
        let wasted = self.wasted.iter().map(|found| (found.model.as_str(), found.usage));
        own.chain(verdicts).chain(similarity).chain(wasted)
    }

    /// The judge, the embeddings model and the guardrails that have returned a result, once for each result.
    pub fn examiners(&self) -> impl Iterator<Item = &str> {
        let verdicts = self.verdicts.iter().filter(|found| found.failure.is_none()).map(|found| found.judge.as_str());
        let similarity = self.similarity.iter().filter(|found| found.failure.is_none());
        let toxicity = self.toxicity.iter().filter(|found| found.failure.is_none());
        verdicts.chain(similarity.map(|found| found.model.as_str())).chain(toxicity.map(|found| found.source.as_str()))
    }
}
