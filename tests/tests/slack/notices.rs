//! What Assay itself has to tell.

use crate::{EVERYTHING, assert_no_violation, assert_says, buttons, messages, slack};
use end_to_end::stack::MODEL_IDS;
use end_to_end::{questions, world};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_file_is_told_with_its_facts_and_a_button_to_its_report() {
    slack();
    let suite = "told-to-slack";
    let queue = world::subscribe(suite).await;
    let spec = json!({"suite": suite, "scorers": ["f1"], "gate": {"min": {"f1": 1.0}}}).to_string();
    let folder = format!("datasets/{suite}");
    let dataset = questions::dataset();
    world::put(&[(format!("{folder}/assay.yaml"), &spec), (format!("{folder}/cases.jsonl"), &dataset)]).await;
    let (run, _) = world::runs(suite, 1).await.pop_first().unwrap();
    let [notice] = &world::notices(&queue).await[..] else { panic!() };
    assert_eq!(notice["kind"], "gate_failed", "not every answer is right");

    let [message] = &messages(EVERYTHING, &run, 1).await[..] else { panic!() };
    assert_eq!(message.payload["attachments"][0]["color"], "#a30200");
    // The facts have no character that Slack escapes but these.
    let facts = notice["facts"].as_array().unwrap().iter().map(|fact| fact.as_str().unwrap());
    let facts: Vec<String> =
        facts.map(|fact| fact.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")).collect();
    let facts: Vec<&str> = facts.iter().map(String::as_str).collect();
    assert!(facts.len() > 1, "{notice}");
    assert_says(&message.payload, &facts);
    assert_says(&message.payload, &[suite, &run, MODEL_IDS[0], notice["title"].as_str().unwrap()]);
    assert_eq!(buttons(&message.payload)[0], notice["link"].as_str().unwrap());
    assert_no_violation();
}
