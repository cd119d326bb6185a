//! Shapes beyond the samples: notices, custom notifications, tags as SNS may write them, envelopes in envelopes.

use super::deliveries::{alarm, delivered, only, told};
use super::limits::violations;
use alarm_forwarder::alert::{LinkKind, Origin, State, Tone};
use alarm_forwarder::intake::records;
use alarm_forwarder::render::message;
use assay_notice::{Notice, NoticeKind};
use serde_json::json;

#[test]
fn every_kind_of_notice_is_told_with_its_facts_and_link() {
    let kinds = [
        (NoticeKind::RunFinished, Tone::Good, "info"),
        (NoticeKind::RunFailed, Tone::Bad, "high"),
        (NoticeKind::RunIncomplete, Tone::Warning, "medium"),
        (NoticeKind::GateFailed, Tone::Bad, "high"),
        (NoticeKind::Regression, Tone::Bad, "high"),
        (NoticeKind::JobFailed, Tone::Bad, "high"),
        (NoticeKind::JobStopped, Tone::Warning, "medium"),
        (NoticeKind::JobStuck, Tone::Warning, "medium"),
        (NoticeKind::JobUnreadable, Tone::Warning, "medium"),
        (NoticeKind::ProbeProblem, Tone::Warning, "medium"),
        (NoticeKind::AlarmsChanged, Tone::Neutral, "info"),
        (NoticeKind::ModelLifecycle, Tone::Warning, "medium"),
        (NoticeKind::WeeklyDigest, Tone::Neutral, "info"),
    ];
    for (kind, tone, severity) in kinds {
        let link = "https://eu-central-1.console.aws.amazon.com/s3/object/b?region=eu-central-1&prefix=runs/r.html";
        let facts = vec!["f1 0.71 <before> & 0.62 now".to_owned(), "second".to_owned()];
        let mut notice = Notice::new(kind, "faq: told", facts.clone());
        (notice.suite, notice.run, notice.link) = (Some("faq".into()), Some("r-1".into()), Some(link.into()));
        let alert = told(&serde_json::to_string_pretty(&notice).unwrap());
        assert_eq!((alert.origin, alert.tone), (Origin::Notice, tone), "{kind:?}");
        assert_eq!(alert.severity.as_deref(), Some(severity), "{kind:?}");
        assert_eq!((alert.title.as_str(), &alert.facts), ("faq: told", &facts));
        assert_eq!((alert.links[0].kind, alert.links[0].url.as_str()), (LinkKind::Report, link));
        let shown = message(&alert).to_string();
        assert!(shown.contains("• f1 0.71 &lt;before&gt; &amp; 0.62 now\\n• second"), "{shown}");
        assert!(shown.contains("\"Open report\""));
    }
}

#[test]
fn facts_of_a_notice_are_told_whatever_their_form() {
    let of = |facts: serde_json::Value| {
        told(&json!({"assay_notice": 2, "kind": "gate_failed", "title": "t", "facts": facts}).to_string()).facts
    };
    assert_eq!(of(json!("one\n\n two\n")), ["one", "two"]);
    assert_eq!(of(json!({"f1": 0.5, "gate": {"min": 1}, "none": null})), ["f1: 0.5", "gate: {\"min\":1}"]);
    assert_eq!(of(json!(["one", 2, {"f1": 0.5}, ["a"], null])), ["one", "2", "{\"f1\":0.5}", "[\"a\"]"]);
    assert_eq!(of(json!(7)), ["7"]);
    assert!(of(json!(null)).is_empty());
}

#[test]
fn a_report_is_named_once() {
    let of = |link: &str| {
        told(
            &json!({"assay_notice": 1, "kind": "run_finished", "title": "t", "report": "s3://b/r.html",
            "summary": "s3://b/s.json", "link": link})
            .to_string(),
        )
    };
    let names = |alert: alarm_forwarder::alert::Alert| -> Vec<String> {
        alert.fields.into_iter().map(|field| field.name).collect()
    };
    // The button leads to the report; nothing else names the summary.
    assert_eq!(names(of("https://eu-central-1.console.aws.amazon.com/s3/object/b")), ["Summary"]);
    assert_eq!(names(of("no address")), ["Report", "Summary"]);
}

#[test]
fn a_notice_of_a_run_is_the_same_under_another_id() {
    let mut notice = Notice::new(NoticeKind::GateFailed, "t", vec!["a".to_owned()]);
    notice.run = Some("r-1".to_owned());
    let twice = |notice: &Notice| {
        let text = serde_json::to_string(notice).unwrap();
        let again = delivered(&text, None, json!({})).to_string().replace("m-1", "m-2");
        (told(&text).identity, only(&serde_json::from_str(&again).unwrap()).identity)
    };
    let (first, second) = twice(&notice);
    assert_eq!(first, second);
    // What is about no run may be told in the same words every week.
    notice.run = None;
    let (first, second) = twice(&notice);
    assert_ne!(first, second);
}

#[test]
fn a_long_digest_keeps_the_limits_and_counts_the_rest() {
    let facts: Vec<String> = (0..300).map(|number| format!("fact {number} {}", "& ".repeat(100))).collect();
    let shown = message(&told(&serde_json::to_string(&Notice::new(NoticeKind::WeeklyDigest, "Week", facts)).unwrap()));
    assert_eq!(violations(&shown), Vec::<String>::new());
    let shown = shown.to_string();
    let bullets = shown.matches("• fact").count();
    assert!(shown.contains(&format!("_and {} more_", 300 - bullets)), "{bullets} facts are shown");
    assert!(shown.contains("Shortened"));
}

#[test]
fn custom_notifications_are_told() {
    let alert = told(
        r#"{"version": "1.0", "source": "custom", "content": {"textType": "client-markdown", "title": ":warning: Disk",
        "description": "85 % <!channel> used", "nextSteps": ["Look", "Clean"], "keywords": ["disk", "prod"]},
        "metadata": {"eventType": "warn", "additionalContext": {"priority": "high"}}}"#,
    );
    assert_eq!((alert.origin, alert.title.as_str()), (Origin::ChatNotification, ":warning: Disk"));
    assert_eq!(alert.facts, ["Look", "Clean"]);
    let shown = message(&alert).to_string();
    for part in ["85 % &lt;!channel&gt; used", "*Keywords*\\ndisk, prod", "*priority*\\nhigh"] {
        assert!(shown.contains(part), "{part}");
    }
}

#[test]
fn tags_come_as_a_map_or_a_list_and_attributes_stand_in() {
    let expected = (Some("critical"), Some("search"), 1, Some("https://wiki.example/r"));
    for tags in [
        json!({"AlarmTags": {"Severity": "Critical", "org:team": "search", "cost": "7", "runbook-url": "https://wiki.example/r"}}),
        json!({"AlarmTags": [{"Key": "Severity", "Value": "Critical"}, {"key": "org:team", "value": "search"},
            {"key": "cost", "value": "7"}, {"key": "runbook-url", "value": "https://wiki.example/r"}]}),
    ] {
        let alert = told(&alarm(tags).to_string());
        let runbook = alert.links.iter().find(|link| link.kind == LinkKind::Runbook).map(|link| link.url.as_str());
        assert_eq!((alert.severity.as_deref(), alert.team.as_deref(), alert.tags.len(), runbook), expected);
    }
    let attributes = json!({"severity": {"Type": "String", "Value": "Low"}, "team": {"Type": "String", "Value": "x"}});
    let alert = only(&delivered("hello", None, attributes));
    assert_eq!((alert.severity.as_deref(), alert.team.as_deref()), (Some("low"), Some("x")));
}

#[test]
fn an_alarm_without_an_arn_is_placed_by_its_topic() {
    let alert = told(&alarm(json!({})).to_string());
    assert_eq!(
        alert.links[0].url,
        "https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#alarmsV2:alarm/a%2Fb"
    );
    assert_eq!(alert.identity.subject, "123456789012:cn-north-1:a/b");
    assert_eq!(alert.identity.changed, "m-1", "without a time the message tells one change from another");
}

#[test]
fn strange_alarms_are_told_all_the_same() {
    for more in [
        json!({"NewStateValue": "PAUSED"}),
        json!({"Trigger": "none", "AlarmTags": 7, "TriggeringChildren": {"a": 1}, "StateChangeTime": 12}),
        json!({"Trigger": {"Metrics": [1, null, {"Id": 3}]}, "AlarmDescription": ["x"]}),
        json!({"TriggeringChildren": ["arn:aws:cloudwatch:us-east-1:1:alarm:x", null, {}], "AlarmRule": ""}),
        json!({"Trigger": {"MetricName": "m", "Threshold": "1e999", "Period": -5, "Dimensions": {"a": {"b": 1}}}}),
    ] {
        let alert = told(&alarm(more.clone()).to_string());
        assert_eq!(alert.title, "a/b", "{more}");
        assert_eq!(violations(&message(&alert)), Vec::<String>::new(), "{more}");
    }
    let paused = told(&alarm(json!({"NewStateValue": "PAUSED"})).to_string());
    assert_eq!(paused.state, Some(State::Other("PAUSED".to_owned())));
}

#[test]
fn the_data_of_a_state_may_be_unpacked() {
    let mut event = super::samples::event("11");
    let data = &mut event["detail"]["state"]["reasonData"];
    *data = serde_json::from_str(data.as_str().unwrap()).unwrap();
    assert_eq!(only(&event), super::samples::alert("11"));
}

#[test]
fn what_only_looks_like_an_alarm_is_told_as_json() {
    for text in [r#"{"AlarmName": 7, "NewStateValue": "OK"}"#, r#"{"AlarmName": "x"}"#, r#"["AlarmName", "text"]"#] {
        let alert = told(text);
        assert_eq!(alert.origin, Origin::Json, "{text}");
        assert!(alert.body.is_some());
    }
    let text = told("text AlarmName detail-type attachments");
    assert_eq!((text.origin, text.state), (Origin::Text, None));
}

#[test]
fn envelopes_in_envelopes_are_opened_and_not_without_end() {
    let notification = |text: String| {
        json!({"Type": "Notification", "MessageId": "m", "TopicArn": "arn:aws:sns:us-east-1:1:t", "Message": text})
            .to_string()
    };
    let queued = |body: String| json!({"Records": [{"eventSource": "aws:sqs", "messageId": "q-1", "body": body}]});
    // What Lambda gave up, put into the queue by its on-failure destination.
    let given_up = json!({"version": "1.0", "requestContext": {"condition": "RetriesExhausted"},
        "requestPayload": delivered(&alarm(json!({})).to_string(), None, json!({}))});
    let again = records(&queued(given_up.to_string()), "request-1");
    assert_eq!((again[0].message_id.as_deref(), again[0].alerts[0].title.as_str()), (Some("q-1"), "a/b"));
    let mut deep = alarm(json!({})).to_string();
    for _ in 0..20 {
        deep = notification(deep);
    }
    let alert = only(&queued(deep));
    assert_eq!(alert.origin, Origin::Json);
}

#[test]
fn a_strange_record_leaves_its_neighbours_alone() {
    let good = json!({"EventSource": "aws:sns", "Sns": {"MessageId": "m", "Message": "well"}});
    let event = json!({"Records": [null, 7, {"EventSource": "aws:sns"}, {"eventSource": "aws:sqs", "messageId": "q", "body": 5},
        {"EventSource": "aws:sns", "Sns": {"Message": {"a": 1}}}, good]});
    let records = records(&event, "request-1");
    assert_eq!(records.len(), 6);
    assert!(records.iter().all(|record| record.alerts.len() == 1));
    assert_eq!(records[3].message_id.as_deref(), Some("q"));
    assert_eq!(records[5].alerts[0].title, "well");
    let ids: std::collections::BTreeSet<_> = records.iter().map(|record| &record.alerts[0].identity).collect();
    assert_eq!(ids.len(), 6, "each has an identity of its own");
}
