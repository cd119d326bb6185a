//! What the samples say, read by hand out of their files.

use super::samples::{alert, read};
use alarm_forwarder::alert::{Comparison, Link, LinkKind, Measured, Origin, State, Tone};
use alarm_forwarder::render::message;

fn at(time: &str) -> Option<jiff::Timestamp> {
    Some(time.parse().unwrap())
}

fn link(kind: LinkKind, url: &str) -> Link {
    Link { kind, url: url.to_owned() }
}

const FAITHFULNESS: &str = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:eval-faithfulness-low";

#[test]
fn one_change_is_the_same_by_all_three_ways() {
    let (topic, event, action) = (alert("01"), alert("11"), alert("17"));
    assert_eq!(topic.identity.subject, FAITHFULNESS);
    assert_eq!((topic.identity.state.as_str(), topic.identity.changed.as_str()), ("ALARM", "2026-11-20T08:15:42.123Z"));
    assert_eq!(topic.identity.contributor, "");
    assert_eq!((&event.identity, &action.identity), (&topic.identity, &topic.identity));
    let resolved = alert("02").identity;
    assert_eq!((resolved.subject.as_str(), resolved.state.as_str()), (FAITHFULNESS, "OK"));
}

#[test]
fn a_metric_alarm_from_a_topic() {
    let alert = alert("01");
    assert_eq!((alert.origin, alert.tone), (Origin::MetricAlarm, Tone::Bad));
    assert_eq!((alert.state, alert.previous), (Some(State::Alarm), Some(State::Ok)));
    assert_eq!(alert.title, "eval-faithfulness-low");
    assert_eq!(alert.since, at("2026-11-20T08:15:42.123Z"));
    let place = alert.place;
    let place = (place.partition.as_deref(), place.region.as_deref(), place.account.as_deref());
    assert_eq!(place, (Some("aws"), Some("us-east-1"), Some("123456789012")));
    let console = "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/eval-faithfulness-low";
    let runbook = "https://runbooks.example.com/faithfulness";
    assert_eq!(alert.links, [link(LinkKind::Console, console), link(LinkKind::Runbook, runbook)]);
    let measured = alert.measurement.unwrap();
    assert_eq!(measured.metric.as_deref(), Some("FaithfulnessScore"));
    assert_eq!((measured.statistic.as_deref(), measured.period), (Some("Average"), Some(300)));
    assert_eq!((measured.comparison, measured.threshold), (Some(Comparison::Less), Some(0.8)));
    assert_eq!((measured.datapoints, measured.unit), (Some((2, 3)), None));
    let dimensions = [("ModelId", "example.model-small-v1:0"), ("Suite", "support-tickets")];
    assert_eq!(measured.dimensions, dimensions.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let values = [("2026-11-20T08:05:00Z", 0.58), ("2026-11-20T08:10:00Z", 0.61)];
    assert_eq!(measured.values, values.map(|(time, value)| Measured { at: at(time), value }));
}

#[test]
fn an_event_has_all_values_in_the_order_of_their_times() {
    for number in ["11", "17"] {
        let measured = alert(number).measurement.unwrap();
        let values: Vec<f64> = measured.values.iter().map(|measured| measured.value).collect();
        assert_eq!(values, [0.84, 0.58, 0.61], "{number}");
        // The state-change event names neither operator nor how many points decide: the reason does.
        assert_eq!((measured.comparison, measured.threshold), (Some(Comparison::Less), Some(0.8)), "{number}");
        assert_eq!(measured.datapoints, Some((2, 3)), "{number}");
    }
}

#[test]
fn states_have_their_tones() {
    for (number, state, tone) in
        [("02", State::Ok, Tone::Good), ("03", State::InsufficientData, Tone::Warning), ("10", State::Alarm, Tone::Bad)]
    {
        let alert = alert(number);
        assert_eq!((alert.state, alert.tone), (Some(state), tone), "{number}");
    }
    // A test from the console has no values, and keeps the threshold.
    let measured = alert("10").measurement.unwrap();
    assert_eq!((measured.values.len(), measured.threshold), (0, Some(0.8)));
}

#[test]
fn percentiles_expressions_and_bands_are_read() {
    let percentile = alert("04").measurement.unwrap();
    assert_eq!((percentile.statistic.as_deref(), percentile.unit.as_deref()), (Some("p99"), Some("Milliseconds")));
    let math = alert("05").measurement.unwrap();
    assert_eq!((math.metric.as_deref(), math.expression.as_deref()), (Some("Error rate (%)"), Some("100*(m1+m2)/m3")));
    let inputs: Vec<(&str, &str)> = math.inputs.iter().map(|(id, input)| (id.as_str(), input.as_str())).collect();
    assert_eq!(inputs[0], ("m1", "AWS/Bedrock InvocationClientErrors Sum"));
    assert_eq!((inputs.len(), math.dimensions.len()), (3, 1), "all three parts share ModelId");
    for number in ["06", "12"] {
        let band = alert(number).measurement.unwrap();
        assert_eq!(band.metric.as_deref(), Some("EstimatedCostUsd"), "{number}");
        assert_eq!((band.band, band.threshold), (Some((3.1186402, 18.44210771)), None), "{number}");
        assert_eq!(band.comparison, Some(Comparison::OutsideBand), "{number}");
        assert_eq!(band.values.last().map(|last| last.value), Some(41.7), "{number}");
    }
}

#[test]
fn composite_alarms_name_what_triggered_them() {
    for number in ["07", "18"] {
        let alert = alert(number);
        let composite = alert.composite.unwrap();
        assert_eq!((alert.origin, alert.measurement), (Origin::CompositeAlarm, None));
        assert_eq!(composite.children.len(), 1, "{number}");
        let child = &composite.children[0];
        assert_eq!((child.name.as_str(), &child.state), ("eval-faithfulness-low", &Some(State::Alarm)), "{number}");
        assert_eq!(child.since, at("2026-11-20T08:15:42.123Z"), "{number}");
        assert!(composite.rule.unwrap().starts_with("ALARM("), "{number}");
    }
    assert_eq!(alert("07").identity, alert("18").identity);
}

#[test]
fn muted_changes_say_so_and_look_quiet() {
    let alert = alert("13");
    let muted = alert.muted.clone().unwrap();
    assert_eq!(muted.by, "the mute rule weekly-retrain and the suppressor release-freeze (WaitPeriod)");
    assert_eq!((muted.until, alert.tone), (at("2026-11-20T10:00:00Z"), Tone::Neutral));
    assert!(message(&alert)["attachments"][0]["blocks"][0]["text"]["text"].as_str().unwrap().starts_with("*Muted* by"));
}

#[test]
fn contributors_and_tags_are_read() {
    let one = alert("14");
    assert_eq!((one.origin, one.identity.contributor.as_str()), (Origin::AlarmContributor, "6d442278dba546f6"));
    assert_eq!(one.contributor.unwrap().attributes[0].1, "example.model-small-v1:0");
    let whole = alert("15");
    assert_eq!((whole.severity.as_deref(), whole.team.as_deref()), (Some("high"), Some("model-platform")));
    assert_eq!((whole.identity.contributor.as_str(), whole.tags.len()), ("", 0));
    assert_ne!(one.identity, whole.identity);
}

#[test]
fn a_changed_configuration_is_told_to_nobody() {
    let records = read("16");
    assert_eq!((records.len(), records[0].alerts.len()), (1, 0));
}

#[test]
fn old_shapes_are_read() {
    let alert = alert("09");
    let measured = alert.measurement.unwrap();
    assert_eq!((alert.description, measured.datapoints), (None, Some((1, 1))));
    assert_eq!((measured.comparison, measured.threshold), (Some(Comparison::GreaterOrEqual), Some(1.0)));
    assert_eq!(measured.values, [Measured { at: at("2026-11-20T08:10:00Z"), value: 3.0 }]);
}

#[test]
fn texts_and_other_services_are_read() {
    let text = alert("19");
    assert_eq!((text.origin, text.title.as_str()), (Origin::Text, "Nightly evaluation"));
    assert!(text.description.unwrap().contains("failures: 3.\n\nFull report: s3://"));
    let word = alert("20");
    assert_eq!((word.title.as_str(), word.description, word.body), ("Verification", None, None));
    assert_eq!(word.identity.subject, "3fa4000c-5b1c-5d7e-9a2f-7d00aa00000c");
    let budget = alert("21");
    assert_eq!((budget.origin, budget.tone), (Origin::Budget, Tone::Warning));
    let amount = budget.fields.iter().find(|field| field.name == "ACTUAL Amount").unwrap();
    assert_eq!(amount.value, "$171.22");
    let health = alert("23");
    assert_eq!((health.origin, health.title.as_str()), (Origin::Health, "AWS Health: BEDROCK operational issue"));
    assert_eq!((health.since, health.tone), (at("2026-11-20T07:20:00Z"), Tone::Bad));
    assert!(health.links[0].url.contains("eventID=arn%3Aaws%3Ahealth%3Aus-east-1%3A%3Aevent%2FBEDROCK%2F"));
}

#[test]
fn addresses_of_people_are_not_told() {
    let bounce = alert("22");
    assert_eq!((bounce.origin, bounce.title.as_str()), (Origin::Email, "Amazon SES: Bounce"));
    let recipients = bounce.fields.iter().find(|field| field.name == "Recipients").unwrap();
    assert_eq!(recipients.value, "1 at example.com");
    assert!(!message(&bounce).to_string().contains("nobody@"));
}

#[test]
fn records_keep_their_order_and_the_queue_its_ids() {
    let two = read("24");
    let titles: Vec<&str> = two.iter().map(|record| record.alerts[0].title.as_str()).collect();
    assert_eq!(titles, ["eval-faithfulness-low", "bedrock-error-rate"]);
    assert!(two.iter().all(|record| record.message_id.is_none()));
    let queued = read("25");
    let ids: Vec<Option<&str>> = queued.iter().map(|record| record.message_id.as_deref()).collect();
    assert_eq!(ids, [Some("5f5a2c0e-31aa-4e0c-9d35-0a6b8a1b2c3d"), Some("5f5a2c0e-31aa-4e0c-9d35-0a6b8a1b2c3e")]);
    // In an envelope and raw, an alarm is what it is without a queue.
    assert_eq!(queued[0].alerts[0], alert("01"));
    assert_eq!(queued[1].alerts[0].identity, two[1].alerts[0].identity);
}

#[test]
fn a_message_says_what_crossed_what_in_words() {
    let said = |number: &str| message(&alert(number)).to_string();
    for (number, words) in [
        (
            "01",
            "Last value `0.61`, below the threshold of `0.8`\\nGoes off when 2 of the last 3 values cross it\\n`▁▂` 0.58  0.61",
        ),
        ("02", "Last value `0.87`, not below the threshold of `0.8`"),
        ("04", "Last value `12875.4 ms`, above the threshold of `9000 ms`\\nGoes off when one value crosses it"),
        ("06", "Last value `41.7`, above the expected `3.11864 to 18.4421`"),
        ("10", "Set to go off below `0.8`"),
        ("11", "`█▁▂` 0.84  0.58  0.61"),
        ("01", "<!date^1795162542^{date_short_pretty} {time_secs}|2026-11-20 08:15:42 UTC>"),
        ("01", "*Reason*\\nThreshold Crossed: 2 out of the last 3 datapoints [0.61"),
    ] {
        assert!(said(number).contains(words), "{number}: no {words:?} in {}", said(number));
    }
}
