//! Trends of the last runs as a table: what gets worse first.

use super::{direction_of, excerpt};
use crate::numbers::{p_value, score, thousands};
use assay_core::compare::CHECKS;
use assay_core::publish::history::{Drift, Drifting, Drifts};

/// How many rows the table has.
const MOST_ROWS: usize = 100;

/// The trends of a suite.
#[derive(Debug, Default)]
pub(super) struct DriftView {
    pub rows: Vec<DriftRow>,
    pub rows_left_out: usize,
    /// Whether the rows are of several datasets.
    pub has_datasets: bool,
    /// Runs that are dated after the moment that the page is about.
    pub later: usize,
}

/// One measure of one model.
#[derive(Debug)]
pub(super) struct DriftRow {
    pub model: String,
    pub dataset: String,
    pub measure: String,
    pub direction: &'static str,
    pub runs: String,
    pub first: String,
    pub last: String,
    pub slope: String,
    pub p: String,
    pub class: &'static str,
    pub verdict: &'static str,
}

impl DriftView {
    /// The view of these trends.
    pub(super) fn of(found: &Drifts) -> Self {
        let rows: Vec<DriftRow> = found.drifts.iter().take(MOST_ROWS).map(row).collect();
        let has_datasets =
            found.drifts.windows(2).any(|pair| matches!(pair, [one, other] if one.dataset != other.dataset));
        Self { rows_left_out: found.drifts.len() - rows.len(), rows, has_datasets, later: found.later }
    }
}

fn row(drift: &Drift) -> DriftRow {
    let (class, verdict) = match drift.verdict {
        Drifting::Worsening => ("worse", "▼ gets worse"),
        Drifting::Improving => ("better", "▲ gets better"),
        Drifting::Changing => ("different", "◆ changes"),
        Drifting::NoEvidence => ("same", "no evidence of a trend"),
    };
    DriftRow {
        model: excerpt(&drift.model, 120),
        dataset: drift.dataset.as_deref().map_or("–".to_owned(), |dataset| excerpt(dataset, 200)),
        measure: excerpt(&drift.measure, 120),
        direction: if drift.measure == CHECKS { "higher is better" } else { direction_of(&drift.measure) },
        runs: thousands(drift.runs as u64),
        first: score(drift.first),
        last: score(drift.last),
        slope: slope(drift.slope),
        p: p_value(drift.p),
        class,
        verdict,
    }
}

/// A change from run to run: small, so with the digits that tell.
fn slope(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        value if value.abs() >= 0.01 => crate::numbers::signed(value),
        value => format!("{}{:.1e}", if value < 0.0 { "−" } else { "+" }, value.abs()),
    }
}
