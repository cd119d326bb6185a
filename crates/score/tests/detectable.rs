//! Holds the smallest detectable differences against simulated experiments and against the equation of their source.

#![allow(clippy::unwrap_used)]

use assay_score::stats::{Distribution, Draws, detectable_mean, detectable_proportion, mcnemar_exact, paired_t_test};

/// A source of numbers for simulations: 30 random bits as a number from 0 to 1.
fn uniform(draws: &mut Draws) -> f64 {
    (draws.below(1 << 30) as f64 + 0.5) / f64::from(1 << 30)
}

/// By simulation: experiments with exactly the detectable difference find it about four times out of five.
#[test]
fn a_detectable_mean_is_found_four_times_out_of_five() {
    let (n, experiments, mut draws) = (200, 4000, Draws::seeded(7));
    // Uniform noise of standard deviation 1: from -sqrt(3) to sqrt(3).
    let mut noise = || (uniform(&mut draws) - 0.5) * 12.0_f64.sqrt();
    let effect = (1.959_963_984_540_054 + 0.841_621_233_572_914_3) / f64::from(n).sqrt();
    let (mut found, mut told) = (0, 0.0);
    for _ in 0..experiments {
        let differences: Vec<f64> = (0..n).map(|_| effect + noise()).collect();
        let mut distribution = Distribution::new();
        differences.iter().for_each(|value| distribution.push(*value).unwrap());
        told += detectable_mean(&distribution, 0.05, 0.8).unwrap();
        found += u32::from(paired_t_test(&differences).unwrap().1 < 0.05);
    }
    let power = f64::from(found) / f64::from(experiments);
    assert!((power - 0.8).abs() < 0.02, "{power}");
    assert!((told / f64::from(experiments) / effect - 1.0).abs() < 0.01, "{told}");
}

/// By simulation, with many and with few samples that differ.
#[test]
fn a_detectable_proportion_is_found_four_times_out_of_five() {
    for (n, discordant) in [(400, 80), (1000, 100), (500, 0)] {
        let effect = detectable_proportion(n, discordant, 0.05, 0.8).unwrap();
        let share = (discordant as f64 / n as f64).max(effect);
        let (experiments, mut found, mut draws) = (4000, 0, Draws::seeded(n));
        for _ in 0..experiments {
            let (mut gained, mut lost) = (0, 0);
            for _ in 0..n {
                let at = uniform(&mut draws);
                gained += u64::from(at < (share + effect) / 2.0);
                lost += u64::from(at >= (share + effect) / 2.0 && at < share);
            }
            found += u32::from(mcnemar_exact(gained, lost) < 0.05);
        }
        let power = f64::from(found) / f64::from(experiments);
        // The exact test keeps its level by finding a little less than the approximation says.
        assert!((power - 0.78).abs() < 0.04, "{n} samples, {discordant} discordant: {power}");
    }
}

/// The equation of Connor (1987), which the difference has to solve.
#[test]
fn a_detectable_proportion_solves_the_equation_of_its_source() {
    let (level, power) = (1.959_963_984_540_054_f64, 0.841_621_233_572_914_3_f64);
    for (n, discordant) in [(50, 20), (100, 30), (1000, 57), (10, 1), (30, 0)] {
        let found = detectable_proportion(n, discordant, 0.05, 0.8).unwrap();
        let share = (discordant as f64 / n as f64).max(found);
        let needed = level * share.sqrt() + power * (share - found * found).max(0.0).sqrt();
        assert!(((n as f64).sqrt() * found - needed).abs() < 1e-9, "{n} {discordant}: {found}");
    }
    assert_eq!(detectable_proportion(3, 0, 0.05, 0.8), None, "three changes are no evidence");
    assert_eq!(detectable_proportion(10, 11, 0.05, 0.8), None);
    assert_eq!(detectable_proportion(10, 5, 0.0, 0.8), None);
}
