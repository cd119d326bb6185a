//! Means over the runs of a suite, as plots: one for the pass rate and one for each scorer.

use super::{Figure, Key, direction_of, excerpt, rendered, scale_of};
use crate::numbers::day;
use crate::plot::{Point, SHAPES, Series, Trend, shape};
use assay_core::publish::history::{HistoryLine, HistoryModel};
use assay_score::stats::Interval;
use std::collections::BTreeSet;

/// How many runs a plot shows, the newest.
pub(super) const MOST_RUNS: usize = 40;
/// How many plots there are.
const MOST_FIGURES: usize = 24;

/// A mean of a model with its interval.
type MeanOf<'a> = dyn Fn(&HistoryModel) -> Option<(f64, Option<Interval>)> + 'a;

/// The plots of a history.
#[derive(Debug, Default)]
pub(super) struct Trends {
    pub figures: Vec<Figure>,
    pub keys: Vec<Key>,
    pub models_left_out: usize,
    pub runs_left_out: usize,
}

impl Trends {
    /// The runs of `lines`, the oldest first, by the models of the newest; none where there are fewer than two runs.
    /// `only` names the scorers that are shown, all where it is `None`.
    pub(super) fn of(lines: &[HistoryLine], only: Option<&[&str]>) -> Self {
        let shown = lines.get(lines.len().saturating_sub(MOST_RUNS)..).unwrap_or_default();
        let Some(newest) = shown.last().filter(|_| shown.len() > 1) else { return Self::default() };
        let models: Vec<&str> = newest.models.iter().map(|model| model.model.as_str()).take(SHAPES).collect();
        let runs: Vec<String> = shown.iter().map(|line| day(line.finished_at)).collect();
        let names: BTreeSet<&String> = newest.models.iter().flat_map(|model| model.means.keys()).collect();
        let names = names.into_iter().filter(|name| only.is_none_or(|only| only.contains(&name.as_str())));
        let plot = |index: usize, title: &str, scale, mean: &MeanOf<'_>| {
            let series: Vec<Series> = models.iter().map(|model| series(shown, model, mean)).collect();
            let some = series.iter().any(|series| !series.points.is_empty());
            let id = format!("trend-{index}");
            let svg = || rendered(&Trend::new(&id, title, &runs, &series, scale));
            some.then(|| Figure { caption: title.to_owned(), svg: svg() })
        };
        let passed = plot(0, "Checks passed (higher is better)", Some((0.0, 1.0)), &|model| {
            Some((model.pass_rate?, model.pass_rate_interval))
        });
        let scored = names.take(MOST_FIGURES).enumerate().filter_map(|(index, name)| {
            let title = match direction_of(name) {
                "" => excerpt(name, 80),
                direction => format!("{} ({direction})", excerpt(name, 80)),
            };
            plot(index + 1, &title, scale_of(name), &|model| {
                let found = model.means.get(name)?;
                Some((found.mean, found.interval))
            })
        });
        let keys = models.iter().enumerate().map(|(index, model)| Key {
            class: index % SHAPES,
            shape: shape(index, 7.0, 7.0),
            name: excerpt(model, 120),
        });
        Self {
            figures: passed.into_iter().chain(scored).collect(),
            keys: keys.collect(),
            models_left_out: newest.models.len().saturating_sub(models.len()),
            runs_left_out: lines.len() - shown.len(),
        }
    }
}

fn series(lines: &[HistoryLine], name: &str, mean: &MeanOf<'_>) -> Series {
    let points = lines.iter().enumerate().filter_map(|(run, line)| {
        let (mean, interval) = mean(line.models.iter().find(|model| model.model == name)?)?;
        Some(Point { run, mean, interval })
    });
    Series { name: excerpt(name, 80), points: points.collect() }
}
