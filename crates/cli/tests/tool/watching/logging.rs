//! `assay monitor logging`: shown, and turned on without harm to what is there.

use super::{GROUP, ROLE, World, document};
use local_stack::insights::{LogGroup, LogsScript};
use local_stack::stand_in::Behaviour;
use serde_json::json;

const ENABLE: [&str; 9] =
    ["monitor", "logging", "--enable", "--log-group", GROUP, "--role", ROLE, "--retention-days", "30"];

#[test]
fn logging_is_shown_and_turned_on_when_asked() {
    let world = World::new(Behaviour::default(), LogsScript::default());
    world.run(&["monitor", "logging"]).exits(0).prints("invocation logging is off");
    assert_eq!(world.bedrock.invocation_logging(), None);
    let enabled = world.run(&ENABLE).exits(0).says("the log group /bedrock/calls was made").says("logs:PutLogEvents");
    assert!(
        enabled.err.contains("bedrock.amazonaws.com")
            && enabled.err.contains("log-stream:aws/bedrock/modelinvocations")
    );
    assert!(enabled.out.contains("log group   /bedrock/calls; events are kept for 30 days"), "{}", enabled.out);
    let setting = world.bedrock.invocation_logging().unwrap();
    assert_eq!(
        (&setting["textDataDeliveryEnabled"], &setting["imageDataDeliveryEnabled"]),
        (&json!(true), &json!(false))
    );
    world.run(&ENABLE).exits(0).says("it was set so already");
    let told = document(&world.run(&["monitor", "logging", "--format", "json"]).exits(0));
    assert_eq!((&told["setting"]["log_group"], &told["retention"]["days"]), (&json!(GROUP), &json!(30)));
}

#[test]
fn another_setting_is_shown_and_kept_unless_it_is_to_be_replaced() {
    let groups = vec![LogGroup { name: GROUP.to_owned(), retention_days: Some(365) }];
    let world = World::new(Behaviour::default(), LogsScript { groups, ..LogsScript::default() });
    let other =
        json!({"cloudWatchConfig": {"logGroupName": "elsewhere", "roleArn": ROLE}, "videoDataDeliveryEnabled": true});
    world.bedrock.set_invocation_logging(Some(other.clone()));
    let refused = world.run(&ENABLE).exits(2).says("log group   elsewhere").says("--replace");
    assert!(refused.out.is_empty() && refused.err.contains("nothing was changed"), "{}", refused.err);
    assert_eq!(world.bedrock.invocation_logging(), Some(other));
    assert_eq!(world.logs.groups()[0].retention_days, Some(365));
    world.run(&[&ENABLE[..], &["--replace"]].concat()).exits(0).prints("text, video");
    assert_eq!(world.logs.groups()[0].retention_days, Some(30));
}

#[test]
fn what_is_typed_wrongly_changes_nothing() {
    let world = World::new(Behaviour::default(), LogsScript::default());
    for (more, said) in [
        (&["--enable"][..], "--log-group"),
        (&["--log-group", GROUP], "--enable"),
        (&["--enable", "--log-group", GROUP, "--role", "me", "--retention-days", "30"], "no ARN of a role"),
        (&["--enable", "--log-group", GROUP, "--role", ROLE, "--retention-days", "31"], "31 days are no retention"),
        (&["--enable", "--log-group", "a b", "--role", ROLE, "--retention-days", "30"], "no name of a log group"),
    ] {
        world.run(&[&["monitor", "logging"], more].concat()).exits(2).says(said);
    }
    assert!(world.bedrock.invocation_logging().is_none() && world.logs.calls().is_empty());
}
