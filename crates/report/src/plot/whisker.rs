//! A mean with its interval on its scale, small enough for the cell of a table. The cell tells the numbers.

use super::{Axis, Px};
use askama::Template;
use assay_score::stats::Interval;

/// A mean with its interval.
#[derive(Debug, Template)]
#[template(path = "plot/whisker.svg")]
pub(crate) struct Whisker {
    low: Px,
    high: Px,
    mean: Px,
    zero: Option<Px>,
}

impl Whisker {
    /// The mean on a scale from `scale.0` to `scale.1`. A zero inside of the scale is marked.
    pub(crate) fn new(scale: (f64, f64), mean: f64, interval: Option<Interval>) -> Self {
        let across = Axis { values: scale, lengths: (4.0, 96.0) };
        let (low, high) = interval.map_or((mean, mean), |found| (found.low, found.high));
        let inside = scale.0 < 0.0 && scale.1 > 0.0;
        Self { low: across.at(low), high: across.at(high), mean: across.at(mean), zero: inside.then(|| across.at(0.0)) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ends_lie_where_the_numbers_are() {
        let whisker = Whisker::new((0.0, 1.0), 0.5, Some(Interval { low: 0.25, high: 1.0 }));
        assert_eq!((whisker.low, whisker.mean, whisker.high, whisker.zero), (Px(27.0), Px(50.0), Px(96.0), None));
        assert!(whisker.render().unwrap().contains(r#"d="M27 8H96"#));
        let effect = Whisker::new((-0.5, 0.5), 0.1, None);
        assert_eq!((effect.zero, effect.low, effect.high), (Some(Px(50.0)), effect.mean, effect.mean));
    }
}
