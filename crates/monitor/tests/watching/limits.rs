//! What is not taken: limits out of their ranges, alarms that CloudWatch would refuse.

use assay_monitor::alarm::{Alarm, Limits, Query, Source, Watched, operational};

#[test]
fn usual_limits_are_right() {
    assert_eq!(Limits::default().problems(), []);
}

#[test]
fn every_wrong_limit_is_named_with_its_remedy() {
    let limits = Limits {
        latency_milliseconds: 0,
        server_errors_percent: 0,
        client_errors_percent: 100,
        throttles_percent: 101,
        minimum_invocations: 0,
        period_seconds: 90,
        periods: 0,
        end_of_life_days: 0,
    };
    let problems = limits.problems();
    let names: Vec<&str> = problems.iter().map(|problem| problem.name).collect();
    let expected = [
        "LatencyAlarmMilliseconds",
        "ServerErrorsAlarmPercent",
        "ClientErrorsAlarmPercent",
        "ThrottlesAlarmPercent",
        "AlarmMinimumInvocations",
        "AlarmPeriodSeconds",
        "AlarmPeriods",
        "EndOfLifeAlarmDays",
    ];
    assert_eq!(names, expected);
    assert!(problems.iter().all(|problem| problem.to_string().contains("choose")), "{problems:?}");
}

#[test]
fn periods_look_back_no_more_than_a_day() {
    let day = Limits { period_seconds: 3600, periods: 24, ..Limits::default() };
    assert_eq!(day.problems(), []);
    let more = Limits { periods: 25, ..day };
    assert_eq!(more.problems()[0].name, "AlarmPeriods");
    let huge = Limits { period_seconds: 60 * (u32::MAX / 60), periods: u32::MAX, ..day };
    assert_eq!(huge.problems()[0].name, "AlarmPeriods", "no sum overflows");
}

/// An alarm that is right but for one thing.
fn wrong(change: impl Fn(&mut Alarm)) -> Vec<String> {
    let mut alarm = operational("s", "n", "m", &Limits::default(), &[]).remove(0);
    assert_eq!(alarm.problems(), Vec::<String>::new());
    change(&mut alarm);
    alarm.problems()
}

#[test]
fn what_cloudwatch_refuses_is_found_before() {
    type Change = fn(&mut Alarm);
    let changes: [(&str, Change); 9] = [
        ("1 to 255 characters", |alarm| alarm.alarm_name = "é".repeat(256)),
        ("no control characters", |alarm| alarm.alarm_name = "a\nb".to_owned()),
        ("up to 1024 characters", |alarm| alarm.alarm_description = "x".repeat(1025)),
        ("finite number", |alarm| alarm.threshold = f64::NAN),
        ("no more than the periods", |alarm| alarm.datapoints_to_alarm = 4),
        ("up to 5 topics", |alarm| alarm.alarm_actions = vec!["arn:a".to_owned(); 6]),
        ("an action is an ARN", |alarm| alarm.alarm_actions = vec!["topic".to_owned()]),
        ("no more than a day", |alarm| alarm.evaluation_periods = 289),
        ("exactly one part", |alarm| {
            let Watched::Formula { metrics } = &mut alarm.watched else { panic!() };
            metrics[1].return_data = true;
        }),
    ];
    for (said, change) in changes {
        let problems = wrong(change);
        assert!(problems.len() == 1 && problems[0].contains(said), "{said}: {problems:?}");
    }
    let problems = wrong(|alarm| {
        let Watched::Formula { metrics } = &mut alarm.watched else { panic!() };
        let expression = Source::Expression(String::new());
        metrics.push(Query { id: "E".to_owned(), source: expression, return_data: false });
    });
    assert_eq!(problems.len(), 2, "{problems:?}");
    let dimension = wrong(|alarm| {
        let Watched::Formula { metrics } = &mut alarm.watched else { panic!() };
        let Source::MetricStat(stat) = &mut metrics[1].source else { panic!() };
        stat.metric.dimensions[0].value = ":x".to_owned();
        stat.period = 301;
    });
    assert_eq!(dimension.len(), 2, "{dimension:?}");
}
