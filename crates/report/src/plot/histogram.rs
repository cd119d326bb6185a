//! How often which value came: counts in bins of equal width, as bars.

use super::{Axis, Px, label, nice_range};
use crate::numbers::thousands;
use askama::Template;

/// Counts in bins of equal width. Memory does not grow with the values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bins {
    low: f64,
    high: f64,
    counts: Vec<u64>,
    above: u64,
    greatest: f64,
}

impl Bins {
    /// `count` bins from `low` to `high`. Of a value that two bins share, the upper one has it, at the end the last.
    pub(crate) fn new(low: f64, high: f64, count: usize) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, counts: vec![0; count.max(1)], above: 0, greatest: f64::NEG_INFINITY }
    }

    /// About 16 bins with round ends, from `low` to `high` or somewhat more.
    pub(crate) fn round(low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        let step = super::nice_step(high - low, 16);
        let (low, high) = nice_range(low, high, 16);
        Self::new(low, high, ((high - low) / step).round() as usize)
    }

    /// Counts a value. Those above the last bin are counted apart.
    pub(crate) fn add(&mut self, value: f64) {
        self.greatest = self.greatest.max(value);
        if value > self.high {
            self.above += 1;
            return;
        }
        let share = (value - self.low) / (self.high - self.low);
        let last = self.counts.len() - 1;
        let bin = ((share * self.counts.len() as f64).max(0.0) as usize).min(last);
        if let Some(count) = self.counts.get_mut(bin) {
            *count += 1;
        }
    }

    /// How many values there are.
    pub(crate) fn total(&self) -> u64 {
        self.counts.iter().sum::<u64>() + self.above
    }

    fn edge(&self, bin: usize) -> f64 {
        self.low + (self.high - self.low) * bin as f64 / self.counts.len() as f64
    }
}

/// A histogram.
#[derive(Debug, Template)]
#[template(path = "plot/histogram.svg")]
pub(crate) struct Histogram {
    id: String,
    title: String,
    description: String,
    bars: Vec<Bar>,
    marks: Vec<Mark>,
    ends: (String, String),
    most: String,
    above: Option<String>,
}

#[derive(Debug)]
struct Bar {
    x: Px,
    y: Px,
    width: Px,
    height: Px,
    told: String,
}

#[derive(Debug)]
struct Mark {
    x: Px,
    y: Px,
    anchor: &'static str,
    text: String,
}

const LEFT: f64 = 30.0;
const RIGHT: f64 = 312.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 124.0;

impl Histogram {
    /// The bins, with values such as the mean marked: at most three, by name and text. `what` is what was counted, such
    /// as `answers`; `id` tells the plot from all others of the page.
    pub(crate) fn new(id: &str, title: &str, what: &str, bins: &Bins, marks: &[(f64, String)]) -> Self {
        let most = bins.counts.iter().copied().max().unwrap_or_default();
        let across = Axis { values: (bins.low, bins.high), lengths: (LEFT, RIGHT) };
        let up = Axis { values: (0.0, most.max(1) as f64), lengths: (BOTTOM, TOP) };
        let range = |bin: usize| format!("{} to {}", label(bins.edge(bin)), label(bins.edge(bin + 1)));
        let bars = bins.counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(bin, count)| {
            let (from, to) = (across.at(bins.edge(bin)).0, across.at(bins.edge(bin + 1)).0);
            // A bar of one beside one of thousands can still be seen.
            let y = up.at(*count as f64).0.min(BOTTOM - 1.0);
            Bar {
                x: Px(from + 0.5),
                y: Px(y),
                width: Px(to - from - 1.0),
                height: Px(BOTTOM - y),
                told: format!("{}: {} {what}", range(bin), thousands(*count)),
            }
        });
        let marks: Vec<Mark> = marks
            .iter()
            .enumerate()
            .map(|(row, (value, text))| {
                let x = across.at(*value);
                let anchor = if x.0 > (LEFT + RIGHT) / 2.0 { "end" } else { "start" };
                Mark { x, y: Px(10.0 + 11.0 * row as f64), anchor, text: text.clone() }
            })
            .collect();
        let fullest = bins.counts.iter().enumerate().max_by_key(|(bin, count)| (**count, usize::MAX - *bin));
        let mut description = format!("{} {what}.", thousands(bins.total()));
        if let Some((bin, count)) = fullest.filter(|(_, count)| **count > 0) {
            description.push_str(&format!(" Most, {}, are from {}.", thousands(*count), range(bin)));
        }
        for mark in &marks {
            description.push_str(&format!(" {}.", mark.text));
        }
        let above = (bins.above > 0)
            .then(|| format!("{} above {}, up to {}", thousands(bins.above), label(bins.high), label(bins.greatest)));
        if let Some(above) = &above {
            description.push_str(&format!(" {above}."));
        }
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            description,
            bars: bars.collect(),
            marks,
            ends: (label(bins.low), label(bins.high)),
            most: thousands(most),
            above,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn values_fall_into_the_bin_that_begins_with_them() {
        let mut bins = Bins::new(0.0, 1.0, 4);
        for value in [0.0, 0.2499, 0.25, 0.5, 0.75, 1.0, 1.5, 7.0] {
            bins.add(value);
        }
        assert_eq!((bins.counts.as_slice(), bins.above), ([2, 1, 1, 2].as_slice(), 2));
        assert_eq!(bins.total(), 8);
    }

    #[test]
    fn round_bins_have_round_ends() {
        let bins = Bins::round(3.0, 187.0);
        assert_eq!((bins.low, bins.high, bins.counts.len()), (0.0, 200.0, 10));
        assert_eq!(Bins::round(5.0, 5.0).total(), 0);
    }

    #[test]
    fn bars_are_as_high_as_their_counts() {
        let mut bins = Bins::new(0.0, 1.0, 4);
        [0.1, 0.3, 0.3, 0.9].into_iter().for_each(|value| bins.add(value));
        let plot = Histogram::new("p", "t", "answers", &bins, &[(0.4, "mean 0.400".to_owned())]);
        // The plot is 90 high and 282 wide: a bin is 70.5 wide, and one of two answers half as high.
        let drawn: Vec<_> = plot.bars.iter().map(|bar| (bar.x.0, bar.y.0, bar.width.0, bar.height.0)).collect();
        assert_eq!(drawn, [(30.5, 79.0, 69.5, 45.0), (101.0, 34.0, 69.5, 90.0), (242.0, 79.0, 69.5, 45.0)]);
        assert!((plot.marks[0].x.0 - 142.8).abs() < 1e-9);
        let svg = plot.render().unwrap();
        assert!(svg.contains(r#"<rect x="101" y="34" width="69.5" height="90""#), "{svg}");
        assert!(svg.contains("4 answers. Most, 2, are from 0.25 to 0.5. mean 0.400."), "{svg}");
    }

    #[test]
    fn a_hostile_title_stays_text() {
        let plot = Histogram::new("p", "</svg><script>x", "answers", &Bins::new(0.0, 1.0, 2), &[]);
        let svg = plot.render().unwrap();
        assert!(!svg.contains("<script") && svg.contains("&#60;script"), "{svg}");
    }
}
