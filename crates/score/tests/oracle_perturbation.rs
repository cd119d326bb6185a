//! Holds perturbations against the recorded draws of fmeval, and robustness against fmeval and jiwer, row by row; and
//! the perturbations against what must hold whatever the random numbers.

#![allow(clippy::unwrap_used)]

mod support;

use assay_score::perturbation::{
    Draws, Kind, Parameters, chosen_positions, neighbours, number_words, typos, upper_case_at, variants, variants_with,
    whitespace,
};
use assay_score::robustness::{above_noise, baseline_word_error_rate, bedrock_percent, delta, word_error_rate};
use proptest::prelude::*;
use serde_json::Value;
use support::rows;

fn number(row: &Value, name: &str) -> f64 {
    row["input"][name].as_f64().unwrap()
}

/// Each tape must be used up: as many draws are taken as the reference took.
#[test]
fn perturbations_equal_fmeval_on_150_tapes() {
    let rows = rows("cases/perturbation_tapes.jsonl");
    let mut counts = [0; 3];
    for row in &rows {
        let text = row["input"]["text"].as_str().unwrap();
        let tape: Vec<f64> = serde_json::from_value(row["input"]["uniforms"].clone()).unwrap_or_default();
        let mut draws = tape.iter().copied();
        let found = match row["input"]["kind"].as_str().unwrap() {
            "butter_finger" => {
                counts[0] += 1;
                typos(text, number(row, "perturbation_prob"), || draws.next().unwrap())
            }
            "random_upper_case" => {
                counts[1] += 1;
                let positions: Vec<usize> = serde_json::from_value(row["input"]["positions"].clone()).unwrap();
                let chosen = chosen_positions(text.chars().count(), number(row, "corrupt_proportion"), || 0.5);
                assert_eq!(Some(chosen.len() as u64), row["input"]["n_positions"].as_u64(), "{row}");
                upper_case_at(text, &positions)
            }
            _ => {
                counts[2] += 1;
                whitespace(text, number(row, "add_prob"), number(row, "remove_prob"), || draws.next().unwrap())
            }
        };
        assert_eq!(Some(found.as_str()), row["expected"].as_str(), "{row}");
        assert_eq!(draws.next(), None, "{row}");
    }
    assert_eq!(counts, [50, 50, 50]);
}

#[test]
fn robustness_equals_fmeval_on_100_rows() {
    let rows = rows("cases/robustness.jsonl");
    assert_eq!(rows.len(), 100);
    let mut counts = [0; 2];
    for row in &rows {
        let input = &row["input"];
        let near = |found: Option<f64>, name: &str| {
            let expected = row["expected"][name].as_f64();
            let agrees = match (found, expected) {
                (Some(found), Some(expected)) => (found - expected).abs() <= 1e-12 * expected.abs().max(1.0),
                (found, expected) => found == expected,
            };
            assert!(agrees, "{name}: {found:?}, expected {expected:?}: {row}");
        };
        if input["kind"] == "mean_delta" {
            counts[0] += 1;
            let original = input["original"].as_f64().unwrap();
            let perturbed: Vec<f64> = serde_json::from_value(input["perturbed"].clone()).unwrap();
            near(delta(original, &perturbed), "delta");
            near(bedrock_percent(original, &perturbed), "bedrock_percent");
        } else {
            counts[1] += 1;
            let original = input["original_output"].as_str().unwrap();
            let texts = |name: &str| -> Vec<&str> {
                input[name].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
            };
            let rate = word_error_rate(original, &texts("perturbed_outputs"));
            let baseline = baseline_word_error_rate(original, &texts("baseline_outputs"));
            near(rate, "word_error_rate");
            near(baseline, "baseline_word_error_rate");
            near(rate.map(|rate| above_noise(rate, baseline)), "adjusted_word_error_rate");
        }
    }
    assert_eq!(counts, [60, 40]);
}

/// Written down once: another version must give the same texts, or runs cannot be repeated. The draws themselves are
/// held against the published SplitMix64, the perturbations against the tapes above.
#[test]
fn texts_do_not_depend_on_order_count_or_neighbours() {
    let text = "When does the parcel arrive, please?";
    for kind in Kind::ALL.into_iter().filter(|kind| kind.is_random()) {
        let five = variants(kind, text, 7, "q1", 5);
        assert_eq!(five.len(), 5);
        assert_eq!(variants(kind, text, 7, "q1", 2), five[..2]);
        assert_ne!(variants(kind, text, 8, "q1", 5), five);
        assert_ne!(variants(kind, text, 7, "q2", 5), five);
        // The same by hand, from the stream that the documentation names.
        for (index, variant) in five.iter().enumerate() {
            let mut draws = Draws::of(7, "q1", kind.name(), index as u64);
            let draw = || draws.uniform();
            let expected = match kind {
                Kind::Typos => typos(text, 0.1, draw),
                Kind::Case => upper_case_at(text, &chosen_positions(36, 0.1, draw)),
                _ => whitespace(text, 0.05, 0.1, draw),
            };
            assert_eq!(*variant, expected);
        }
    }
}

#[test]
fn kinds_without_chance_give_one_text_or_none() {
    assert_eq!(variants(Kind::LowerCase, "WHY 30?", 1, "a", 5), ["why 30?"]);
    assert_eq!(variants(Kind::LowerCase, "why 30?", 1, "a", 5), [""; 0]);
    assert_eq!(variants(Kind::NumberWords, "Why 30?", 1, "a", 5), ["Why thirty?"]);
    assert_eq!(variants(Kind::NumberWords, "Why?", 1, "a", 5), [""; 0]);
    assert_eq!(variants(Kind::NumberWords, "30", 1, "a", 0), [""; 0]);
}

#[test]
fn kinds_are_named_alike_everywhere() {
    let schema = schemars::schema_for!(Kind).to_value().to_string();
    for (kind, name) in Kind::ALL.into_iter().zip(["typos", "case", "whitespace", "lower_case", "number_words"]) {
        assert_eq!((kind.name(), kind.to_string().as_str()), (name, name));
        assert_eq!(serde_json::to_value(kind).unwrap(), name);
        assert_eq!(serde_json::from_value::<Kind>(name.into()).unwrap(), kind);
        assert!(schema.contains(&format!("{name:?}")), "{schema}");
    }
}

#[test]
fn numbers_are_read_as_in_english() {
    for (text, expected) in [
        ("Within 30 days.", "Within thirty days."),
        ("0 or 1,234 or 1234", "zero or one thousand two hundred thirty-four or one thousand two hundred thirty-four"),
        ("1999", "one thousand nine hundred ninety-nine"),
        ("100 110 101", "one hundred one hundred ten one hundred one"),
        ("1,000,000", "one million"),
        ("-5 degrees, (-7) and \u{2212}8", "minus five degrees, (minus seven) and minus eight"),
        ("10-20", "ten-twenty"),
        (
            "3.14, 0.5 and 2,500.75",
            "three point one four, zero point five and two thousand five hundred point seven five",
        ),
        ("a .5 share, -.5", "a point five share, minus point five"),
        ("the 1st, 2nd, 3rd, 4th", "the first, second, third, fourth"),
        ("5th 8th 9th 12th 20th", "fifth eighth ninth twelfth twentieth"),
        ("11th 21st 112th 101ST", "eleventh twenty-first one hundred twelfth one hundred first"),
        ("100th 1,000th", "one hundredth one thousandth"),
        ("21th 3th", "21th 3th"),
        ("A4, 3D, x2_1, 10am, v2.1", "A4, 3D, x2_1, 10am, v2.1"),
        ("1.2.3 and 10.0.0.1", "1.2.3 and 10.0.0.1"),
        ("1,2 and 1,23,456", "one,two and one,twenty-three,four hundred fifty-six"),
        ("007", "zero zero seven"),
        ("12:30 for $5 or 50%", "twelve:thirty for $five or fifty%"),
        ("2. Next", "two. Next"),
        (
            "999999999999999999",
            "nine hundred ninety-nine quadrillion nine hundred ninety-nine trillion nine hundred \
            ninety-nine billion nine hundred ninety-nine million nine hundred ninety-nine thousand nine hundred ninety-nine",
        ),
        (
            "1000000000000000000",
            "one zero zero zero zero zero zero zero zero zero zero zero zero zero zero zero zero zero zero",
        ),
        ("\u{663} and \u{b2}", "\u{663} and \u{b2}"),
        ("", ""),
    ] {
        assert_eq!(number_words(text), expected, "{text}");
    }
}

/// The number that words stand for: the way back, by other means.
fn heard(words: &str) -> u64 {
    let small = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
        seventeen eighteen nineteen";
    let tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let (mut total, mut group) = (0, 0);
    for word in words.split([' ', '-']) {
        let scale = match word {
            "thousand" => 1_000,
            "million" => 1_000_000,
            "billion" => 1_000_000_000,
            "trillion" => 1_000_000_000_000,
            "quadrillion" => 1_000_000_000_000_000,
            "hundred" => {
                group *= 100;
                continue;
            }
            word => {
                let ten = tens.iter().position(|ten| *ten == word).map(|place| 20 + 10 * place as u64);
                group += ten.or(small.split(' ').position(|one| one == word).map(|one| one as u64)).unwrap();
                continue;
            }
        };
        total += group * scale;
        group = 0;
    }
    total + group
}

/// Rule 5: over 10,000 letters, observed rates lie within five standard deviations of the parameters.
fn assert_rate(changed: usize, of: usize, expected: f64, what: &str) {
    let deviation = (expected * (1.0 - expected) / of as f64).sqrt();
    let rate = changed as f64 / of as f64;
    assert!((rate - expected).abs() <= 5.0 * deviation, "{what}: {rate}, expected {expected} +- {deviation}");
}

#[test]
fn rates_are_those_of_the_parameters() {
    for key in 'a'..='z' {
        let text = key.to_string().repeat(10_000);
        let list = neighbours(key).unwrap();
        // A key that stands in its own list is hit all the same.
        let visible = list.chars().filter(|hit| *hit != key).count() as f64 / list.len() as f64;
        let changed = variants(Kind::Typos, &text, 1, "rate", 1)[0].chars().filter(|hit| *hit != key).count();
        assert_rate(changed, 10_000, 0.1 * visible, &format!("typos of {key}"));
        assert_eq!(list.chars().filter(|hit| *hit == key).count(), usize::from(list.contains(key)), "{key}");
    }
    let letters = "abcdefghij".repeat(1000);
    let upper = variants(Kind::Case, &letters, 1, "rate", 1)[0].chars().filter(char::is_ascii_uppercase).count();
    assert_eq!(upper, 1000);
    let added = variants(Kind::Whitespace, &letters, 1, "rate", 1)[0].chars().filter(|c| *c == ' ').count();
    assert_rate(added, 10_000, 0.05, "spaces added");
    let kept = variants(Kind::Whitespace, &" ".repeat(10_000), 1, "rate", 1)[0].len();
    assert_rate(10_000 - kept, 10_000, 0.1, "spaces removed");
    // Each place is as likely as any other to be in upper case.
    let mut hits = [0; 10];
    for text in variants(Kind::Case, "abcdefghij", 1, "places", 10_000) {
        hits[text.chars().position(|c| c.is_ascii_uppercase()).unwrap()] += 1;
    }
    hits.iter().enumerate().for_each(|(place, hits)| assert_rate(*hits, 10_000, 0.1, &format!("place {place}")));
}

fn only(kind: Kind, parameters: Parameters, text: &str, seed: u64) -> String {
    variants_with(&parameters, kind, text, seed, "id", 1).remove(0)
}

proptest! {
    /// Rule 1.
    #[test]
    fn as_many_texts_as_asked_for_and_always_the_same(text in "\\PC{0,40}", seed: u64, id in "\\PC{0,8}", count in 0_usize..6) {
        for kind in Kind::ALL.into_iter().filter(|kind| kind.is_random()) {
            let texts = variants(kind, &text, seed, &id, count);
            prop_assert_eq!(texts.len(), count);
            prop_assert_eq!(&texts, &variants(kind, &text, seed, &id, count));
            prop_assert_eq!(variants(kind, "", seed, &id, count), vec![String::new(); count]);
        }
    }

    /// Rule 2.
    #[test]
    fn typos_hit_neighbours_and_keep_case(text in "[ -~\n\t]{0,200}", seed: u64, probability in 0.0..=1.0) {
        let found = only(Kind::Typos, Parameters { typo_probability: probability, ..Parameters::default() }, &text, seed);
        prop_assert_eq!(found.chars().count(), text.chars().count());
        for (was, is) in text.chars().zip(found.chars()) {
            if was == is {
                continue;
            }
            prop_assert!(was.is_ascii_alphabetic(), "{:?}", was);
            let list = neighbours(was.to_ascii_lowercase()).unwrap();
            let hits: String = if was.is_ascii_uppercase() { list.to_ascii_uppercase() } else { list.to_owned() };
            prop_assert!(hits.contains(is), "{:?} {:?}", was, is);
        }
    }

    /// Rule 2, the rest of it.
    #[test]
    fn without_probability_no_key_is_missed(text in "\\PC{0,60}", seed: u64) {
        let found = only(Kind::Typos, Parameters { typo_probability: 0.0, ..Parameters::default() }, &text, seed);
        let round_trip = |c: char| -> String {
            let lowered: String = c.to_lowercase().collect();
            if lowered == c.to_string() { lowered } else { lowered.chars().flat_map(char::to_uppercase).collect() }
        };
        prop_assert_eq!(found, text.chars().map(round_trip).collect::<String>());
    }

    /// Rule 3.
    #[test]
    fn upper_case_changes_the_chosen_places_alone(text in "[ -~]{0,200}", seed: u64, proportion in 0.0..=1.0) {
        let parameters = Parameters { upper_case_proportion: proportion, ..Parameters::default() };
        let found = only(Kind::Case, parameters, &text, seed);
        prop_assert_eq!(found.to_ascii_lowercase(), text.to_ascii_lowercase());
        let mut draws = Draws::of(seed, "id", "case", 0);
        let mut positions = chosen_positions(text.len(), proportion, || draws.uniform());
        for (place, (was, is)) in text.chars().zip(found.chars()).enumerate() {
            prop_assert_eq!(is, if positions.contains(&place) { was.to_ascii_uppercase() } else { was });
        }
        positions.sort_unstable();
        positions.dedup();
        prop_assert_eq!(positions.len(), (text.len() as f64 * proportion).floor() as usize);
        prop_assert!(positions.iter().all(|place| *place < text.len()));
    }

    /// Rule 4.
    #[test]
    fn whitespace_alone_comes_and_goes(text in "[\\PC \t\n\u{1c}\u{a0}]{0,60}", seed: u64, added in 0.0..=1.0, removed in 0.0..=1.0) {
        let is_space = |c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c);
        let bare = |text: &str| text.chars().filter(|c| !is_space(*c)).collect::<String>();
        let with = |added, removed| {
            let parameters =
                Parameters { space_added_probability: added, space_removed_probability: removed, ..Parameters::default() };
            only(Kind::Whitespace, parameters, &text, seed)
        };
        prop_assert_eq!(bare(&with(added, removed)), bare(&text));
        prop_assert_eq!(with(0.0, 0.0), text.clone());
        prop_assert_eq!(with(0.0, 1.0), bare(&text));
        let spaced: String = text.chars().flat_map(|c| [Some(c), (!is_space(c)).then_some(' ')]).flatten().collect();
        prop_assert_eq!(with(1.0, 0.0), spaced);
    }

    #[test]
    fn numbers_are_heard_as_they_were_written(number in 0_u64..1_000_000_000_000_000_000) {
        prop_assert_eq!(heard(&number_words(&number.to_string())), number);
        prop_assert_eq!(heard(&number_words(&(number % 10_000).to_string())), number % 10_000);
    }

    #[test]
    fn any_text_can_have_its_numbers_read(text in "[0-9.,a-zé \\-−_stndrh]{0,30}") {
        let words = number_words(&text);
        prop_assert_eq!(number_words(&words), words.clone(), "what stays is a name: {:?}", text);
    }
}
