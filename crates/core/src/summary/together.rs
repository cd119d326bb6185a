//! What the answers of one model say together that no mean of their scores says: classes and corpus scores.
//!
//! They are counted from the records, so a run that is taken up again comes to the same.

use super::model_summary::CorpusScores;
use crate::record::Record;
use assay_score::{
    BleuStatistics, ChrfKind, ChrfStatistics, ClassificationReport, ConfusionTable, Scorer, extract_label,
};
use std::ops::AddAssign;

/// Gathers records with an answer.
#[derive(Debug, Default)]
pub(super) struct Together {
    classes: ConfusionTable,
    bleu: Option<BleuStatistics>,
    chrf: Option<ChrfStatistics>,
    chrf_plus_plus: Option<ChrfStatistics>,
}

impl Together {
    /// Takes a record. `labels` are the labels that may be answered.
    pub(super) fn add(&mut self, record: &Record, labels: &[String]) {
        let has = |scorer: Scorer| record.scores.get(scorer.name()).is_some_and(|score| score.value().is_some());
        if has(Scorer::ClassificationAccuracy) {
            self.classify(record, labels);
        }
        let Some(text) = record.evidence.responses.first().and_then(|response| response.text.as_deref()) else {
            return;
        };
        let references = &record.sample.references;
        if has(Scorer::Bleu) {
            add(&mut self.bleu, BleuStatistics::of(text, references));
        }
        if has(Scorer::Chrf) {
            add(&mut self.chrf, ChrfStatistics::of(ChrfKind::Chrf, text, references));
        }
        if has(Scorer::ChrfPlusPlus) {
            add(&mut self.chrf_plus_plus, ChrfStatistics::of(ChrfKind::ChrfPlusPlus, text, references));
        }
    }

    /// Counts each repeat. Where several labels are right, the one that was answered is, else the first.
    fn classify(&mut self, record: &Record, labels: &[String]) {
        let right = match record.sample.labels.as_slice() {
            [] => record.sample.references.get(..1).unwrap_or_default(),
            right => right,
        };
        let Some(first) = right.first() else { return };
        for text in record.evidence.responses.iter().filter_map(|response| response.text.as_deref()) {
            let answered = extract_label(text, labels);
            let met = right.iter().find(|label| **label == answered);
            self.classes.add(met.unwrap_or(first), &answered);
        }
    }

    /// The figures of the classes, where answers were classified.
    pub(super) fn classification(&self) -> Option<ClassificationReport> {
        self.classes.report()
    }

    /// The scores of all answers as one text.
    pub(super) fn corpus(&self) -> CorpusScores {
        CorpusScores {
            bleu: self.bleu.and_then(|sums| sums.corpus_score()),
            chrf: self.chrf.map(|sums| sums.score()),
            chrf_plus_plus: self.chrf_plus_plus.map(|sums| sums.score()),
        }
    }
}

fn add<T: AddAssign + Default>(sums: &mut Option<T>, counts: Option<T>) {
    if let Some(counts) = counts {
        *sums.get_or_insert_default() += counts;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::dataset::Sample;
    use crate::score_record::Scoring;
    use assay_model::Response;

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn judged(scorers: &[Scorer], sample: Sample, texts: &[&str]) -> Record {
        let response = |text: &&str| Response { text: Some((*text).to_owned()), ..Response::default() };
        let mut record = Record::answered(sample, "m", texts.iter().map(response).collect());
        Scoring::by(scorers).with_labels(owned(&["yes", "no"])).judge(&mut record);
        record
    }

    #[test]
    fn every_repeat_is_classified_and_any_right_label_is_right() {
        let scorers = [Scorer::ClassificationAccuracy];
        let mut together = Together::default();
        let labels = owned(&["yes", "no"]);
        let of_labels = |labels: &[&str]| Sample { labels: owned(labels), ..Sample::default() };
        together.add(&judged(&scorers, of_labels(&["yes"]), &["Yes indeed", "no way", "perhaps"]), &labels);
        together.add(&judged(&scorers, of_labels(&["yes", "no"]), &["no"]), &labels);
        let referenced = Sample { references: owned(&["no", "yes"]), ..Sample::default() };
        together.add(&judged(&scorers, referenced, &["yes"]), &labels);
        let report = together.classification().unwrap();
        // Right/answered: yes/yes, yes/no, yes/unknown, no/no, no/yes; labels are no, unknown, yes.
        assert_eq!((report.n, report.accuracy), (5, 0.4));
        assert_eq!(report.confusion, [[1, 0, 1], [0, 0, 0], [1, 1, 1]]);
        assert!((report.balanced_accuracy - (1.0 / 2.0 + 1.0 / 3.0) / 2.0).abs() < 1e-12);
        assert!(together.corpus().is_empty());
    }

    #[test]
    fn the_first_answer_alone_is_of_the_corpus() {
        let sample = |text: &str| Sample { references: owned(&[text]), ..Sample::default() };
        let mut together = Together::default();
        let scorers = [Scorer::Bleu, Scorer::Chrf];
        together.add(&judged(&scorers, sample("the cat sat on the mat"), &["the cat sat on the mat", "no"]), &[]);
        let found = together.corpus();
        assert!((found.bleu.unwrap() - 100.0).abs() < 1e-9 && (found.chrf.unwrap() - 100.0).abs() < 1e-9);
        assert_eq!(found.chrf_plus_plus, None, "nobody asked for it");
        assert_eq!(together.classification(), None);
    }
}
