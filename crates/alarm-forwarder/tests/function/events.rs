//! The events in `events/` that are the forwarder's are samples of its tests, so that they cannot come to differ.

use std::path::Path;

#[test]
fn the_events_that_people_try_are_those_that_are_tested() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (event, sample) in [
        ("sns-alarm", "01-sns-static-metric-alarm"),
        ("eventbridge-alarm-state-change", "11-eventbridge-single-metric"),
        ("alarm-action", "17-lambda-action-metric-alarm"),
        ("sqs-alarms", "25-sqs-wrapped-sns-alarm"),
    ] {
        let text = |path: &str| std::fs::read_to_string(here.join(path)).unwrap();
        let (event, sample) = (format!("../../events/{event}.json"), format!("tests/samples/{sample}.json"));
        assert_eq!(text(&event), text(&sample), "{event} is not {sample}");
    }
}
