//! Holds the statistics of comparisons against the values of scipy, statsmodels, scikit-learn and krippendorff.

#![allow(clippy::unwrap_used)]

mod support;

use assay_score::stats::{
    Alternative, Correction, Draws, Level, Weights, Wilcoxon, Zeros, adjust, cohen_kappa, fleiss_kappa,
    krippendorff_alpha, mcnemar_chi_square, mcnemar_exact, paired_bootstrap, paired_t_test, pearson, randolph_kappa,
    sign_test, spearman, wilcoxon, wilcoxon_asymptotic, wilcoxon_exact,
};
use serde_json::Value;
use support::rows;

fn floats(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).unwrap()
}

/// Holds a number to a reference's; `null` stands for none.
#[track_caller]
fn same(found: Option<f64>, expected: &Value, absolute: f64, relative: f64, what: &str) {
    match (found, expected.as_f64()) {
        (None, None) => assert!(expected.is_null() || expected.is_string(), "{what}: {expected}"),
        (Some(found), Some(expected)) => {
            let allowed = absolute.max(relative * expected.abs());
            assert!((found - expected).abs() <= allowed, "{what}: {found}, expected {expected}");
        }
        (found, _) => panic!("{what}: {found:?}, expected {expected}"),
    }
}

#[test]
fn mcnemar_equals_statsmodels_on_60_rows() {
    let rows = rows("cases/mcnemar.jsonl");
    assert_eq!(rows.len(), 60);
    for row in &rows {
        let (what, expected) = (row["id"].to_string(), &row["expected"]);
        let [first, second] = [&row["input"]["table"][0][1], &row["input"]["table"][1][0]].map(|n| n.as_u64().unwrap());
        same(Some(first.min(second) as f64), &expected["exact"]["statistic"], 0.0, 0.0, &what);
        same(Some(mcnemar_exact(first, second)), &expected["exact"]["pvalue"], 1e-9, 0.0, &what);
        for (corrected, name) in [(true, "chi2_corrected"), (false, "chi2")] {
            let found = mcnemar_chi_square(first, second, corrected);
            same(found.map(|found| found.0), &expected[name]["statistic"], 1e-9, 1e-9, &what);
            if let Some((_, p)) = found {
                same(Some(p), &expected[name]["pvalue"], 1e-300, 1e-9, &what);
            }
        }
    }
}

#[test]
fn the_bootstrap_equals_the_documented_one_on_30_rows() {
    let rows = rows("cases/paired_bootstrap.jsonl");
    assert_eq!(rows.len(), 30);
    for row in &rows {
        let (what, input, expected) = (row["id"].to_string(), &row["input"], &row["expected"]);
        let (a, b) = (floats(&input["a"]), floats(&input["b"]));
        let pairs: Vec<(f64, f64)> = b.into_iter().zip(a).collect();
        let seed = input["lcg_seed"].as_u64().unwrap();
        let resamples = input["n_resamples"].as_u64().unwrap() as usize;
        let mut draws = Draws::seeded(seed);
        let first: Vec<usize> = pairs.iter().map(|_| draws.below(pairs.len())).collect();
        assert_eq!(first, serde_json::from_value::<Vec<usize>>(expected["first_row_indices"].clone()).unwrap());
        let found = paired_bootstrap(&pairs, resamples, 0.95, &mut Draws::seeded(seed)).unwrap();
        same(Some(found.mean), &expected["observed_diff"], 1e-12, 0.0, &what);
        same(Some(found.interval.low), &expected["ci95_linear"][0], 1e-12, 0.0, &what);
        same(Some(found.interval.high), &expected["ci95_linear"][1], 1e-12, 0.0, &what);
        let tie = 2.0 / (resamples + 1) as f64;
        same(Some(found.p), &expected["p_two_sided_centered"], tie, 0.0, &what);
        same(Some(found.share_above_zero), &expected["fraction_a_better"], tie, 0.0, &what);
    }
}

#[test]
fn paired_tests_equal_scipy_on_70_rows() {
    let rows = rows("cases/paired_tests.jsonl");
    assert_eq!(rows.len(), 70);
    let mut seen = 0;
    for row in &rows {
        let (x, y) = (floats(&row["input"]["x"]), floats(&row["input"]["y"]));
        let differences: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x - y).collect();
        for (name, expected) in row["expected"].as_object().unwrap() {
            let what = format!("{} {name}", row["id"]);
            seen += 1;
            let (statistic, p) = match name.as_str() {
                "sign_test" => (None, sign_test(&differences)),
                "ttest_rel" => paired_t_test(&differences).unzip(),
                _ => {
                    let found = signed_ranks(name, &differences);
                    if let (Some(found), Some(z)) = (found.and_then(|found| found.z), expected.get("z")) {
                        // scipy tells the size alone, below zero, where both sides count.
                        let told = if name.contains("two-sided") { -found.abs() } else { found };
                        same(Some(told), z, 1e-12, 1e-12, &what);
                    }
                    found.map(|found| (found.statistic, found.p)).unzip()
                }
            };
            // A single difference of zero is an error there and nothing here.
            if expected.get("error").is_some() {
                assert_eq!(p, None, "{what}");
                continue;
            }
            same(p, &expected["pvalue"], 1e-300, 1e-9, &what);
            if let Some(statistic) = statistic {
                same(Some(statistic), &expected["statistic"], 1e-12, 1e-12, &what);
            }
        }
    }
    assert_eq!(seen, 70 * 10 + 62 + 3 * 23);
}

/// The test that a key such as `pratt|corr=1|two-sided|asymptotic` names.
fn signed_ranks(name: &str, differences: &[f64]) -> Option<Wilcoxon> {
    let parts: Vec<&str> = name.split('|').collect();
    let alternative = |name: &str| match name {
        "two-sided" => Alternative::TwoSided,
        "greater" => Alternative::Greater,
        "less" => Alternative::Less,
        other => panic!("{other}"),
    };
    match parts.as_slice() {
        ["auto", "two-sided"] => wilcoxon(differences),
        ["exact", side] => wilcoxon_exact(differences, alternative(side)),
        [zeros, correction, side, "asymptotic"] => {
            let zeros = match *zeros {
                "wilcox" => Zeros::Drop,
                "pratt" => Zeros::Pratt,
                "zsplit" => Zeros::Split,
                other => panic!("{other}"),
            };
            wilcoxon_asymptotic(differences, zeros, alternative(side), *correction == "corr=1")
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn corrections_equal_statsmodels_on_50_rows() {
    let names = [
        ("bonferroni", Correction::Bonferroni),
        ("sidak", Correction::Sidak),
        ("holm", Correction::Holm),
        ("holm-sidak", Correction::HolmSidak),
        ("simes-hochberg", Correction::Hochberg),
        ("fdr_bh", Correction::BenjaminiHochberg),
        ("fdr_by", Correction::BenjaminiYekutieli),
    ];
    let rows = rows("cases/multiple_testing.jsonl");
    assert_eq!(rows.len(), 50);
    for row in &rows {
        let alpha = row["input"]["alpha"].as_f64().unwrap();
        for (name, correction) in names {
            let (what, expected) = (format!("{} {name}", row["id"]), &row["expected"][name]);
            let found = adjust(&floats(&row["input"]["pvalues"]), correction);
            let (adjusted, reject) = (floats(&expected["p_adjusted"]), expected["reject"].as_array().unwrap());
            assert_eq!(found.len(), adjusted.len(), "{what}");
            for ((found, expected), reject) in found.iter().zip(&adjusted).zip(reject) {
                assert!((found - expected).abs() <= 1e-9, "{what}: {found}, expected {expected}");
                // Whoever stands on the level itself may fall to either side.
                if (found - alpha).abs() > 1e-12 {
                    assert_eq!(*found < alpha, reject.as_bool().unwrap(), "{what}: {found} at {alpha}");
                }
            }
        }
    }
}

#[test]
fn agreement_equals_scikit_learn_krippendorff_and_statsmodels_on_110_rows() {
    let rows = rows("cases/agreement.jsonl");
    assert_eq!(rows.len(), 110);
    for row in &rows {
        let (input, id) = (&row["input"], &row["id"]);
        let expect = |name: &str, found: Option<f64>| {
            same(found, &row["expected"][name], 1e-9, 0.0, &format!("{id} {name}"));
        };
        match input["kind"].as_str().unwrap() {
            "cohen" => {
                let [first, second] = ["rater1", "rater2"].map(|rater| {
                    let labels: Vec<usize> = serde_json::from_value(input[rater].clone()).unwrap();
                    labels
                });
                let labels = input["n_labels"].as_u64().unwrap() as usize;
                let kappa = |weights| cohen_kappa(&first, &second, labels, weights);
                expect("none", kappa(Weights::None));
                expect("linear", kappa(Weights::Linear));
                expect("quadratic", kappa(Weights::Quadratic));
            }
            "krippendorff" => {
                let ratings: Vec<Vec<Option<f64>>> = serde_json::from_value(input["ratings"].clone()).unwrap();
                expect("nominal", krippendorff_alpha(&ratings, Level::Nominal));
                expect("ordinal", krippendorff_alpha(&ratings, Level::Ordinal));
                expect("interval", krippendorff_alpha(&ratings, Level::Interval));
                expect("ratio", krippendorff_alpha(&ratings, Level::Ratio));
            }
            "fleiss" => {
                let table: Vec<Vec<u64>> = serde_json::from_value(input["table"].clone()).unwrap();
                expect("fleiss", fleiss_kappa(&table));
                expect("randolph", randolph_kappa(&table));
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn agreement_that_means_nothing_is_none() {
    assert_eq!(cohen_kappa(&[1, 1], &[1, 1], 2, Weights::None), None);
    assert_eq!(cohen_kappa(&[1, 2], &[1, 1], 2, Weights::None), None, "a label outside of the range");
    assert_eq!(cohen_kappa(&[], &[], 2, Weights::None), None);
    assert_eq!(krippendorff_alpha(&[vec![Some(1.0), None], vec![None, Some(2.0)]], Level::Nominal), None);
    assert_eq!(krippendorff_alpha(&[vec![Some(1.0)], vec![Some(1.0)]], Level::Nominal), None);
    assert_eq!(fleiss_kappa(&[vec![2, 0], vec![1, 0]]), None, "raters differ in number");
    assert_eq!(fleiss_kappa(&[vec![2, 0], vec![2, 0]]), None);
}

#[test]
fn correlations_equal_scipy_on_50_rows() {
    let rows = rows("cases/correlation_and_summary.jsonl");
    assert_eq!(rows.len(), 50);
    for row in &rows {
        let (x, y) = (floats(&row["input"]["x"]), floats(&row["input"]["y"]));
        for (name, found) in [("pearson", pearson(&x, &y)), ("spearman", spearman(&x, &y))] {
            let (what, expected) = (format!("{} {name}", row["id"]), &row["expected"][name]);
            same(found.map(|found| found.coefficient), &expected["statistic"], 1e-12, 1e-12, &what);
            same(found.map(|found| found.p), &expected["pvalue"], 1e-14, 1e-9, &what);
        }
    }
}
