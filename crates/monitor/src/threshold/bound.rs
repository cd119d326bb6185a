//! The number at which an alarm begins.

use assay_score::Direction;
use assay_score::stats::{Scale, median, median_absolute_deviation};

/// How far a threshold is away from the median at the least: this share of the measure's range. Answers at temperature 0
/// may well be the same in every run; an alarm at the slightest change would say nothing.
const LEAST_MARGIN: f64 = 0.01;

/// A threshold and what it was made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// The median.
    pub median: f64,
    /// The median absolute deviation, without a factor.
    pub deviation: f64,
    /// The threshold; none where the median lies so near to the worst end of the range that nothing could be worse by
    /// more than the margin.
    pub threshold: Option<f64>,
}

/// The threshold for values that usually are `values`: the median less `deviations` median absolute deviations, at least
/// 1 % of the range (where the scale has no two ends: 1 % of the median, and at least 0.01). Where lower is better, the
/// median plus as much.
///
/// It lies inside the range by 1 % of it: a threshold at the worst end or beyond could never be passed, however bad the
/// answers, so a suite whose scores vary widely still alarms when they break down altogether.
///
/// None for no values, and for measures of which neither more nor less is better.
pub fn bound(values: &[f64], deviations: f64, scale: Scale, direction: Direction) -> Option<Bound> {
    // Where higher is better, everything is turned round: afterwards the worst is the highest.
    let sign = match direction {
        Direction::LowerIsBetter => 1.0,
        Direction::HigherIsBetter => -1.0,
        Direction::Neither => return None,
    };
    let (median, deviation) = (median(values)?, median_absolute_deviation(values)?);
    let range = scale.high() - scale.low();
    let margin = LEAST_MARGIN * if range.is_finite() { range } else { median.abs().max(1.0) };
    let worst = if direction == Direction::LowerIsBetter { scale.high() } else { -scale.low() };
    let usual = sign * median;
    let wanted = usual + (deviations * deviation).max(margin);
    let inside = wanted.min(worst - margin);
    let has_room = inside >= usual + margin && inside.is_finite();
    Some(Bound { median, deviation, threshold: has_room.then_some(sign * inside) })
}
