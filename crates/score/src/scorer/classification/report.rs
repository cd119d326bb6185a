//! What many classified answers say together: accuracy, precision, recall and F1, for each label and on average.
//!
//! Formulas are those of scikit-learn 1.9.1 with `zero_division=0`. Finding the label in a response is left to
//! [`super::extract_label`]. Labels are compared as they are; an answer without a label, `unknown`, is a class of its
//! own that nobody should have answered.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Counts of right labels and what was answered in their place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfusionTable {
    /// By the right label and the answered one.
    counts: BTreeMap<(String, String), u64>,
}

/// The figures of a classification over many answers. All shares are 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassificationReport {
    /// Answers counted.
    pub n: u64,
    /// Share of answers with the right label. Precision, recall and F1 averaged as `micro` are the same number.
    pub accuracy: f64,
    /// Mean recall over the labels that were right at least once.
    pub balanced_accuracy: f64,
    /// Matthews's correlation of right and answered labels, -1 to 1; 0 where one side is always the same.
    pub matthews_correlation: f64,
    /// Mean over all labels that were right or answered, each counting the same.
    pub macro_average: ClassificationFigures,
    /// Mean over the labels, each counting as often as it was right.
    pub weighted_average: ClassificationFigures,
    /// Over all decisions taken together.
    pub micro_average: ClassificationFigures,
    /// Each label that was right or answered, in order of code points.
    pub labels: Vec<LabelFigures>,
    /// How often the label of the row was right and that of the column answered, in the order of `labels`.
    pub confusion: Vec<Vec<u64>>,
}

/// How well a label was met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassificationFigures {
    /// Share of its answers that were right; 0 where it was never answered.
    pub precision: f64,
    /// Share of its samples that were answered so; 0 where it was never right.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

/// The figures of one label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelFigures {
    /// The label.
    pub label: String,
    /// How often it was right.
    pub right: u64,
    /// How often it was answered.
    pub answered: u64,
    /// How well it was met.
    pub figures: ClassificationFigures,
}

impl ConfusionTable {
    /// Counts one answer.
    pub fn add(&mut self, right: &str, answered: &str) {
        *self.counts.entry((right.to_owned(), answered.to_owned())).or_default() += 1;
    }

    /// The figures, if anything was counted.
    pub fn report(&self) -> Option<ClassificationReport> {
        let n: u64 = self.counts.values().sum();
        if n == 0 {
            return None;
        }
        let names: BTreeSet<&String> = self.counts.keys().flat_map(|(right, answered)| [right, answered]).collect();
        let count = |right: &String, answered: &String| {
            self.counts.get(&(right.clone(), answered.clone())).copied().unwrap_or_default()
        };
        let confusion =
            names.iter().map(|right| names.iter().map(|answered| count(right, answered)).collect()).collect();
        let all = Decisions::of(&self.counts, |_| true);
        let labels: Vec<LabelFigures> = names.iter().map(|name| self.label(name)).collect();
        let recalls = || labels.iter().filter(|label| label.right > 0).map(|label| label.figures.recall);
        Some(ClassificationReport {
            n,
            accuracy: share(all.hits, n),
            balanced_accuracy: recalls().sum::<f64>() / recalls().count() as f64,
            matthews_correlation: matthews_correlation(&labels, all.hits, n),
            macro_average: mean(&labels, |_| 1),
            weighted_average: mean(&labels, |label| label.right),
            micro_average: all.figures(),
            labels,
            confusion,
        })
    }

    fn label(&self, name: &str) -> LabelFigures {
        let decisions = Decisions::of(&self.counts, |label| label == name);
        LabelFigures {
            label: name.to_owned(),
            right: decisions.right,
            answered: decisions.answered,
            figures: decisions.figures(),
        }
    }
}

/// How often some labels were right, answered, and both at once.
struct Decisions {
    right: u64,
    answered: u64,
    hits: u64,
}

impl Decisions {
    fn of(counts: &BTreeMap<(String, String), u64>, is_meant: impl Fn(&str) -> bool) -> Self {
        let mut decisions = Self { right: 0, answered: 0, hits: 0 };
        for ((right, answered), count) in counts {
            decisions.right += if is_meant(right) { *count } else { 0 };
            decisions.answered += if is_meant(answered) { *count } else { 0 };
            decisions.hits += if is_meant(right) && right == answered { *count } else { 0 };
        }
        decisions
    }

    fn figures(&self) -> ClassificationFigures {
        ClassificationFigures {
            precision: share(self.hits, self.answered),
            recall: share(self.hits, self.right),
            f1: share(2 * self.hits, self.right + self.answered),
        }
    }
}

/// A share; of nothing it is 0, as the reference has it.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn mean(labels: &[LabelFigures], weight: impl Fn(&LabelFigures) -> u64) -> ClassificationFigures {
    let weights: u64 = labels.iter().map(&weight).sum();
    let mean_of = |figure: fn(&ClassificationFigures) -> f64| {
        labels.iter().map(|label| figure(&label.figures) * weight(label) as f64).sum::<f64>() / weights as f64
    };
    ClassificationFigures {
        precision: mean_of(|all| all.precision),
        recall: mean_of(|all| all.recall),
        f1: mean_of(|all| all.f1),
    }
}

fn matthews_correlation(labels: &[LabelFigures], hits: u64, n: u64) -> f64 {
    let n = n as f64;
    let sum_of = |product: fn(&LabelFigures) -> f64| labels.iter().map(product).sum::<f64>();
    let both = hits as f64 * n - sum_of(|label| label.right as f64 * label.answered as f64);
    let answered = n * n - sum_of(|label| (label.answered as f64).powi(2));
    let right = n * n - sum_of(|label| (label.right as f64).powi(2));
    if answered * right == 0.0 { 0.0 } else { both / (answered * right).sqrt() }
}
