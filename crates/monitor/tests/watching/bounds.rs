//! The number at which an alarm begins, by hand and by properties.

use assay_monitor::threshold::bound;
use assay_score::Direction::{HigherIsBetter, LowerIsBetter, Neither};
use assay_score::stats::Scale;
use proptest::prelude::*;

#[track_caller]
fn assert_near(found: Option<f64>, expected: f64) {
    let found = found.expect("a threshold");
    assert!((found - expected).abs() < 1e-12, "{found}, expected {expected}");
}

#[test]
fn the_threshold_is_so_many_deviations_below_the_median() {
    // Sorted: 0.78 0.80 0.82 0.83 0.90. Distances from 0.82: 0.04 0.02 0 0.01 0.08, their median is 0.02.
    let values = [0.80, 0.82, 0.78, 0.90, 0.83];
    let found = bound(&values, 3.0, Scale::UnitInterval, HigherIsBetter).unwrap();
    assert!((found.median - 0.82).abs() < 1e-12 && (found.deviation - 0.02).abs() < 1e-12);
    assert_near(found.threshold, 0.82 - 3.0 * 0.02);
    let lower = bound(&values, 3.0, Scale::UnitInterval, LowerIsBetter).unwrap();
    assert_near(lower.threshold, 0.82 + 3.0 * 0.02);
    assert_eq!(bound(&values, 3.0, Scale::UnitInterval, Neither), None);
    assert_eq!(bound(&[], 3.0, Scale::UnitInterval, HigherIsBetter), None);
}

#[test]
fn runs_that_do_not_vary_leave_a_margin_of_the_range() {
    let of = |value: f64, scale, direction| bound(&[value; 5], 5.0, scale, direction).unwrap().threshold;
    assert_near(of(0.9, Scale::UnitInterval, HigherIsBetter), 0.89);
    assert_near(of(0.9, Scale::Signed, HigherIsBetter), 0.88);
    assert_near(of(40.0, Scale::Hundred, HigherIsBetter), 39.0);
    // No upper end: 1 % of the median, and at least 0.01.
    assert_near(of(250.0, Scale::NonNegative, LowerIsBetter), 252.5);
    assert_near(of(0.0, Scale::NonNegative, LowerIsBetter), 0.01);
    assert_near(of(4.0, Scale::Unbounded, HigherIsBetter), 3.96);
}

#[test]
fn a_threshold_lies_inside_the_range_so_that_it_can_be_passed() {
    // Sorted: 0.2 0.4 0.5 0.9 1.0. Distances from 0.5: 0.3 0.1 0 0.4 0.5, their median is 0.3. Five of them below 0.5 is
    // below 0: a breakdown to 0 still alarms.
    let wide = bound(&[0.9, 0.5, 0.2, 1.0, 0.4], 5.0, Scale::UnitInterval, HigherIsBetter).unwrap();
    assert_near(wide.threshold, 0.01);
    let toxic = bound(&[0.1, 0.4, 0.05, 0.5, 0.0, 0.8, 0.08], 20.0, Scale::UnitInterval, LowerIsBetter).unwrap();
    assert_near(toxic.threshold, 0.99);
    // Already at the worst end: nothing can be worse by more than the margin.
    for values in [[0.0; 5], [0.015; 5], [0.01; 5]] {
        assert_eq!(bound(&values, 5.0, Scale::UnitInterval, HigherIsBetter).unwrap().threshold, None);
    }
    assert_eq!(bound(&[1.0; 5], 5.0, Scale::UnitInterval, LowerIsBetter).unwrap().threshold, None);
}

proptest! {
    #[test]
    fn a_threshold_can_be_passed_and_is_not_passed_by_what_is_usual(
        values in prop::collection::vec(0.0..=1.0f64, 1..20),
        deviations in 1u32..=100,
        is_lower_better: bool,
    ) {
        let direction = if is_lower_better { LowerIsBetter } else { HigherIsBetter };
        let found = bound(&values, f64::from(deviations), Scale::UnitInterval, direction).unwrap();
        if let Some(threshold) = found.threshold {
            prop_assert!(threshold > 0.0 && threshold < 1.0);
            let is_passed = |value: f64| if is_lower_better { value > threshold } else { value < threshold };
            prop_assert!(!is_passed(found.median));
            let worst = if is_lower_better { 1.0 } else { 0.0 };
            prop_assert!(is_passed(worst), "{} is not passed by {}", threshold, worst);
        }
    }

    #[test]
    fn the_order_of_runs_does_not_matter(values in prop::collection::vec(0.0..=1.0f64, 1..20), shift in 0usize..20) {
        let mut other = values.clone();
        other.rotate_left(shift % values.len());
        other.reverse();
        let of = |values: &[f64]| bound(values, 5.0, Scale::UnitInterval, HigherIsBetter);
        prop_assert_eq!(of(&values), of(&other));
    }

    #[test]
    fn shifted_and_scaled_values_have_a_shifted_and_scaled_threshold(
        values in prop::collection::vec(0.0..=1.0f64, 5..20),
        shift in -4.0..=4.0f64,
    ) {
        // Large enough that deviations decide and not the margin.
        let of = |values: &[f64]| {
            let found = bound(values, 5.0, Scale::Unbounded, HigherIsBetter).unwrap();
            (found.deviation, found.threshold.unwrap())
        };
        let (deviation, plain) = of(&values);
        prop_assume!(5.0 * deviation > 0.01 * 5.0 && deviation > 0.02);
        let shifted: Vec<f64> = values.iter().map(|value| value + shift).collect();
        prop_assert!((of(&shifted).1 - (plain + shift)).abs() < 1e-9);
        let scaled: Vec<f64> = values.iter().map(|value| value * 8.0).collect();
        prop_assert!((of(&scaled).1 - plain * 8.0).abs() < 1e-9);
    }

    #[test]
    fn better_and_worse_are_mirror_images(values in prop::collection::vec(0.0..=1.0f64, 1..20)) {
        let mirrored: Vec<f64> = values.iter().map(|value| 1.0 - value).collect();
        let lower = bound(&values, 5.0, Scale::UnitInterval, LowerIsBetter).unwrap().threshold;
        let higher = bound(&mirrored, 5.0, Scale::UnitInterval, HigherIsBetter).unwrap().threshold;
        if let (Some(lower), Some(higher)) = (lower, higher) {
            prop_assert!((lower - (1.0 - higher)).abs() < 1e-12);
        }
    }
}
