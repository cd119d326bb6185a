//! Alarms that come to the function by other ways than the queue.

use crate::{EVERYTHING, FORWARDER, messages, slack};
use end_to_end::world;
use serde_json::{Value, json};

fn event(name: &str) -> Value {
    let path = format!("{}/../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    world::parse(&std::fs::read_to_string(path).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_change_that_comes_by_a_topic_a_rule_and_the_alarm_itself_is_one_message() {
    slack();
    let ways = ["sns-alarm", "eventbridge-alarm-state-change", "alarm-action"];
    let mut answers = Vec::new();
    for way in ways {
        answers.push(world::deliver(FORWARDER, &event(way)).await);
    }
    let (now, before) = (json!({"posted": 1, "posted_before": 0}), json!({"posted": 0, "posted_before": 1}));
    assert_eq!(answers, [now, before.clone(), before]);
    messages(EVERYTHING, "ALARM: eval-faithfulness-low", 1).await;
}
