//! A comparison for people: the samples that changed first, totals last.
//!
//! The words that text and Markdown share are here.

mod markdown;
mod text;

pub use markdown::comparison_markdown;
pub use text::comparison_text;

use super::numbers::{score, thousands};
use assay_core::compare::{ChangedSample, Comparison, MeasureComparison, SampleSide, Verdict};

/// The headings of the measures, as [`cells`] fills them.
const HEADINGS: [&str; 9] =
    ["measure", "n", "before", "after", "effect", "95 % interval", "adjusted p", "detectable", "verdict"];

/// A measure as the cells of a row.
fn cells(measure: &MeasureComparison) -> [String; 9] {
    let or_none = |text: Option<String>| text.unwrap_or("-".to_owned());
    [
        measure.name.clone(),
        thousands(measure.n),
        score(measure.before),
        score(measure.after),
        signed(measure.effect),
        or_none(measure.interval.map(|found| format!("{} to {}", signed(found.low), signed(found.high)))),
        or_none(measure.adjusted_p.map(probability)),
        or_none(measure.smallest_detectable.map(score)),
        word(measure.verdict).to_owned(),
    ]
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "WORSE",
        Verdict::Different => "different",
        Verdict::NoEvidence => "no evidence",
        Verdict::TooFew => "too few",
    }
}

fn signed(value: f64) -> String {
    // A zero has no sign, nor has what rounds to it.
    let text = score(value);
    let is_zero = text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.');
    if is_zero {
        text.trim_start_matches('-').to_owned()
    } else if value > 0.0 {
        format!("+{text}")
    } else {
        text
    }
}

fn probability(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

/// How many samples there are, and what became of them.
fn totals(comparison: &Comparison) -> String {
    let Comparison { shared, regressed, improved, unchanged, only_before, only_after, changed, .. } = comparison;
    let count = |number: &u64| thousands(*number);
    let mut text = format!(
        "{} samples compared: {} got worse, {} got better, {} stayed",
        count(shared),
        count(regressed),
        count(improved),
        count(unchanged)
    );
    for (number, what) in [(only_before, "only before"), (only_after, "only after"), (changed, "with another question")]
    {
        if *number > 0 {
            text.push_str(&format!("; {} {what}", count(number)));
        }
    }
    text
}

/// What it amounts to, in a sentence.
fn conclusion(comparison: &Comparison) -> String {
    let named = |verdict: Verdict| -> Vec<&str> {
        let measures = comparison.measures.iter().filter(|measure| measure.verdict == verdict);
        measures.map(|measure| measure.name.as_str()).collect()
    };
    let found: Vec<String> =
        [(Verdict::Worse, "worse"), (Verdict::Better, "better"), (Verdict::Different, "different")]
            .into_iter()
            .map(|(verdict, word)| (named(verdict), word))
            .filter(|(names, _)| !names.is_empty())
            .map(|(names, word)| format!("{word} in {}", names.join(", ")))
            .collect();
    let level = comparison.alpha;
    if comparison.measures.is_empty() {
        "Nothing could be compared: no sample has a score on both sides.".to_owned()
    } else if !found.is_empty() {
        format!("There is evidence of a difference: {} (level {level}, corrected).", found.join("; "))
    } else if comparison.measures.iter().all(|measure| measure.verdict == Verdict::TooFew) {
        "There are too few samples to tell a difference.".to_owned()
    } else {
        format!("There is no evidence of a difference (level {level}, corrected).")
    }
}

/// What a sample was worth on one side.
fn value(sample: &ChangedSample, side: &SampleSide) -> String {
    match side.value {
        Some(value) => format!("{} {}", sample.measure, score(value)),
        None if side.failed_checks.is_empty() => "checks passed".to_owned(),
        None => format!("failed {}", side.failed_checks.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_signs_and_zero_has_none() {
        assert_eq!(
            [0.25, -0.25, 0.0, -0.0, 0.0001, -12.0].map(signed),
            ["+0.250", "-0.250", "0.000", "0.000", "0.000", "-12.0"]
        );
        assert_eq!([0.0312, 0.0001].map(probability), ["0.031", "< 0.001"]);
    }
}
