//! What is completed of the emulator's alarms: metric math is kept, and an alarm looks at its own dimensions alone.

use serde_json::json;

use super::run;

#[tokio::test]
async fn metric_math_is_given_back_as_it_was_put() {
    let told = run(include_str!("math.py")).await;
    for way in ["api", "template"] {
        let alarm = &told[way];
        assert_eq!(alarm["Metrics"], told["metrics"], "{way}");
        let kept =
            ["Threshold", "ComparisonOperator", "EvaluationPeriods", "TreatMissingData"].map(|name| &alarm[name]);
        assert_eq!(kept, [&json!(5.0), &json!("GreaterThanThreshold"), &json!(3), &json!("notBreaching")], "{way}");
        for name in ["MetricName", "Namespace", "Statistic", "Period"] {
            assert!(alarm.get(name).is_none(), "{way}: {name} of an alarm of metric math");
        }
    }
}

#[tokio::test]
async fn an_alarm_looks_at_its_own_dimensions_alone() {
    let told = run(include_str!("dimensions.py")).await;
    assert_eq!(told, json!({"good": "OK", "bad": "ALARM", "unseen": "INSUFFICIENT_DATA"}));
}
