//! The setting for invocation logging: shown, and turned on without harm to what is there.

use super::{bedrock, logs};
use assay_monitor::invocation_logging::{Delivered, EnableError, InvocationLogging, Logging, Retention, Wanted};
use local_stack::insights::{LogGroup, LogsError, LogsScript, LogsStandIn};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn};
use serde_json::{Value, json};

const ROLE: &str = "arn:aws:iam::111122223333:role/logs";

struct World {
    bedrock: StandIn,
    logs: LogsStandIn,
    logging: InvocationLogging,
}

fn world(behaviour: Behaviour, script: LogsScript) -> World {
    let (bedrock, logs) = (bedrock(behaviour), logs(script));
    let (of_bedrock, of_logs) = (super::settings(&bedrock.url()), super::settings(&logs.url()));
    let logging = InvocationLogging::with(&of_bedrock, &of_logs);
    World { bedrock, logs, logging }
}

fn groups(groups: &[(&str, Option<i64>)]) -> LogsScript {
    let group = |(name, retention_days): &(&str, Option<i64>)| LogGroup {
        name: (*name).to_owned(),
        retention_days: *retention_days,
    };
    LogsScript { groups: groups.iter().map(group).collect(), groups_per_page: 2, ..LogsScript::default() }
}

fn wanted() -> Wanted {
    Wanted {
        log_group: "calls".to_owned(),
        role: ROLE.to_owned(),
        retention_days: 30,
        delivered: Delivered { text: true, ..Delivered::default() },
        replace: false,
    }
}

fn written(group: &str) -> Value {
    json!({
        "cloudWatchConfig": {"logGroupName": group, "roleArn": ROLE},
        "textDataDeliveryEnabled": true, "imageDataDeliveryEnabled": false, "embeddingDataDeliveryEnabled": false,
        "videoDataDeliveryEnabled": false, "audioDataDeliveryEnabled": false,
    })
}

#[tokio::test]
async fn logging_is_turned_on_where_it_is_off_and_once_more_is_harmless() {
    // Others begin with the same name, and fill the first page.
    let world = world(Behaviour::default(), groups(&[("calls-a", None), ("calls-b", Some(7))]));
    let off = world.logging.show().await.unwrap();
    assert_eq!(off, Logging::default());
    let done = world.logging.enable(&wanted(), &off).await.unwrap();
    assert!(done.group_created && done.setting_written);
    assert_eq!(world.bedrock.invocation_logging(), Some(written("calls")));
    let made = world.logs.groups().into_iter().find(|group| group.name == "calls").unwrap();
    assert_eq!(made.retention_days, Some(30));
    let on = world.logging.show().await.unwrap();
    assert_eq!((on.log_group(), &on.retention), (Some("calls"), &Some(Retention::Days(30))));
    let again = world.logging.enable(&wanted(), &on).await.unwrap();
    assert!(!again.group_created && !again.setting_written);
    let puts = world.bedrock.calls().iter().filter(|call| call.operation.starts_with("Put")).count();
    assert_eq!((puts, world.logs.bodies("PutRetentionPolicy").len()), (1, 1));
    assert!(world.bedrock.violations().is_empty() && world.logs.violations().is_empty());
}

#[tokio::test]
async fn what_is_set_stays_unless_it_is_to_be_replaced() {
    let world = world(Behaviour::default(), groups(&[("calls", None)]));
    let mut other = written("elsewhere");
    other["s3Config"] = json!({"bucketName": "bkt", "keyPrefix": "a/b"});
    other["cloudWatchConfig"]["largeDataDeliveryS3Config"] = json!({"bucketName": "large"});
    world.bedrock.set_invocation_logging(Some(other.clone()));
    let there = world.logging.show().await.unwrap();
    assert_eq!(there.retention, Some(Retention::GroupMissing));
    let refused = world.logging.enable(&wanted(), &there).await.unwrap_err();
    assert!(matches!(refused, EnableError::Set(_)), "{refused}");
    assert_eq!(world.bedrock.invocation_logging(), Some(other.clone()));
    assert!(world.logs.bodies("PutRetentionPolicy").is_empty());
    world.logging.enable(&Wanted { replace: true, ..wanted() }, &there).await.unwrap();
    other["cloudWatchConfig"]["logGroupName"] = json!("calls");
    assert_eq!(world.bedrock.invocation_logging(), Some(other), "S3 and large data stay");
    assert_eq!(world.logs.groups()[0].retention_days, Some(30));
}

#[tokio::test]
async fn a_service_that_refuses_says_what_to_allow() {
    let denied = Behaviour::default().with(FaultRule::always(Fault::Denied));
    let error = world(denied, LogsScript::default()).logging.show().await.unwrap_err().to_string();
    assert!(error.contains("allow bedrock:GetModelInvocationLoggingConfiguration"), "{error}");
    let denied =
        |operation: &str| LogsScript::default().failing(operation, LogsError::new("AccessDeniedException", "no"));
    for (operation, action) in [
        ("DescribeLogGroups", "logs:DescribeLogGroups"),
        ("CreateLogGroup", "logs:CreateLogGroup"),
        ("PutRetentionPolicy", "logs:PutRetentionPolicy"),
    ] {
        let world = world(Behaviour::default(), denied(operation));
        let error = world.logging.enable(&wanted(), &Logging::default()).await.unwrap_err().to_string();
        assert!(error.contains(&format!("allow {action}")), "{error}");
        assert_eq!(world.bedrock.invocation_logging(), None, "nothing is turned on without its retention");
    }
    // Logging can be shown without a look at the log group.
    let world = world(Behaviour::default(), denied("DescribeLogGroups"));
    world.bedrock.set_invocation_logging(Some(written("calls")));
    let shown = world.logging.show().await.unwrap();
    assert!(matches!(shown.retention, Some(Retention::Unknown(_))), "{shown:?}");
}
