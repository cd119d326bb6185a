//! Names of alarms.

use assay_monitor::alarm::{models_prefix, suite_name_of, suite_prefix, threshold_name};
use proptest::prelude::*;

#[test]
fn a_name_says_whose_it_is() {
    let name = threshold_name("assay", "faq", "us.amazon.nova-lite-v1:0", "judge.tone");
    assert_eq!(name, "assay/faq/us.amazon.nova-lite-v1:0/judge.tone");
    assert_eq!(suite_name_of("assay", &name), Some("faq"));
    assert_eq!(suite_name_of("ass", &name), None);
    assert_eq!(suite_name_of("assay", "assay-models/us.amazon.nova-lite-v1:0/latency"), None);
    assert_eq!(suite_name_of("assay", "assay/faq"), None);
}

#[test]
fn models_that_differ_at_their_end_do_not_share_a_name() {
    let start = format!("arn:aws:bedrock:us-east-1:123456789012:inference-profile/{}", "x".repeat(300));
    let names = ["a", "b"].map(|end| threshold_name("assay", "faq", &format!("{start}{end}"), "f1"));
    assert_ne!(names[0], names[1]);
    assert!(names.iter().all(|name| name.chars().count() <= 255 && name.ends_with("/f1")), "{names:?}");
}

proptest! {
    #[test]
    fn names_fit_and_stay_below_their_suite(
        suite in "[A-Za-z0-9._-]{1,100}",
        model in ".{0,300}",
        measure in ".{1,300}",
    ) {
        let name = threshold_name("assay", &suite, &model, &measure);
        prop_assert!(name.chars().count() <= 255, "{name}");
        prop_assert!(name.starts_with(&suite_prefix("assay", &suite)));
        prop_assert!(!name.starts_with(&models_prefix("assay")));
        prop_assert!(!name.chars().any(char::is_control));
        prop_assert_eq!(suite_name_of("assay", &name), Some(suite.as_str()));
    }

    #[test]
    fn measures_do_not_share_a_name(model in ".{0,300}", one in "[a-z.]{1,300}", other in "[a-z.]{1,300}") {
        prop_assume!(one != other);
        let of = |measure: &str| threshold_name("assay", "faq", &model, measure);
        prop_assert_ne!(of(&one), of(&other));
    }
}
