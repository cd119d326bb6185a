//! Warnings about the numbers that runs of every kind share.

use crate::compare::Regression;
use crate::summary::ModelSummary;

/// What is missing among the numbers.
pub fn missing_caveats(models: &[ModelSummary], bad_lines: u64) -> Vec<String> {
    let mut caveats = Vec::new();
    let failed: u64 = models.iter().map(|model| model.failed).sum();
    if failed > 0 {
        caveats.push(format!("{failed} samples have no answer: means are over the answered ones alone"));
    }
    if bad_lines > 0 {
        caveats.push(format!("{bad_lines} lines of the dataset could not be used"));
    }
    caveats
}

/// Why the run was not compared with the baseline, where its gate does not ask for that: where it does, its verdict says so.
/// `key` is the dataset's, `run` the run's folder as people write it, `is_answered` whether there is a response at all.
pub fn baseline_caveats(
    regression: &Regression,
    is_required: bool,
    is_answered: bool,
    (key, run): (&str, &str),
) -> Vec<String> {
    if is_required {
        return Vec::new();
    }
    let lack = regression.lack(key, run).filter(|_| is_answered);
    regression.broken.iter().cloned().chain(lack).collect()
}
