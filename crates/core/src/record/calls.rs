//! The tokens of a record, by what was asked for.

use super::evidence::{Purpose, Wasted};
use super::sample_record::Record;
use assay_model::Usage;

/// The tokens of a record. Those that nobody told are not among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    /// The model's own tokens; none when no answer told any.
    pub own: Option<Usage>,
    /// Answers of the model that told no tokens.
    pub unmetered: u64,
    /// The judge's tokens.
    pub judge: Option<Usage>,
    /// Verdicts that told their tokens, failed ones too.
    pub verdicts: u64,
    /// The tokens of embeddings.
    pub similarity: Option<Usage>,
}

impl Calls {
    /// Those of a record or a piece.
    pub fn of(record: &Record) -> Self {
        let mut calls = Self::default();
        // No model was called for a response that came with the dataset.
        let given = if record.recorded { record.evidence.responses.len() } else { 0 };
        for response in record.evidence.own_responses().skip(given) {
            match response.usage {
                Some(usage) => add(&mut calls.own, usage),
                None => calls.unmetered += 1,
            }
        }
        for usage in record.evidence.verdicts.iter().filter_map(|found| found.usage) {
            add(&mut calls.judge, usage);
            calls.verdicts += 1;
        }
        record
            .evidence
            .similarity
            .iter()
            .filter_map(|found| found.usage)
            .for_each(|usage| add(&mut calls.similarity, usage));
        for Wasted { purpose, usage, .. } in &record.evidence.wasted {
            match purpose {
                Purpose::Answer => add(&mut calls.own, *usage),
                Purpose::Similarity => add(&mut calls.similarity, *usage),
                Purpose::Verdict => {
                    add(&mut calls.judge, *usage);
                    calls.verdicts += 1;
                }
            }
        }
        calls
    }
}

impl std::ops::AddAssign for Calls {
    fn add_assign(&mut self, other: Self) {
        other.own.into_iter().for_each(|usage| add(&mut self.own, usage));
        other.judge.into_iter().for_each(|usage| add(&mut self.judge, usage));
        other.similarity.into_iter().for_each(|usage| add(&mut self.similarity, usage));
        self.unmetered += other.unmetered;
        self.verdicts += other.verdicts;
    }
}

fn add(sum: &mut Option<Usage>, usage: Usage) {
    *sum.get_or_insert_default() += usage;
}

impl std::ops::SubAssign for Calls {
    /// Takes out what was added before.
    fn sub_assign(&mut self, other: Self) {
        let sums = [&mut self.own, &mut self.judge, &mut self.similarity];
        for (sum, usage) in sums.into_iter().zip([other.own, other.judge, other.similarity]) {
            if let (Some(sum), Some(usage)) = (sum, usage) {
                *sum -= usage;
            }
        }
        self.unmetered -= other.unmetered;
        self.verdicts -= other.verdicts;
    }
}
