//! What has to be done so that alarms which are there become those that should be.

use super::histories::{F1, MODEL, history, line, with};
use super::lists::NAMESPACE;
use assay_monitor::alarm::{
    Alarm, Existing, Limits, Moved, State, SuiteAlarms, Watched, is_of_stack, operational, reconcile,
};
use assay_monitor::threshold::Rule;
use serde_json::json;

fn there(alarm: &Alarm) -> Existing {
    Existing {
        name: alarm.alarm_name.clone(),
        arn: format!("arn:aws:cloudwatch:us-east-1:123456789012:alarm:{}", alarm.alarm_name),
        alarm: Some(alarm.clone()),
        actions_enabled: true,
        ok_actions: alarm.ok_actions.clone(),
        insufficient_data_actions: Vec::new(),
        state: State::Ok,
        reason: String::new(),
    }
}

fn wanted() -> Vec<Alarm> {
    with(&history(), &Rule::default()).alarms
}

fn ours() -> [SuiteAlarms; 1] {
    [SuiteAlarms::of("assay", NAMESPACE, "faq")]
}

fn names(moved: &[Moved]) -> Vec<&str> {
    moved.iter().map(|moved| moved.after.alarm_name.rsplit('/').next().unwrap()).collect()
}

#[test]
fn nothing_is_there_and_everything_is_added() {
    let changes = reconcile(&wanted(), &[], &ours());
    assert_eq!(changes.added, wanted());
    assert!(changes.are_to_be_told() && !changes.is_empty());
}

#[test]
fn what_is_as_it_should_be_is_left_alone() {
    let mut existing: Vec<_> = wanted().iter().map(there).collect();
    // The service promises no order.
    let assay_monitor::alarm::Watched::Metric(metric) = &mut existing[0].alarm.as_mut().unwrap().watched else {
        panic!()
    };
    metric.dimensions.reverse();
    let changes = reconcile(&wanted(), &existing, &ours());
    assert_eq!(changes.unchanged.len(), 2);
    assert!(changes.is_empty() && !changes.are_to_be_told());
}

#[test]
fn a_lower_bound_that_sinks_is_loosened_and_an_upper_bound_that_sinks_is_tightened() {
    let of = |f1: [f64; 5], rate: f64| {
        let line = |(number, f1)| line(number, MODEL, &json!({"f1": f1, "word_error_rate": rate}));
        with(&(1..).zip(f1).map(line).collect::<Vec<_>>(), &Rule::default()).alarms
    };
    let before: Vec<_> = of(F1, 0.3).iter().map(there).collect();
    let sunk = reconcile(&of(F1.map(|value| value - 0.1), 0.2), &before, &ours());
    assert_eq!((names(&sunk.loosened), names(&sunk.tightened)), (vec!["f1"], vec!["word_error_rate"]));
    assert!(sunk.are_to_be_told(), "no alarm is loosened in silence");
    let risen = reconcile(&of(F1.map(|value| value + 0.05), 0.3), &before, &ours());
    assert_eq!((names(&risen.tightened), risen.loosened.len()), (vec!["f1"], 0));
    assert!(!risen.are_to_be_told());
    let worse = reconcile(&of(F1, 0.4), &before, &ours());
    assert_eq!(names(&worse.loosened), ["word_error_rate"]);
}

#[test]
fn other_words_are_put_and_not_told_and_another_topic_is_told() {
    let mut existing: Vec<_> = wanted().iter().map(there).collect();
    existing[0].alarm.as_mut().unwrap().alarm_description = "old words".to_owned();
    let changes = reconcile(&wanted(), &existing, &ours());
    assert_eq!(names(&changes.changed), ["f1"]);
    assert!(!changes.are_to_be_told() && !changes.is_empty());
    existing[0].alarm.as_mut().unwrap().alarm_actions = vec!["arn:aws:sns:us-east-1:1:other".to_owned()];
    assert!(reconcile(&wanted(), &existing, &ours()).are_to_be_told());
    existing[0].alarm = None;
    let unknown = reconcile(&wanted(), &existing, &ours());
    assert_eq!(names(&unknown.changed), ["f1"]);
    assert!(unknown.are_to_be_told());
}

#[test]
fn whom_an_alarm_tells_its_end_is_left_to_people_but_follows_the_topic() {
    let topics = |name: &str| vec![format!("arn:aws:sns:us-east-1:1:{name}")];
    let wanted = |topic| operational("assay", NAMESPACE, MODEL, &Limits::default(), &topics(topic)).remove(0);
    let told = |before: &[String], topic| {
        let existing = Existing { ok_actions: before.to_vec(), ..there(&wanted("first")) };
        let alarm = existing.alarm.map(|alarm| Alarm { ok_actions: before.to_vec(), ..alarm });
        let changes = reconcile(&[wanted(topic)], &[Existing { alarm, ..existing }], &ours());
        changes.moved().map(|moved| moved.after.ok_actions.clone()).collect::<Vec<_>>()
    };
    let unchanged: [Vec<String>; 0] = [];
    for before in [topics("first"), topics("theirs"), Vec::new()] {
        assert_eq!(told(&before, "first"), unchanged, "{before:?}");
    }
    assert_eq!(told(&topics("first"), "second"), [topics("second")]);
    assert_eq!(told(&topics("theirs"), "second"), [topics("theirs")]);
    assert_eq!(told(&[], "second"), [Vec::<String>::new()], "somebody took it away");
}

#[test]
fn an_alarm_of_somebody_else_stays_whatever_its_name() {
    let own = |change: &dyn Fn(&mut assay_monitor::alarm::Metric)| {
        let mut alarm = wanted().remove(0);
        alarm.alarm_name = "assay/faq/of-a-person".to_owned();
        let Watched::Metric(metric) = &mut alarm.watched else { panic!() };
        change(metric);
        there(&alarm)
    };
    let removed = |existing: Existing| reconcile(&wanted(), &[existing], &ours()).removed.len();
    assert_eq!(removed(own(&|_| {})), 1, "it watches what alarms of the suite watch");
    assert_eq!(removed(own(&|metric| metric.namespace = "AWS/Lambda".to_owned())), 0);
    assert_eq!(removed(own(&|metric| metric.dimensions.retain(|dimension| dimension.name != "Suite"))), 0);
    let of_other = |metric: &mut assay_monitor::alarm::Metric| {
        metric
            .dimensions
            .iter_mut()
            .filter(|found| found.name == "Suite")
            .for_each(|found| found.value = "b".to_owned());
    };
    assert_eq!(removed(own(&of_other)), 0);
    assert_eq!(removed(Existing { alarm: None, ..own(&|_| {}) }), 0, "of a kind that is never made here");
}

#[test]
fn alarms_of_the_stack_itself_are_told_from_those_of_stacks_of_like_names() {
    let topic = "arn:aws:sns:us-east-1:123456789012:assay-NoticeTopic-A";
    let named = |name: &str, action: &str, stack: &str| {
        let mut alarm = wanted().remove(0);
        (alarm.alarm_name, alarm.alarm_actions) = (name.to_owned(), vec![action.to_owned()]);
        let Watched::Metric(metric) = &mut alarm.watched else { panic!() };
        metric.dimensions = vec![assay_monitor::alarm::Dimension::new("Stack", stack)];
        is_of_stack(&there(&alarm), "assay", NAMESPACE, Some(topic))
    };
    assert!(named("assay/faq/m/f1", "other", "") && named("assay-models/m/latency", "other", ""));
    assert!(named("assay-FailedEventsAlarm-1X", topic, "") && named("assay-ProbesOverdueAlarm-1X", "other", "assay"));
    // A second stack, `assay-two`, and a stranger.
    assert!(
        !named("assay-two-ProbesOverdueAlarm-1X", "other", "assay-two") && !named("assay-two/faq/m/f1", "other", "")
    );
    assert!(!named("assaying", topic, "assay"));
}

#[test]
fn only_alarms_of_the_suite_are_removed() {
    let mut alarm = wanted().remove(0);
    let named = |alarm: &mut Alarm, name: &str| {
        alarm.alarm_name = name.to_owned();
        there(alarm)
    };
    let existing = [
        named(&mut alarm, "assay/faq/former-model/f1"),
        named(&mut alarm, "assay/faq-more/model/f1"),
        named(&mut alarm, "assay-models/model/latency"),
        named(&mut alarm, "somebody/elses"),
    ];
    let changes = reconcile(&wanted(), &existing, &ours());
    let removed: Vec<&str> = changes.removed.iter().map(|existing| existing.name.as_str()).collect();
    assert_eq!(removed, ["assay/faq/former-model/f1"]);
    assert_eq!(reconcile(&[], &existing, &[]).removed, [], "where nothing is ours nothing is removed");
}
