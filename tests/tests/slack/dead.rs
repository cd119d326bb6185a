//! A webhook that is dead for a while.

use crate::{DEAD, EVERYTHING, FORWARDER, messages, output, quiet, slack, until};
use end_to_end::stack::deployed;
use end_to_end::world;
use local_stack::slack::{SlackAnswer, SlackRule, TOKEN};

async fn waiting(queue: &str) -> String {
    world::python(include_str!("waiting.py"), &[queue]).await.trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_webhook_refuses_waits_in_the_dead_letter_queue_and_a_redrive_posts_it() {
    slack().set_rules(vec![SlackRule::always(SlackAnswer::no_service()).for_path(DEAD)]);
    let (queue, dead_letters) = (output("NoticesToForwardUrl"), output("UnforwardedNoticesUrl"));
    // As the template has it, this would take until after a coffee break; how long, its own tests say. Half a minute is
    // enough to post a message, even on a slow machine.
    world::python(include_str!("hurry.py"), &[queue, "30", "2"]).await;
    let publish = async |subject: &str, message: &str| {
        let arguments = [output("NoticeTopicArn"), subject, message];
        world::python(include_str!("publish.py"), &arguments).await;
    };
    publish("dead letter of a test", "Nobody has seen this.").await;
    publish("a letter that arrives", "Its neighbour does not hurt it.").await;
    messages(EVERYTHING, "Its neighbour does not hurt it.", 1).await;

    until("the dead letter", async || waiting(dead_letters).await == "1").await;
    // Other tests use the same queue at the same time.
    quiet().await;
    assert!(slack().messages_in(DEAD).is_empty());
    let refused: Vec<Option<u16>> =
        slack().calls().iter().filter(|call| call.path == DEAD).map(|call| call.status).collect();
    assert!(!refused.is_empty() && refused.iter().all(|status| *status == Some(404)), "{refused:?}");

    // Nothing comes again by itself; somebody mends the webhook first.
    slack().set_rules(Vec::new());
    publish("dead letter of a later time", "The webhook is well again.").await;
    messages(DEAD, "The webhook is well again.", 1).await;
    assert_eq!((slack().messages_in(DEAD).len(), waiting(dead_letters).await.as_str()), (1, "1"));
    world::python(include_str!("redrive.py"), &[dead_letters]).await;
    messages(DEAD, "Nobody has seen this.", 1).await;
    assert_eq!(waiting(dead_letters).await, "0");

    let log = deployed().logs(FORWARDER).await.unwrap();
    assert!(log.contains("SlackDestinationDead"), "{log}");
    for secret in [DEAD, EVERYTHING, TOKEN, "hooks.slack.com", "Nobody has seen this."] {
        assert!(!log.contains(secret), "`{secret}` is in the log: {log}");
    }
}
