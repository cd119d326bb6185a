//! Each measure on both sides: means, effect, tests, and what they amount to once all questions are counted.
//!
//! Values that are all 0 or 1 are decided by McNemar's exact test, others by the paired bootstrap with Wilcoxon's test
//! beside it; of few pairs Wilcoxon's test decides, as it is exact there. Holm's correction goes over all measures that know
//! better from worse; those that do not are corrected among themselves, as nobody gates on them.

use super::comparison::{CHECKS, Conclusion, MeasureComparison, Test, TestResult};
use super::pairs::Pairs;
use assay_score::stats::{
    self, Alternative, Correction, Distribution, Draws, Method, adjust, detectable_mean, detectable_proportion,
    mcnemar_exact, paired_bootstrap, wilcoxon_exact,
};
use assay_score::{Direction, Measure};

/// With fewer pairs even an exact test of a change in all of them finds nothing at 5 %.
pub(super) const LEAST_PAIRS: usize = 6;
/// With fewer pairs the bootstrap takes chance for a difference too often: at 5 % in 14 of 100 cases for 6 pairs, in 7
/// for 20.
const LEAST_BOOTSTRAPPED: usize = 20;
/// Confidence of the intervals.
const CONFIDENCE: f64 = 0.95;
/// The probability with which the smallest detectable difference is found.
const POWER: f64 = 0.8;
/// Where the random draws begin: a comparison has to be the same whenever it is made.
const SEED: u64 = 2_026;

/// A measure's values before any test.
pub(super) struct Gathered {
    name: String,
    direction: Direction,
    /// Before and after, in ascending order, so that nothing depends on the order of the samples.
    pub pairs: Vec<(f64, f64)>,
}

/// The values of every measure that at least one sample has on both sides.
pub(super) fn gather(pairs: &Pairs<'_>) -> Vec<Gathered> {
    let number = |passed: bool| f64::from(u8::from(passed));
    let checks = pairs.shared.iter().filter_map(|pair| pair.passed());
    let checks = checks.map(|(before, after)| (number(before), number(after))).collect();
    let mut gathered = vec![Gathered { name: CHECKS.to_owned(), direction: Direction::HigherIsBetter, pairs: checks }];
    for score in &pairs.scores {
        let values = pairs.shared.iter().filter_map(|pair| pair.values(score)).collect();
        gathered.push(Gathered { name: score.name.to_owned(), direction: score.direction, pairs: values });
    }
    gathered.retain(|measure| !measure.pairs.is_empty());
    for measure in &mut gathered {
        measure.pairs.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.total_cmp(&right.1)));
    }
    gathered
}

/// Tests every measure, corrects for their number and gives the verdicts.
pub(super) fn judge(gathered: &[Gathered], resamples: usize, alpha: f64) -> Vec<MeasureComparison> {
    let tested = gathered.iter().filter_map(|measure| {
        let compared = test(measure, resamples, alpha)?;
        Some((measure.direction, compared))
    });
    let mut tested: Vec<(Direction, MeasureComparison)> = tested.collect();
    for family in [Family::Deciding, Family::Neither, Family::Parts] {
        let mut family: Vec<&mut (Direction, MeasureComparison)> = tested
            .iter_mut()
            .filter(|(direction, compared)| {
                Family::of(&compared.name, *direction) == family && !compared.tests.is_empty()
            })
            .collect();
        let deciding: Vec<f64> = family.iter().filter_map(|(_, compared)| Some(compared.tests.first()?.p)).collect();
        for ((direction, compared), p) in family.iter_mut().zip(adjust(&deciding, Correction::Holm)) {
            compared.adjusted_p = Some(p);
            compared.verdict = verdict(*direction, compared.effect, p, alpha);
        }
    }
    tested.into_iter().map(|(_, compared)| compared).collect()
}

/// Measures whose p-values are corrected together. Were parts among the rest, measuring more closely would make it
/// harder to find anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Those that know better from worse.
    Deciding,
    /// Those that do not.
    Neither,
    /// Parts of others.
    Parts,
}

impl Family {
    fn of(name: &str, direction: Direction) -> Self {
        match (name.parse::<Measure>(), direction) {
            (Ok(measure), _) if measure.is_part() => Self::Parts,
            (_, Direction::Neither) => Self::Neither,
            _ => Self::Deciding,
        }
    }
}

fn verdict(direction: Direction, effect: f64, p: f64, alpha: f64) -> Conclusion {
    if p > alpha || effect == 0.0 {
        return Conclusion::NoEvidence;
    }
    match direction {
        Direction::Neither => Conclusion::Different,
        Direction::HigherIsBetter if effect > 0.0 => Conclusion::Better,
        Direction::LowerIsBetter if effect < 0.0 => Conclusion::Better,
        Direction::HigherIsBetter | Direction::LowerIsBetter => Conclusion::Worse,
    }
}

/// Means, effect, interval and tests of one measure. Where the pairs are too few there are no tests.
fn test(measure: &Gathered, resamples: usize, alpha: f64) -> Option<MeasureComparison> {
    let pairs = &measure.pairs;
    let (mut before, mut after, mut differences) = (Distribution::new(), Distribution::new(), Distribution::new());
    for pair in pairs {
        before.push(pair.0).ok()?;
        after.push(pair.1).ok()?;
        differences.push(pair.1 - pair.0).ok()?;
    }
    let (before, after) = (before.mean()?, after.mean()?);
    let n = pairs.len();
    let is_binary = pairs.iter().flat_map(|pair| [pair.0, pair.1]).all(|value| value == 0.0 || value == 1.0);
    let mut compared = MeasureComparison {
        name: measure.name.clone(),
        n: n as u64,
        before,
        after,
        effect: after - before,
        interval: None,
        interval_method: None,
        tests: Vec::new(),
        adjusted_p: None,
        smallest_detectable: None,
        verdict: Conclusion::TooFew,
    };
    let (lost, gained) = (count(pairs, |pair| pair.1 < pair.0), count(pairs, |pair| pair.1 > pair.0));
    compared.smallest_detectable = if is_binary {
        detectable_proportion(n as u64, lost + gained, alpha, POWER)
    } else {
        detectable_mean(&differences, alpha, POWER).filter(|smallest| *smallest > 0.0)
    };
    if n < LEAST_PAIRS {
        return Some(compared);
    }
    let bootstrap = paired_bootstrap(pairs, resamples, CONFIDENCE, &mut Draws::seeded(SEED))?;
    // Where all differences are equal, drawing from them tells nothing of how far they might vary.
    if differences.min() != differences.max() {
        compared.interval = Some(bootstrap.interval);
        compared.interval_method = Some(Method::Bootstrap);
    }
    let bootstrap = TestResult { test: Test::PairedBootstrap, p: bootstrap.p };
    if is_binary {
        compared.tests = vec![TestResult { test: Test::McnemarExact, p: mcnemar_exact(lost, gained) }, bootstrap];
    } else {
        let values: Vec<f64> = pairs.iter().map(|pair| pair.1 - pair.0).collect();
        let decides = n < LEAST_BOOTSTRAPPED;
        // Scores of few samples are often equal, where the usual choice would be the approximation.
        let wilcoxon = if decides { wilcoxon_exact(&values, Alternative::TwoSided) } else { stats::wilcoxon(&values) };
        let wilcoxon = wilcoxon.map(|found| TestResult { test: Test::Wilcoxon, p: found.p });
        compared.tests = std::iter::once(bootstrap).chain(wilcoxon).collect();
        if decides {
            compared.tests.reverse();
        }
    }
    Some(compared)
}

fn count(pairs: &[(f64, f64)], holds: impl Fn(&(f64, f64)) -> bool) -> u64 {
    pairs.iter().filter(|pair| holds(pair)).count() as u64
}
