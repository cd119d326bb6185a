//! Holds statistics against the values of the reference libraries, and checks that order never matters.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use assay_score::stats::{Distribution, mean_interval, median, median_absolute_deviation, wilson};
use proptest::prelude::*;
use serde_json::Value;

fn rows(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines = text.split('\n').filter(|line| !line.is_empty());
    lines.skip(1).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of(values: &[f64]) -> Distribution {
    let mut distribution = Distribution::new();
    values.iter().for_each(|&value| distribution.push(value).unwrap());
    distribution
}

#[track_caller]
fn assert_near(found: Option<f64>, expected: f64, tolerance: f64, what: &str) {
    let found = found.unwrap_or_else(|| panic!("{what}: nothing, expected {expected}"));
    let allowed = tolerance * expected.abs().max(1.0);
    assert!((found - expected).abs() <= allowed, "{what}: {found}, expected {expected}");
}

#[test]
fn wilson_equals_statsmodels_on_60_rows() {
    let rows = rows("cases/proportion_ci.jsonl");
    assert_eq!(rows.len(), 60);
    for row in &rows {
        let number = |name: &str| row["input"][name].as_u64().unwrap();
        let alpha = row["input"]["alpha"].as_f64().unwrap();
        let found = wilson(number("count"), number("nobs"), 1.0 - alpha).unwrap();
        let expected: [f64; 2] = serde_json::from_value(row["expected"]["wilson"].clone()).unwrap();
        assert_near(Some(found.low), expected[0], 1e-12, &row["id"].to_string());
        assert_near(Some(found.high), expected[1], 1e-12, &row["id"].to_string());
    }
}

#[test]
fn median_and_deviation_equal_numpy_and_scipy_on_34_rows() {
    let rows = rows("cases/robust_spread.jsonl");
    assert_eq!(rows.len(), 34);
    for row in &rows {
        let values: Vec<f64> = serde_json::from_value(row["input"]["x"].clone()).unwrap();
        let expected = |name: &str| row["expected"][name].as_f64();
        assert_eq!(median(&values), expected("median"), "{}", row["id"]);
        assert_eq!(median_absolute_deviation(&values), expected("median_abs_deviation"), "{}", row["id"]);
    }
}

#[test]
fn summary_equals_numpy_and_scipy_on_50_rows() {
    let rows = rows("cases/correlation_and_summary.jsonl");
    assert_eq!(rows.len(), 50);
    let mut percentiles = 0;
    for row in &rows {
        let values: Vec<f64> = serde_json::from_value(row["input"]["x"].clone()).unwrap();
        let (distribution, expected) = (of(&values), &row["expected"]);
        let named = |name: &str| (expected[name].as_f64().unwrap(), format!("{} {name}", row["id"]));
        let (mean, what) = named("mean_x");
        assert_near(distribution.mean(), mean, 1e-12, &what);
        let (deviation, what) = named("std_ddof1_x");
        assert_near(distribution.standard_deviation(), deviation, 1e-12, &what);
        let (error, what) = named("sem_x");
        assert_near(distribution.standard_error(), error, 1e-12, &what);
        for (percent, value) in expected["percentiles_linear_x"].as_object().unwrap() {
            let found = distribution.percentile(percent.parse().unwrap());
            assert_near(found, value.as_f64().unwrap(), 1e-12, &format!("{} p{percent}", row["id"]));
            percentiles += 1;
        }
    }
    assert_eq!(percentiles, 550);
}

/// Confidence, degrees of freedom, quantile: scipy 1.17.1, `t.ppf(0.5 + confidence / 2, freedom)`. To three decimals
/// they are those of the table of critical values in the NIST/SEMATECH handbook, section 1.3.6.7.2.
const T_QUANTILES: [(f64, u32, f64); 12] = [
    (0.90, 1, 6.313751514675037),
    (0.90, 9, 1.833112932656237),
    (0.90, 100, 1.6602343260853392),
    (0.95, 1, 12.706204736174694),
    (0.95, 2, 4.302652729749462),
    (0.95, 5, 2.5705818356363146),
    (0.95, 9, 2.262157162798205),
    (0.95, 29, 2.045229642132703),
    (0.95, 100, 1.9839715185235518),
    (0.95, 1000, 1.9623390808264083),
    (0.99, 9, 3.249835541592126),
    (0.99, 1000, 2.580754698065951),
];

#[test]
fn student_t_interval_has_the_published_quantiles() {
    for (confidence, freedom, quantile) in T_QUANTILES {
        let values: Vec<f64> = (0..=freedom).map(f64::from).collect();
        let distribution = of(&values);
        let (mean, error) = (distribution.mean().unwrap(), distribution.standard_error().unwrap());
        let found = mean_interval(&distribution, confidence).unwrap();
        let what = format!("t({freedom}) at {confidence}");
        assert_near(Some((found.high - mean) / error), quantile, 1e-9, &what);
        assert_near(Some((mean - found.low) / error), quantile, 1e-9, &what);
    }
}

/// By hand: 2, 4, 4, 5 and 5 have mean 4, standard error sqrt(1.5 / 5) and t(4) = 2.776445105.
#[test]
fn student_t_interval_of_a_small_sample() {
    let found = mean_interval(&of(&[2.0, 4.0, 4.0, 5.0, 5.0]), 0.95).unwrap();
    assert_near(Some(found.low), 4.0 - 2.776_445_105 * 0.3_f64.sqrt(), 1e-9, "low");
    assert_near(Some(found.high), 4.0 + 2.776_445_105 * 0.3_f64.sqrt(), 1e-9, "high");
}

/// Every statistic, as bits: equal means equal to the last one.
fn bits(distribution: &Distribution) -> Vec<Option<u64>> {
    let interval = mean_interval(distribution, 0.95);
    let mut statistics = vec![
        distribution.mean(),
        distribution.standard_deviation(),
        distribution.min(),
        distribution.max(),
        interval.map(|interval| interval.low),
        interval.map(|interval| interval.high),
    ];
    statistics.extend([0.0, 12.5, 50.0, 90.0, 100.0].map(|percent| distribution.percentile(percent)));
    statistics.into_iter().map(|value| value.map(f64::to_bits)).collect()
}

fn scores() -> impl Strategy<Value = Vec<f64>> {
    let score = prop_oneof![0.0..=1.0, Just(0.0), Just(-0.0), Just(1.0), -1e9..1e9];
    prop::collection::vec(score, 0..60)
}

proptest! {
    #[test]
    fn order_never_matters((values, shuffled) in scores().prop_flat_map(|values| {
        (Just(values.clone()), Just(values).prop_shuffle())
    })) {
        let (one, other) = (of(&values), of(&shuffled));
        prop_assert_eq!(bits(&one), bits(&other));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn merging_is_pushing_both(left in scores(), right in scores()) {
        let both = of(&[left.as_slice(), right.as_slice()].concat());
        let (mut one, mut other) = (of(&left), of(&right));
        one.merge(&of(&right));
        other.merge(&of(&left));
        prop_assert_eq!(bits(&one), bits(&both));
        prop_assert_eq!(bits(&other), bits(&both));
        prop_assert_eq!(one.count() as usize, left.len() + right.len());
    }

    #[test]
    fn mean_and_percentiles_stay_among_the_values(values in scores()) {
        prop_assume!(!values.is_empty());
        let distribution = of(&values);
        let range = distribution.min().unwrap()..=distribution.max().unwrap();
        prop_assert!(range.contains(&distribution.mean().unwrap()));
        prop_assert!(range.contains(&distribution.percentile(33.3).unwrap()));
    }
}

#[test]
fn what_is_no_number_has_no_median() {
    for values in [&[][..], &[f64::NAN], &[0.5, f64::INFINITY], &[0.5, f64::NAN, 0.7]] {
        assert_eq!(median(values), None);
        assert_eq!(median_absolute_deviation(values), None);
    }
    // The distance between them is more than a number can be.
    assert_eq!(median_absolute_deviation(&[f64::MAX, f64::MAX, -f64::MAX, -f64::MAX, -f64::MAX]), None);
    assert_eq!(median(&[f64::MAX, f64::MAX]), Some(f64::MAX));
}
