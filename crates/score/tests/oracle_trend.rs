//! Holds the trend of a series against the values of pymannkendall and scipy.

#![allow(clippy::unwrap_used)]

mod support;

use assay_score::stats::trend;
use support::rows;

#[test]
fn trends_equal_pymannkendall_and_scipy_on_40_rows() {
    let rows = rows("cases/trend.jsonl");
    assert_eq!(rows.len(), 40);
    let mut exact = 0;
    for row in &rows {
        let what = row["id"].to_string();
        let values: Vec<f64> = serde_json::from_value(row["input"].clone()).unwrap();
        let found = trend(&values).unwrap();
        let expected = &row["expected"];
        assert_eq!(Some(found.statistic), expected["mann_kendall"]["s"].as_i64(), "{what}");
        let slope = expected["theil_sen"].as_f64().unwrap();
        assert!((found.slope - slope).abs() <= 1e-12, "{what}: {}, expected {slope}", found.slope);
        // Up to 50 different values the p-value is exact; there the normal approximation is another number.
        let is_exact = values.len() <= 50 && expected["kendall_exact_p"].is_number();
        exact += usize::from(is_exact);
        let p = if is_exact { &expected["kendall_exact_p"] } else { &expected["mann_kendall"]["p"] };
        let p = p.as_f64().unwrap();
        assert!((found.p - p).abs() <= 1e-9 * p, "{what}: {}, expected {p}", found.p);
    }
    assert_eq!(exact, 24, "series without equal values that are not too long");
}
