//! Holds comparisons against numbers worked out by hand, and checks that nothing depends on the order of samples.

#![allow(clippy::unwrap_used)]

use assay_core::compare::{
    Answer, Answers, Comparison, Conclusion, MeasureComparison, Options, Side, Test, compare as compare_sides,
};
use assay_score::stats::Draws;

fn side(model: &str) -> Side {
    let finished_at = "2026-11-23T04:05:06Z".parse().unwrap();
    Side { run: "r".to_owned(), suite: "s".to_owned(), model: model.to_owned(), finished_at }
}

fn compare(before: &Answers, after: &Answers) -> Comparison {
    compare_sides((side("a"), before), (side("b"), after), Options::default())
}

/// Answers without checks, with one score each; samples are named by their places.
fn scored(name: &str, values: &[f64]) -> Answers {
    let mut answers = Answers::default();
    for (place, value) in values.iter().enumerate() {
        let answer = Answer { line: place as u64 + 1, answered: true, ..Answer::default() };
        answers.add(&format!("{place:04}"), answer, [(name, *value)].into_iter());
    }
    answers
}

/// Answers with checks and no scores.
fn checked(passed: &[bool]) -> Answers {
    let mut answers = Answers::default();
    for (place, passed) in passed.iter().enumerate() {
        let line = place as u64 + 1;
        let failing = u32::from(!passed);
        let answer = Answer { line, answered: true, passed: Some(*passed), failing, ..Answer::default() };
        answers.add(&format!("{place:04}"), answer, [].into_iter());
    }
    answers
}

fn only(comparison: &Comparison) -> &MeasureComparison {
    assert_eq!(comparison.measures.len(), 1, "{comparison:#?}");
    &comparison.measures[0]
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "{found}, expected {expected}");
}

/// 40 samples; 10 that passed fail now, 1 that failed passes. P(at most 1 of 11) = (1 + 11) / 2^11, twice that is p.
#[test]
fn checks_are_decided_by_mcnemars_exact_test() {
    let before: Vec<bool> = (0..40).map(|place| place != 39).collect();
    let after: Vec<bool> = (0..40).map(|place| place >= 10).collect();
    let comparison = compare(&checked(&before), &checked(&after));
    let checks = only(&comparison);
    assert_eq!((checks.name.as_str(), checks.n, checks.tests[0].test), ("checks", 40, Test::McnemarExact));
    near(checks.before, 39.0 / 40.0);
    near(checks.after, 30.0 / 40.0);
    near(checks.effect, -9.0 / 40.0);
    near(checks.tests[0].p, 24.0 / 2048.0);
    near(checks.adjusted_p.unwrap(), 24.0 / 2048.0);
    assert_eq!(checks.verdict, Conclusion::Worse);
    let interval = checks.interval.unwrap();
    assert!(interval.low < -9.0 / 40.0 && interval.high > -9.0 / 40.0 && interval.high < 0.0, "{interval:?}");
    assert_eq!((comparison.regressed, comparison.improved, comparison.unchanged), (10, 1, 29));
    assert_eq!(comparison.regressions.len(), 10);
    let lines: Vec<u64> = comparison.regressions.iter().map(|sample| sample.line).collect();
    assert_eq!(lines, (1..=10).collect::<Vec<_>>(), "ties stand by line");
    assert_eq!((comparison.improvements[0].line, comparison.improvements[0].measure.as_str()), (40, "checks"));
}

#[test]
fn which_way_is_better_is_the_measures_own() {
    let low: Vec<f64> = (0..30).map(|place| 0.1 + f64::from(place) / 100.0).collect();
    let high: Vec<f64> = low.iter().enumerate().map(|(place, value)| value + 0.2 + (place % 3) as f64 / 50.0).collect();
    for (name, up, down) in [
        ("f1", Conclusion::Better, Conclusion::Worse),
        ("word_error_rate", Conclusion::Worse, Conclusion::Better),
        ("judge.tone", Conclusion::Better, Conclusion::Worse),
        ("toxicity.HATE", Conclusion::Worse, Conclusion::Better),
        ("refusal", Conclusion::Different, Conclusion::Different),
        ("of_another_version", Conclusion::Different, Conclusion::Different),
    ] {
        let (one, other) = (scored(name, &low), scored(name, &high));
        let rising = compare(&one, &other);
        assert_eq!((only(&rising).verdict, only(&compare(&other, &one)).verdict), (up, down), "{name}");
        near(only(&rising).effect, 0.2 + 0.02);
        let regressed = match up {
            Conclusion::Worse => (30, 0),
            Conclusion::Better => (0, 30),
            _ => (0, 0),
        };
        assert_eq!((rising.regressed, rising.improved), regressed, "{name}");
    }
}

#[test]
fn few_pairs_and_equal_sides_are_no_evidence() {
    let five = compare(&scored("f1", &[0.0; 5]), &scored("f1", &[1.0; 5]));
    assert_eq!((only(&five).verdict, only(&five).adjusted_p), (Conclusion::TooFew, None));
    assert!(only(&five).tests.is_empty());
    let six = compare(&scored("f1", &[0.0; 6]), &scored("f1", &[1.0; 6]));
    near(only(&six).adjusted_p.unwrap(), 2.0 / 64.0);
    assert_eq!((only(&six).verdict, only(&six).interval), (Conclusion::Better, None), "all changed by the same");
    let values: Vec<f64> = (0..50).map(|place| f64::from(place) / 50.0).collect();
    let equal = compare(&scored("f1", &values), &scored("f1", &values));
    assert_eq!((only(&equal).verdict, only(&equal).adjusted_p), (Conclusion::NoEvidence, Some(1.0)));
    assert_eq!(equal.unchanged, 50);
    assert!(compare(&Answers::default(), &Answers::default()).measures.is_empty());
}

/// Below 20 pairs Wilcoxon's exact test decides: all of 8 rise, so p is 2 / 2^8.
#[test]
fn of_few_pairs_wilcoxon_decides() {
    let before: Vec<f64> = (0..8).map(|place| f64::from(place) / 20.0).collect();
    let after: Vec<f64> = before.iter().enumerate().map(|(place, value)| value + 0.1 + place as f64 / 100.0).collect();
    let found = compare(&scored("f1", &before), &scored("f1", &after));
    assert_eq!(
        only(&found).tests.iter().map(|test| test.test).collect::<Vec<_>>(),
        [Test::Wilcoxon, Test::PairedBootstrap]
    );
    near(only(&found).tests[0].p, 2.0 / 256.0);
}

/// Sixteen pairs, most of them tied: every choice of signs is gone through, and those count whose sum of ranks is as far from
/// the middle as this one. Sizes of 1 share the ranks 1 to 9, sizes of 2 the ranks 10 to 14; a pair without a change has none.
#[test]
fn ties_among_few_pairs_leave_the_test_exact() {
    let eighths = [1, 1, 1, 1, 1, 1, 1, -1, -1, 2, 2, 2, -2, 2, 0, 0];
    let before = [0.5; 16];
    let after: Vec<f64> = eighths.iter().map(|eighth| 0.5 + f64::from(*eighth) / 8.0).collect();
    let found = compare(&scored("f1", &before), &scored("f1", &after));
    assert_eq!(only(&found).tests[0].test, Test::Wilcoxon);

    let ranks = [5.0; 9].into_iter().chain([12.0; 5]).collect::<Vec<f64>>();
    let distance = |signs: u32| {
        let positive = ranks.iter().enumerate().filter(|(place, _)| signs & (1 << place) != 0);
        (positive.map(|(_, rank)| rank).sum::<f64>() - ranks.iter().sum::<f64>() / 2.0).abs()
    };
    let own = (0..14).filter(|place| eighths[*place] > 0).fold(0, |signs, place| signs | 1 << place);
    let as_far = (0..1_u32 << 14).filter(|signs| distance(*signs) >= distance(own)).count();
    near(only(&found).tests[0].p, as_far as f64 / f64::from(1 << 14));
}

/// Holm over two measures that know better from worse: the smaller p counts twice. The third knows neither direction
/// and is corrected apart.
#[test]
fn p_values_are_corrected_for_their_number() {
    let mut sides = [Answers::default(), Answers::default()];
    for place in 0..40 {
        // 8 of 40 lose an exact match, 6 of 40 lose a quasi exact match, 7 refuse now.
        let values = [
            (1.0, 1.0, 0.0),
            (f64::from(u8::from(place >= 8)), f64::from(u8::from(place >= 6)), f64::from(u8::from(place < 7))),
        ];
        for (answers, (exact, quasi, refusal)) in sides.iter_mut().zip(values) {
            let answer = Answer { line: place, answered: true, ..Answer::default() };
            let scores = [("exact_match", exact), ("quasi_exact_match", quasi), ("refusal", refusal)];
            answers.add(&format!("{place:02}"), answer, scores.into_iter());
        }
    }
    let found = compare(&sides[0], &sides[1]);
    let adjusted: Vec<f64> = found.measures.iter().map(|measure| measure.adjusted_p.unwrap()).collect();
    let expected = [2.0 * 2.0 / 256.0, 2.0 / 64.0, 2.0 / 128.0];
    adjusted.iter().zip(expected).for_each(|(found, expected)| near(*found, expected));
    let verdicts: Vec<Conclusion> = found.measures.iter().map(|measure| measure.verdict).collect();
    assert_eq!(verdicts, [Conclusion::Worse, Conclusion::Worse, Conclusion::Different]);
    assert_eq!(found.regressed, 8, "the first measure that tells counts a sample once");
}

#[test]
fn only_shared_samples_with_the_same_question_are_compared() {
    let mut before = scored("f1", &[0.5; 10]);
    let after = scored("f1", &[0.5; 12]);
    let asked_anew = Answer { line: 99, question: 7, answered: true, ..Answer::default() };
    before.add("only-before", asked_anew.clone(), [("f1", 0.0)].into_iter());
    before.add("0011", asked_anew, [("f1", 0.0)].into_iter());
    let found = compare(&before, &after);
    assert_eq!((found.shared, found.only_before, found.only_after, found.changed), (10, 1, 1, 1));
    assert_eq!((only(&found).n, only(&found).before), (10, 0.5));
}

#[test]
fn a_sample_without_an_answer_has_no_scores_and_fails_its_checks() {
    let (mut before, mut after) = (Answers::default(), Answers::default());
    let answer = Answer { line: 1, answered: true, passed: Some(true), ..Answer::default() };
    before.add("a", answer, [("f1", 1.0)].into_iter());
    after.add("a", Answer { line: 1, passed: Some(false), ..Answer::default() }, [].into_iter());
    let found = compare(&before, &after);
    assert_eq!((only(&found).name.as_str(), only(&found).n), ("checks", 1));
    assert_eq!((found.regressed, found.regressions[0].measure.as_str()), (1, "checks"));
}

#[test]
fn changes_are_listed_by_weight_and_cut() {
    let mut before = scored("f1", &[1.0, 1.0, 1.0, 1.0]);
    let mut after = scored("f1", &[0.9, 0.2, 1.0 - 1e-12, 0.5]);
    for (answers, passed) in [(&mut before, true), (&mut after, false)] {
        let answer = Answer { line: 5, answered: true, passed: Some(passed), failing: 1, ..Answer::default() };
        answers.add("checked", answer, [("f1", 1.0)].into_iter());
    }
    let listed = |top| {
        let options = Options { top, ..Options::default() };
        let found = compare_sides((side("a"), &before), (side("b"), &after), options);
        assert_eq!((found.regressed, found.unchanged), (4, 1), "rounding is no change");
        found.regressions.iter().map(|sample| sample.sample.clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed(9), ["checked", "0001", "0003", "0000"]);
    assert_eq!(listed(2), ["checked", "0001"]);
    assert!(listed(0).is_empty());
}

/// Random scores of two sides that do not differ.
fn alike(draws: &mut Draws, n: usize) -> [Vec<f64>; 2] {
    [(); 2].map(|()| (0..n).map(|_| draws.below(1000) as f64 / 1000.0).collect())
}

#[test]
fn nothing_depends_on_the_order_of_samples() {
    let mut draws = Draws::seeded(5);
    let [one, other] = alike(&mut draws, 60);
    let forward = compare(&scored("f1", &one), &scored("f1", &other));
    let mut backward = [Answers::default(), Answers::default()];
    for (answers, values) in backward.iter_mut().zip([&one, &other]) {
        for (place, value) in values.iter().enumerate().rev() {
            let answer = Answer { line: place as u64 + 1, answered: true, ..Answer::default() };
            answers.add(&format!("{place:04}"), answer, [("f1", *value)].into_iter());
        }
    }
    assert_eq!(compare(&backward[0], &backward[1]), forward);
}

/// By simulation: sides that do not differ are told to differ about as often as the level says.
#[test]
fn false_alarms_are_about_as_rare_as_the_level() {
    let mut draws = Draws::seeded(11);
    for n in [12, 30] {
        let experiments = 100;
        let alarms = (0..experiments).filter(|_| {
            let [one, other] = alike(&mut draws, n);
            only(&compare(&scored("f1", &one), &scored("f1", &other))).verdict != Conclusion::NoEvidence
        });
        let share = alarms.count() as f64 / f64::from(experiments);
        // 5 % of 100, give or take three standard errors.
        assert!(share <= 0.05 + 3.0 * (0.05_f64 * 0.95 / 100.0).sqrt(), "{n} samples: {share}");
    }
}
