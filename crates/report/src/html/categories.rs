//! Means per category with their intervals, a table for each scorer.

use super::models::MeanCell;
use super::{direction_of, excerpt, scale_of};
use assay_core::summary::Summary;
use std::collections::BTreeSet;

/// How many rows all tables have together. `summary.json` has all.
const MOST_ROWS: usize = 500;
const LONGEST_NAME: usize = 120;

/// The categories by one scorer.
#[derive(Debug)]
pub(super) struct CategoryTable {
    pub scorer: String,
    pub direction: &'static str,
    pub rows: Vec<CategoryRow>,
}

/// One category of one model.
#[derive(Debug)]
pub(super) struct CategoryRow {
    pub category: String,
    pub model: String,
    pub cell: MeanCell,
}

/// The tables, that of the scorer `lead` first, and how many rows were left out.
pub(super) fn category_tables(summary: &Summary, lead: Option<&str>) -> (Vec<CategoryTable>, usize) {
    let scorers: BTreeSet<&String> = summary.models.iter().flat_map(|model| model.scores.keys()).collect();
    let mut scorers: Vec<&String> = scorers.into_iter().collect();
    scorers.sort_by_key(|name| Some(name.as_str()) != lead);
    let categories: BTreeSet<&String> = summary.models.iter().flat_map(|model| model.categories.keys()).collect();
    let (mut tables, mut rows_left, mut left_out) = (Vec::new(), MOST_ROWS, 0);
    for scorer in scorers {
        let found = categories.iter().flat_map(|category| {
            let models = summary.models.iter();
            models.filter_map(|model| Some((*category, model, model.categories.get(*category)?.get(scorer)?)))
        });
        let found: Vec<_> = found.collect();
        let unbounded = || {
            let highs = found.iter().filter_map(|(_, _, score)| score.interval.map(|found| found.high).or(score.mean));
            (0.0, highs.fold(f64::MIN_POSITIVE, f64::max))
        };
        let scale = scale_of(scorer).unwrap_or_else(unbounded);
        left_out += found.len().saturating_sub(rows_left);
        let rows = found.iter().take(rows_left).map(|(category, model, score)| CategoryRow {
            category: excerpt(category, LONGEST_NAME),
            model: excerpt(&model.model, LONGEST_NAME),
            cell: MeanCell::of(Some(score), scale),
        });
        let rows: Vec<CategoryRow> = rows.collect();
        rows_left -= rows.len();
        if !rows.is_empty() {
            tables.push(CategoryTable { scorer: excerpt(scorer, LONGEST_NAME), direction: direction_of(scorer), rows });
        }
    }
    (tables, left_out)
}
