//! Searches for metrics whose suites are not known beforehand.

use assay_core::publish::metrics::MetricName;

/// The longest query of a search, in characters ("CloudWatch search expression syntax").
pub(super) const LONGEST_QUERY: usize = 1024;

/// All time series of the metrics of `names`, which have the same dimensions. `statistic` of each `period` in seconds.
pub(super) fn search(namespace: &str, names: &[MetricName], statistic: &str, period: u32) -> String {
    let dimensions = names.first().map(|name| name.dimensions().join(",")).unwrap_or_default();
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{}\"", name.name())).collect();
    let names = match quoted.as_slice() {
        [name] => name.clone(),
        names => format!("({})", names.join(" OR ")),
    };
    // In quotes, since a namespace may have characters that end a word.
    let query = format!("{{\"{namespace}\",{dimensions}}} MetricName={names}");
    debug_assert!(query.len() <= LONGEST_QUERY, "{query}");
    format!("SEARCH('{query}', '{statistic}', {period})")
}
