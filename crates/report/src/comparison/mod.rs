//! A comparison for people: the samples that changed first, totals last.
//!
//! The words that text and Markdown share are here.

mod markdown;
mod text;

pub use markdown::comparison_markdown;
pub use text::comparison_text;

use super::numbers::{p_value, score, signed, thousands};
use assay_core::compare::{ChangedSample, Comparison, Conclusion, MeasureComparison, SampleSide};

/// What the sides are called, and what became of samples: of two runs one came first, of two models of a run none did.
#[derive(Debug, Clone, Copy)]
struct Words {
    /// The sides.
    pub sides: [&'static str; 2],
    /// Over the samples that are worth less on the second side.
    pub worse: &'static str,
    /// Over those that are worth more.
    pub better: &'static str,
    /// Counts of samples: worse, better, unchanged; only on the first side, only on the second.
    pub counts: [&'static str; 5],
}

const OF_RUNS: Words = Words {
    sides: ["before", "after"],
    worse: "Got worse",
    better: "Got better",
    counts: ["got worse", "got better", "stayed", "only before", "only after"],
};
const OF_MODELS: Words = Words {
    sides: ["first", "other"],
    worse: "The other is worse",
    better: "The other is better",
    counts: ["worse in the other", "better", "alike", "only in the first", "only in the other"],
};

/// The words of a comparison.
fn words(comparison: &Comparison) -> Words {
    if comparison.is_within_run() { OF_MODELS } else { OF_RUNS }
}

/// The headings of the measures, as [`cells`] fills them.
fn headings(words: Words) -> [&'static str; 9] {
    let [before, after] = words.sides;
    ["measure", "n", before, after, "effect", "95 % interval", "adjusted p", "detectable", "verdict"]
}

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
        or_none(measure.adjusted_p.map(p_value)),
        or_none(measure.smallest_detectable.map(score)),
        word(measure.verdict).to_owned(),
    ]
}

fn word(verdict: Conclusion) -> &'static str {
    match verdict {
        Conclusion::Better => "better",
        Conclusion::Worse => "WORSE",
        Conclusion::Different => "different",
        Conclusion::NoEvidence => "no evidence",
        Conclusion::TooFew => "too few",
    }
}

/// How many samples there are, and what became of them.
fn totals(comparison: &Comparison) -> String {
    let Comparison { shared, regressed, improved, unchanged, only_before, only_after, changed, .. } = comparison;
    let count = |number: &u64| thousands(*number);
    let [worse, better, alike, first, second] = words(comparison).counts;
    let mut text = format!(
        "{} samples compared: {} {worse}, {} {better}, {} {alike}",
        count(shared),
        count(regressed),
        count(improved),
        count(unchanged)
    );
    for (number, what) in [(only_before, first), (only_after, second), (changed, "with another question")] {
        if *number > 0 {
            text.push_str(&format!("; {} {what}", count(number)));
        }
    }
    text
}

/// What it amounts to, in a sentence.
fn conclusion(comparison: &Comparison) -> String {
    let named = |verdict: Conclusion| -> Vec<&str> {
        let measures = comparison.measures.iter().filter(|measure| measure.verdict == verdict);
        measures.map(|measure| measure.name.as_str()).collect()
    };
    let found: Vec<String> =
        [(Conclusion::Worse, "worse"), (Conclusion::Better, "better"), (Conclusion::Different, "different")]
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
    } else if comparison.measures.iter().all(|measure| measure.verdict == Conclusion::TooFew) {
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
    use serde_json::{Value, json};

    fn comparison(measures: &Value) -> Comparison {
        of_runs(["r_1", "r_2"], measures)
    }

    fn of_runs(runs: [&str; 2], measures: &Value) -> Comparison {
        let side = |model: &str| {
            let run = if model == "m" { runs[0] } else { runs[1] };
            json!({"run": run, "suite": "s", "model": model, "finished_at": "2026-01-01T00:00:00Z"})
        };
        let sample = json!({"sample": "a|b", "line": 1234, "measure": "checks", "prompt": "<b>\u{1b}[1m", "reference": "w",
            "before": {"response": "good"}, "after": {"response": "*bad*", "failed_checks": ["contains: x"]}});
        let value = json!({"before": side("m"), "after": side("n"), "shared": 2000, "only_before": 1, "only_after": 0,
            "changed": 3, "alpha": 0.05, "resamples": 10_000, "measures": measures, "regressed": 5, "improved": 0,
            "unchanged": 1995, "regressions": [sample], "improvements": [], "caveats": ["the specs differ in `system`"]});
        serde_json::from_value(value).unwrap()
    }

    fn measure(name: &str, verdict: &str) -> Value {
        json!({"name": name, "n": 2000, "before": 0.75, "after": 0.5, "effect": -0.25, "interval": [-0.3, -0.2],
            "adjusted_p": 0.00001, "smallest_detectable": 0.0315, "verdict": verdict})
    }

    #[test]
    fn text_shows_samples_then_numbers_then_the_totals() {
        let text = comparison_text(&comparison(&json!([measure("f1", "worse")])), 200);
        let parts = [
            "before  m of r_1 (s)",
            "Note: the specs differ",
            "Got worse: 5",
            "a|b (line 1,234)",
            "<b>␛[1m",
            "checks passed: good",
            "failed contains: x: *bad*",
            "... and 4 more",
            "−0.300 to −0.200",
            "< 0.001",
            "2,000 samples compared: 5 got worse, 0 got better, 1,995 stayed; 1 only before; 3 with another question.",
            "There is evidence of a difference: worse in f1 (level 0.05, corrected).",
        ];
        let places: Vec<usize> =
            parts.iter().map(|part| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"))).collect();
        assert!(places.is_sorted(), "{text}");
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn markdown_escapes_what_models_and_users_wrote() {
        let text = comparison_markdown(&comparison(&json!([measure("exact_match", "worse")])));
        for part in [
            "n of r\\_2 against m of r\\_1",
            "| measure | n | before | after | effect |",
            "a\\|b | 1234 | &lt;b&gt;␛\\[1m",
            "\\*bad\\*",
            "| exact\\_match | 2,000 |",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn models_of_a_run_are_no_before_and_after() {
        let found = of_runs(["r_1", "r_1"], &json!([measure("job.Accuracy", "worse")]));
        let text = comparison_text(&found, 200);
        let totals = "2,000 samples compared: 5 worse in the other, 0 better, 1,995 alike; 1 only in the first";
        for part in
            ["first   m of r_1 (s)", "other   n of r_1 (s)", "The other is worse: 5", totals, "first   checks passed"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        let markdown = comparison_markdown(&found);
        for part in
            ["## n against m in r\\_1\n", "| wanted | first | other |", "| measure | n | first | other |", totals]
        {
            assert!(markdown.contains(part), "{part}: {markdown}");
        }
        for word in ["before", "after", "baseline", "got worse"] {
            assert!(!text.contains(word) && !markdown.contains(word), "{word}: {text}{markdown}");
        }
    }

    #[test]
    fn what_it_amounts_to_is_said_in_a_sentence() {
        let said = |measures: Value| conclusion(&comparison(&measures));
        assert!(said(json!([])).starts_with("Nothing could be compared"));
        assert!(said(json!([measure("f1", "too_few")])).starts_with("There are too few samples"));
        assert!(
            said(json!([measure("f1", "too_few"), measure("bleu", "no_evidence")])).starts_with("There is no evidence")
        );
        let both = said(json!([measure("f1", "better"), measure("bleu", "worse"), measure("refusal", "different")]));
        assert_eq!(
            both,
            "There is evidence of a difference: worse in bleu; better in f1; different in refusal (level 0.05, corrected)."
        );
    }

    #[test]
    fn differences_have_signs_and_zero_has_none() {
        assert_eq!(
            [0.25, -0.25, 0.0, -0.0, 0.0001, -12.0].map(signed),
            ["+0.250", "−0.250", "0.000", "0.000", "0.000", "−12.0"]
        );
        assert_eq!([0.0312, 0.0001].map(p_value), ["0.031", "< 0.001"]);
    }
}
