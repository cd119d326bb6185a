//! The weekly digest of the deployed stack, after the week of a suite in `judged`.

use crate::{RUNNER, facts};
use end_to_end::world::{self, parse};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Has the digest told, twice by the same event, and asserts that the notice, the page and the numbers say these lines. Its time
/// is some minutes ahead, so that everything until now is in its week.
pub(crate) async fn tells(queue: &str, expected: &[String]) {
    let at = Timestamp::now() + SignedDuration::from_mins(5);
    let event = json!({"assay": "digest", "at": at.to_string()});
    for result in ["told", "done"] {
        assert_eq!(world::deliver(RUNNER, &event).await["result"], result);
    }
    let told = world::notices(queue).await;
    let [digest] = &told[..] else { panic!("{told:?}") };
    assert_eq!(digest["kind"], "weekly_digest");
    assert!(digest["suite"].is_null() && digest["run"].is_null(), "{digest}");
    let said = facts(digest);
    for line in expected {
        assert!(said.contains(&line.as_str()), "no `{line}` in {said:#?}");
    }

    let place = |field: &str| {
        let beginning = format!("s3://{}/", world::bucket());
        digest[field].as_str().unwrap().strip_prefix(&beginning).unwrap().to_owned()
    };
    let written = world::objects("monitor/digests/").await;
    let page = &written[&place("report")];
    let numbers: Value = parse(&written[&place("summary")]);
    for line in expected {
        let (_, line) = line.split_once(": ").unwrap();
        assert!(page.replace('\\', "").contains(line), "no `{line}` in {page}");
    }
    assert_eq!(numbers["stack"], crate::STACK);
}
