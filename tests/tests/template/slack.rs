//! What posts to Slack: from the notice topic through a queue, with the rights for that alone, and told of by another way.

use crate::reading::{FORWARDER, printed, properties, resources_of, statements, template};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const CONDITION: &str = "HasSlackSecret";

fn arn(id: &str) -> Value {
    json!({"Fn::GetAtt": [id, "Arn"]})
}

#[test]
fn the_topic_goes_through_a_queue_and_failed_messages_come_again_alone() {
    let subscription = properties("NoticesToForwardSubscription");
    assert_eq!(subscription["TopicArn"], json!({"Ref": "NoticeTopic"}));
    assert_eq!((&subscription["Protocol"], &subscription["Endpoint"]), (&json!("sqs"), &arn("NoticesToForward")));
    assert_eq!(subscription["RedrivePolicy"]["deadLetterTargetArn"], arn("UnforwardedNotices"));

    let function = properties(FORWARDER);
    let event = &function["Events"]["Notices"];
    assert_eq!(event["Type"], "SQS");
    assert_eq!(event["Properties"]["Queue"], arn("NoticesToForward"));
    assert_eq!(event["Properties"]["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]));

    let queue = properties("NoticesToForward");
    let (hidden, timeout) = (queue["VisibilityTimeout"].as_u64().unwrap(), function["Timeout"].as_u64().unwrap());
    assert!(hidden >= 6 * timeout, "what Lambda's guide asks of a queue");
    assert!(timeout < 60, "Lambda tries an event again after a minute");
    assert_eq!(queue["RedrivePolicy"]["deadLetterTargetArn"], arn("UnforwardedNotices"));
    let tries = queue["RedrivePolicy"]["maxReceiveCount"].as_u64().unwrap();
    assert!(tries * hidden >= 3600, "an outage of an hour loses nothing");
    for queue in ["NoticesToForward", "UnforwardedNotices"] {
        let policy = properties(&format!("{queue}Policy"));
        let statement = &policy["PolicyDocument"]["Statement"][0];
        assert_eq!(policy["Queues"], json!([{"Ref": queue}]));
        assert_eq!((&statement["Action"], &statement["Resource"]), (&json!("sqs:SendMessage"), &arn(queue)));
        assert_eq!(statement["Principal"], json!({"Service": "sns.amazonaws.com"}));
        assert_eq!(statement["Condition"]["ArnEquals"]["aws:SourceArn"], json!({"Ref": "NoticeTopic"}));
    }
}

#[test]
fn without_a_secret_nothing_of_it_is_there() {
    let of_forwarder = ["Forward", "Unforwarded"];
    let resources = template()["Resources"].as_object().unwrap().iter();
    for (id, resource) in resources.filter(|(id, _)| of_forwarder.iter().any(|part| id.contains(part))) {
        let expected = if id == "ForwarderFailureEmailSubscription" { "TellsForwarderFailures" } else { CONDITION };
        assert_eq!(resource["Condition"], expected, "{id}");
    }
    for (id, resource) in template()["Resources"].as_object().unwrap() {
        if resource["Condition"] != CONDITION && resource["Condition"] != "TellsForwarderFailures" {
            let text = resource.to_string();
            assert!(!of_forwarder.iter().any(|part| text.contains(part)), "{id} needs what may not be there");
        }
    }
}

#[test]
fn the_forwarder_is_told_where_the_secret_is_and_not_what_it_holds() {
    let variables = json!({"ASSAY_BUCKET": {"Ref": "Bucket"}, "ASSAY_SLACK_SECRET": {"Ref": "SlackSecret"}});
    assert_eq!(properties(FORWARDER)["Environment"]["Variables"], variables);
}

#[test]
fn the_parameter_takes_names_and_arns_and_never_what_the_secret_holds() {
    // Whoever may look at the stack sees its parameters.
    const TAKEN: &str = "import json, re, sys; from samcli.yamlhelper import yaml_parse; \
        pattern = yaml_parse(open(sys.argv[1]).read())['Parameters']['SlackSecret']['AllowedPattern']; \
        print(json.dumps([text for text in sys.argv[2:] if re.fullmatch(pattern, text)]))";
    let names = [
        "",
        "slack",
        "assay/slack",
        "/assay/slack",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:assay/slack-AbCdEf",
        "arn:aws-cn:ssm:cn-north-1:111122223333:parameter/assay/slack",
    ];
    let others = [
        "https://hooks.slack.com/services/T000/B000/XXXX",
        "hooks.slack.com/services/T000/B000/XXXX",
        "xoxb-000000000000-token",
        "xoxe.xoxb-1-token",
        "xapp-1-token",
        "{\"webhook\": \"x\"}",
        "ssm:slack",
        "arn:aws:s3:::bucket",
        "*",
    ];
    assert_eq!(printed(TAKEN, &[&names[..], &others[..]].concat()), json!(names));
}

#[test]
fn the_forwarder_may_read_its_secret_take_messages_and_remember() {
    let own: Vec<_> = statements().into_iter().filter(|it| it.role == "AlarmForwarderRole").collect();
    let actions: BTreeSet<&str> = own.iter().flat_map(|it| it.actions()).collect();
    let expected = [
        "kms:Decrypt",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
        "secretsmanager:GetSecretValue",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
        "ssm:GetParameter",
    ];
    assert_eq!(actions, BTreeSet::from(expected));
    let resource = |action: &str| {
        let found: Vec<_> = own.iter().filter(|it| it.actions().contains(&action)).collect();
        assert_eq!(found.len(), 1, "{action}");
        (found[0].text["Resource"].clone(), found[0].only_if)
    };
    assert_eq!(resource("kms:Decrypt"), (json!({"Ref": "SlackSecretKeyArn"}), Some("HasSlackSecretKeyArn")));
    assert_eq!(resource("s3:PutObject").0, json!({"Fn::Sub": "${Bucket.Arn}/monitor/posted/*"}));
    assert_eq!(resource("sqs:ReceiveMessage").0, arn("NoticesToForward"));
    assert_eq!(resource("sqs:SendMessage").0, arn("UnforwardedNotices"));
}

/// What CloudFormation makes of a value for this secret, as far as the role's resources need it.
fn resolved(value: &Value, secret: &str) -> Value {
    let text = |value: &Value| resolved(value, secret).as_str().unwrap().to_owned();
    if let Some([template, names]) = value["Fn::Sub"].as_array().map(Vec::as_slice) {
        let named = names.as_object().unwrap().iter();
        let filled = named.fold(template.as_str().unwrap().to_owned(), |filled, (name, value)| {
            filled.replace(&format!("${{{name}}}"), &text(value))
        });
        return resolved(&json!({"Fn::Sub": filled}), secret);
    }
    if let Some(template) = value["Fn::Sub"].as_str() {
        let here = [("AWS::Partition", "aws"), ("AWS::Region", "eu-west-1"), ("AWS::AccountId", "111122223333")];
        let known = here.into_iter().chain([("SlackSecret", secret)]);
        let filled =
            known.fold(template.to_owned(), |filled, (name, value)| filled.replace(&format!("${{{name}}}"), value));
        assert!(!filled.contains("${"), "{filled}");
        return json!(filled);
    }
    if let Some([place, list]) = value["Fn::Select"].as_array().map(Vec::as_slice) {
        // The SAM CLI may write the number as text.
        let place = place.as_u64().or_else(|| place.as_str()?.parse().ok()).unwrap();
        return resolved(list, secret)[usize::try_from(place).unwrap()].clone();
    }
    if let Some([separator, whole]) = value["Fn::Split"].as_array().map(Vec::as_slice) {
        return text(whole).split(separator.as_str().unwrap()).collect();
    }
    value.clone()
}

#[test]
fn the_forwarder_may_read_the_secret_by_name_and_by_arn_and_no_other() {
    let of_other = "arn:aws:secretsmanager:us-east-1:444455556666:secret:team/slack-AbCdEf";
    let parameter = "arn:aws:ssm:us-east-1:444455556666:parameter/team/slack";
    let cases = [
        (
            "assay/slack",
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:assay/slack-??????",
        ),
        (of_other, "secretsmanager:GetSecretValue", of_other),
        ("/assay/slack", "ssm:GetParameter", "arn:aws:ssm:eu-west-1:111122223333:parameter/assay/slack"),
        (parameter, "ssm:GetParameter", parameter),
    ];
    for (secret, action, expected) in cases {
        let statements =
            statements().into_iter().filter(|it| it.role == "AlarmForwarderRole" && it.actions().contains(&action));
        let [statement] = &statements.collect::<Vec<_>>()[..] else { panic!("{action}") };
        assert_eq!(statement.only_if, None);
        let resources = statement.text["Resource"].as_array().unwrap().iter();
        let resources: Vec<String> =
            resources.map(|resource| resolved(resource, secret).as_str().unwrap().to_owned()).collect();
        assert!(resources.contains(&expected.to_owned()), "{secret}: {resources:?}");
        for resource in resources {
            // IAM takes nothing that has another form: an ARN has six parts, of which Region and account may be empty.
            let parts: Vec<&str> = resource.splitn(6, ':').collect();
            let [_, _, service, _, _, named] = parts[..] else { panic!("{secret}: {resource}") };
            assert!(
                resource.starts_with("arn:aws:") && !service.is_empty() && !named.is_empty(),
                "{secret}: {resource}"
            );
            assert!(!resource.contains('*'), "{resource}");
        }
    }
}

#[test]
fn failures_of_the_forwarder_are_told_by_a_topic_that_it_does_not_hear() {
    let subscriptions = resources_of("AWS::SNS::Subscription");
    let of_topic: Vec<_> =
        subscriptions.into_iter().filter(|(_, it)| it["TopicArn"] == json!({"Ref": "ForwarderFailureTopic"})).collect();
    let [(_, subscription)] = of_topic[..] else { panic!("{of_topic:?}") };
    assert_eq!(subscription["Protocol"], "email");
    let address = json!(["HasForwarderFailureEmail", {"Ref": "ForwarderFailureEmail"}, {"Ref": "NoticeEmail"}]);
    assert_eq!(subscription["Endpoint"]["Fn::If"], address);
}

/// SQS counts a message in the age of its queue until it was received for the third time.
#[test]
fn a_message_that_fails_alone_is_told_of_before_the_queue_leaves_it_out() {
    let alarm = properties("LateNoticesAlarm");
    assert_eq!(alarm["MetricName"], "ApproximateAgeOfOldestMessage");
    assert_eq!(alarm["Dimensions"][0]["Value"], json!({"Fn::GetAtt": ["NoticesToForward", "QueueName"]}));
    let number = |key: &str| alarm[key].as_u64().unwrap();
    let hidden = properties("NoticesToForward")["VisibilityTimeout"].as_u64().unwrap();
    let (third, function) = (2 * hidden, properties(FORWARDER)["Timeout"].as_u64().unwrap());
    assert!(number("Threshold") > hidden + function, "a second delivery that posts it tells nobody");
    assert!(number("Threshold") + 2 * number("Period") * number("EvaluationPeriods") <= third);
    assert_eq!(alarm["Statistic"], "Maximum");
}
