//! Means over the runs of a suite, with their intervals: a line for each model.

use super::{Axis, Px, label};
use crate::numbers::score;
use askama::Template;
use assay_score::stats::Interval;

/// A mean of one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    /// Which run, counted from 0.
    pub run: usize,
    /// The mean.
    pub mean: f64,
    /// Its 95 % interval.
    pub interval: Option<Interval>,
}

/// The means of one model, in the order of the runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Series {
    /// The model.
    pub name: String,
    /// A point for each run that has a mean.
    pub points: Vec<Point>,
}

/// The means of all models over the runs.
#[derive(Debug, Template)]
#[template(path = "plot/trend.svg")]
pub(crate) struct Trend {
    id: String,
    title: String,
    description: String,
    lines: Vec<Line>,
    ticks: Vec<(Px, String)>,
    ends: (String, String),
}

#[derive(Debug)]
struct Line {
    class: usize,
    path: String,
    whiskers: String,
    marks: Vec<(String, String)>,
}

const LEFT: f64 = 40.0;
const RIGHT: f64 = 350.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 165.0;
/// How many series are told apart by shape and colour; the page's style sheet has as many classes.
pub(crate) const SHAPES: usize = 6;

impl Trend {
    /// The series over `runs`, which name each run by its day. `scale` is the range of the axis, where it is fixed.
    pub(crate) fn new(id: &str, title: &str, runs: &[String], series: &[Series], scale: Option<(f64, f64)>) -> Self {
        let ends = |point: &Point| point.interval.map_or([point.mean; 2], |found| [found.low, found.high]);
        let values: Vec<f64> = series.iter().flat_map(|series| series.points.iter().flat_map(ends)).collect();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let found = if low < high { super::nice_range(low, high, 4) } else { (low - 0.5, low + 0.5) };
        let values = scale.unwrap_or(if low.is_finite() { found } else { (0.0, 1.0) });
        let up = Axis { values, lengths: (BOTTOM, TOP) };
        let last = runs.len().saturating_sub(1) as f64;
        // Series stand beside each other, so that their whiskers can be told apart.
        let beside = |index: usize| (index as f64 - (series.len().saturating_sub(1)) as f64 / 2.0) * 3.0;
        let across = |index: usize| {
            let shift = beside(index);
            Axis { values: (0.0, last), lengths: (LEFT + 8.0 + shift, RIGHT - 8.0 + shift) }
        };
        let middle = (values.0 + values.1) / 2.0;
        let name = |run: usize| runs.get(run).map_or("-", String::as_str);
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            description: describe(series, name),
            lines: series
                .iter()
                .enumerate()
                .map(|(index, series)| line(index, series, across(index), up, name))
                .collect(),
            ticks: [values.0, middle, values.1].map(|value| (up.at(value), label(value))).to_vec(),
            ends: (name(0).to_owned(), if runs.len() > 1 { name(runs.len() - 1).to_owned() } else { String::new() }),
        }
    }
}

fn line<'a>(index: usize, series: &Series, across: Axis, up: Axis, name: impl Fn(usize) -> &'a str) -> Line {
    let class = index % SHAPES;
    let (mut path, mut whiskers, mut marks) = (String::new(), String::new(), Vec::new());
    for point in &series.points {
        let (x, y) = (across.at(point.run as f64), up.at(point.mean));
        path.push_str(&format!("{}{x} {y}", if path.is_empty() { 'M' } else { 'L' }));
        if let Some(found) = point.interval {
            whiskers.push_str(&format!("M{x} {}V{}", up.at(found.low), up.at(found.high)));
        }
        let interval =
            point.interval.map_or(String::new(), |found| format!(" [{}, {}]", score(found.low), score(found.high)));
        marks.push((
            shape(class, x.0, y.0),
            format!("{}, {}: {}{interval}", series.name, name(point.run), score(point.mean)),
        ));
    }
    Line { class, path, whiskers, marks }
}

/// The outline of a mark, a shape of its own for each class.
pub(crate) fn shape(class: usize, x: f64, y: f64) -> String {
    let at = |dx: f64, dy: f64| format!("{} {}", Px(x + dx), Px(y + dy));
    let corners = |corners: &[(f64, f64)]| {
        let corners: Vec<String> = corners.iter().map(|(dx, dy)| at(*dx, *dy)).collect();
        format!("M{}Z", corners.join("L"))
    };
    match class % SHAPES {
        0 => format!("M{}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z", at(-3.5, 0.0)),
        1 => corners(&[(-3.0, -3.0), (3.0, -3.0), (3.0, 3.0), (-3.0, 3.0)]),
        2 => corners(&[(0.0, -4.0), (4.0, 3.0), (-4.0, 3.0)]),
        3 => corners(&[(0.0, -4.5), (4.5, 0.0), (0.0, 4.5), (-4.5, 0.0)]),
        4 => corners(&[(-4.0, -3.0), (4.0, -3.0), (0.0, 4.0)]),
        _ => corners(&[(-4.0, -1.3), (4.0, -1.3), (4.0, 1.3), (-4.0, 1.3)]),
    }
}

fn describe<'a>(series: &[Series], name: impl Fn(usize) -> &'a str) -> String {
    let mut told = Vec::new();
    for series in series {
        let (Some(first), Some(last)) = (series.points.first(), series.points.last()) else { continue };
        told.push(match series.points.len() {
            1 => format!("{}: {} on {}.", series.name, score(first.mean), name(first.run)),
            runs => format!(
                "{}: from {} on {} to {} on {}, {runs} runs.",
                series.name,
                score(first.mean),
                name(first.run),
                score(last.mean),
                name(last.run)
            ),
        });
    }
    told.join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn trend(scale: Option<(f64, f64)>) -> Trend {
        let interval = Some(Interval { low: 0.2, high: 0.6 });
        let points = vec![Point { run: 0, mean: 0.4, interval }, Point { run: 2, mean: 0.8, interval: None }];
        let runs = ["d1", "d2", "d3"].map(str::to_owned);
        Trend::new("t", "F1", &runs, &[Series { name: "m<1>".to_owned(), points }], scale)
    }

    #[test]
    fn points_lie_where_their_numbers_are() {
        // 302 between the first and the last run, 155 from 0 up to 1.
        let line = &trend(Some((0.0, 1.0))).lines[0];
        assert_eq!(line.path, "M48 103L342 41");
        assert_eq!(line.whiskers, "M48 134V72");
        assert_eq!(line.marks[0].1, "m<1>, d1: 0.400 [0.200, 0.600]");
    }

    #[test]
    fn a_free_scale_holds_every_interval() {
        assert_eq!(trend(None).ticks.iter().map(|tick| tick.1.as_str()).collect::<Vec<_>>(), ["0.2", "0.5", "0.8"]);
        let empty = Trend::new("t", "F1", &[], &[], None).render().unwrap();
        assert!(!empty.contains("NaN") && !empty.contains("inf"), "{empty}");
    }

    #[test]
    fn it_is_told_in_words_and_escaped() {
        let svg = trend(None).render().unwrap();
        assert!(svg.contains("m&#60;1&#62;: from 0.400 on d1 to 0.800 on d3, 2 runs."), "{svg}");
    }
}
