//! Reads a record. By a struct of its own, since serde reads a flattened struct through a buffer of generic values, which is
//! slow; writing needs no such struct.

use super::evidence::{Evaluation, Noise, RecordEvidence, RubricVerdict, Similarity, Toxicity, Variant, Wasted};
use super::failure::Failure;
use super::sample_record::Record;
use crate::dataset::Sample;
use assay_model::Response;
use assay_score::{CheckResult, Score};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// The keys of a line, as [`Record`] and [`RecordEvidence`] document them. A list that is missing is empty.
#[derive(Deserialize)]
struct RecordLine {
    format: u32,
    model: String,
    sample: Sample,
    #[serde(default)]
    recorded: bool,
    #[serde(default)]
    responses: Vec<Response>,
    #[serde(default)]
    variants: Vec<Variant>,
    #[serde(default)]
    noise: Vec<Noise>,
    #[serde(default)]
    similarity: Vec<Similarity>,
    #[serde(default)]
    toxicity: Vec<Toxicity>,
    #[serde(default)]
    verdicts: Vec<RubricVerdict>,
    #[serde(default)]
    evaluations: Vec<Evaluation>,
    #[serde(default)]
    wasted: Vec<Wasted>,
    piece: Option<u32>,
    failure: Option<Failure>,
    #[serde(default)]
    scores: BTreeMap<String, Score>,
    #[serde(default)]
    checks: Vec<CheckResult>,
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let line = RecordLine::deserialize(deserializer)?;
        Ok(Self {
            format: line.format,
            model: line.model,
            sample: line.sample,
            recorded: line.recorded,
            evidence: RecordEvidence {
                responses: line.responses,
                variants: line.variants,
                noise: line.noise,
                similarity: line.similarity,
                toxicity: line.toxicity,
                verdicts: line.verdicts,
                evaluations: line.evaluations,
                wasted: line.wasted,
            },
            piece: line.piece,
            failure: line.failure,
            scores: line.scores,
            checks: line.checks,
        })
    }
}
