//! The programs that define the scores: what was recorded of their speed, and how to measure them in this run.

use crate::corpus::Pair;
use assay_score::Scorer;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

/// What a program was found to do in an earlier run, on one thread of this class of machine over pairs of the same
/// shape.
pub(crate) struct Recorded {
    /// The scores that it computes in one go.
    pub scorers: &'static [Scorer],
    /// Name and version.
    pub program: &'static str,
    /// Pairs a second.
    pub speed: f64,
    /// How many times as fast Assay wants to be.
    pub bar: f64,
}

const PYTHON: f64 = 30.0;
/// These do their work in C++.
const NATIVE: f64 = 1.0;

const fn recorded(scorers: &'static [Scorer], program: &'static str, speed: f64, bar: f64) -> Recorded {
    Recorded { scorers, program, speed, bar }
}

/// Every figure that was recorded.
pub(crate) const RECORDED: &[Recorded] = &[
    recorded(&[Scorer::Relevance], "the tutorial, Python 3.11", 67_664.0, PYTHON),
    recorded(
        &[Scorer::F1, Scorer::Precision, Scorer::Recall, Scorer::ExactMatch, Scorer::QuasiExactMatch],
        "fmeval 1.2.3 re-expressed, nltk 3.10.4",
        3_821.0,
        PYTHON,
    ),
    recorded(&[Scorer::SquadExactMatch, Scorer::SquadF1], "SQuAD 1.1 re-expressed", 6_280.0, PYTHON),
    recorded(&[Scorer::Rouge1], "rouge-score 0.1.2", 5_837.0, PYTHON),
    recorded(&[Scorer::Rouge1, Scorer::Rouge2], "rouge-score 0.1.2", 3_872.0, PYTHON),
    recorded(&[Scorer::RougeL], "rouge-score 0.1.2", 1_111.0, PYTHON),
    recorded(&[Scorer::Rouge1, Scorer::Rouge2, Scorer::RougeL, Scorer::RougeLsum], "rouge-score 0.1.2", 484.0, PYTHON),
    recorded(&[Scorer::Rouge2Stemmed], "rouge-score 0.1.2, nltk 3.10.4", 659.0, PYTHON),
    recorded(
        &[Scorer::Rouge1Stemmed, Scorer::Rouge2Stemmed, Scorer::RougeLStemmed, Scorer::RougeLsumStemmed],
        "rouge-score 0.1.2, nltk 3.10.4",
        205.0,
        PYTHON,
    ),
    recorded(&[Scorer::Bleu], "sacrebleu 2.6.0", 1_632.0, PYTHON),
    recorded(&[Scorer::Chrf], "sacrebleu 2.6.0", 965.0, PYTHON),
    recorded(&[Scorer::ChrfPlusPlus], "sacrebleu 2.6.0", 837.0, PYTHON),
    recorded(&[Scorer::Meteor], "nltk 3.10.4 without WordNet", 698.0, PYTHON),
    recorded(&[Scorer::WordErrorRate], "jiwer 4.0.0, rapidfuzz 3.14.6", 11_008.0, NATIVE),
    recorded(&[Scorer::CharacterErrorRate], "jiwer 4.0.0, rapidfuzz 3.14.6", 4_625.0, NATIVE),
    recorded(&[Scorer::EditSimilarity], "rapidfuzz 3.14.6", 99_019.0, NATIVE),
    recorded(&[Scorer::FleschReadingEase], "textstat 0.7.13", 6_237.0, PYTHON),
];

/// How many times as fast as the program that defines the score Assay wants to be.
pub(crate) fn bar(scorer: Scorer) -> f64 {
    match scorer {
        Scorer::WordErrorRate | Scorer::CharacterErrorRate | Scorer::EditSimilarity => NATIVE,
        // One call of a function that Python has built in, written in C; the length it has stored.
        Scorer::ExactMatch | Scorer::FactualKnowledge | Scorer::FactualKnowledgeAll | Scorer::ResponseLength => NATIVE,
        _ => PYTHON,
    }
}

/// What was measured in this run.
pub(crate) struct Live {
    /// Name and version.
    pub program: String,
    /// Over how many of the pairs, from the first.
    pub pairs: usize,
    /// Pairs a second.
    pub speed: f64,
    /// Mean score.
    pub mean: f64,
}

/// What a Python found of all scorers, or nothing if there is no Python.
pub(crate) struct Python(Value);

impl Python {
    /// Runs the script with `ASSAY_BENCH_PYTHON`, or else `python3`.
    pub(crate) fn measure(pairs: &[Pair]) -> Option<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/reference.py");
        let program = std::env::var("ASSAY_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let mut child = Command::new(program).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let line = |pair: &Pair| {
            let (response, reference, label) = (&pair.response, &pair.references[0], &pair.labels[0]);
            let labels = pair.evidence().valid_labels;
            format!("{}\n", json!({"response": response, "reference": reference, "label": label, "labels": labels}))
        };
        let lines: String = pairs.iter().map(line).collect();
        child.stdin.take()?.write_all(lines.as_bytes()).ok()?;
        let output = child.wait_with_output().ok()?;
        serde_json::from_slice(&output.stdout).ok().map(Self)
    }

    /// What it found of one scorer, unless a library is missing.
    pub(crate) fn of(&self, scorer: Scorer) -> Option<Live> {
        let found = self.0["measured"].get(scorer.name())?;
        Some(Live {
            program: found["program"].as_str()?.to_owned(),
            pairs: found["pairs"].as_u64()? as usize,
            speed: found["pairs_per_second"].as_f64()?,
            mean: found["mean"].as_f64()?,
        })
    }

    /// Libraries that could not be used, with the reason.
    pub(crate) fn missing(&self) -> Vec<String> {
        let missing = self.0["missing"].as_object();
        missing.into_iter().flatten().map(|(library, reason)| format!("{library}: {reason}")).collect()
    }
}
