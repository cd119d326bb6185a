//! What the functions log of jobs: runs, jobs and classes, and nothing of questions, answers, people or secrets.

use crate::world::{MODEL, OTHER, World};
use assay_testing::services::SECRET;
use local_stack::captured_log::CapturedLog;

#[tokio::test]
async fn nothing_of_questions_answers_people_or_secrets_is_logged() {
    let world = World::new("logs").await;
    let log = CapturedLog::default();
    let subscriber =
        log.subscriber("info,assay_core=trace,assay_job=trace,result_parser=trace,dataset_evaluator=trace");
    // Of all tests of this program: a subscriber of one thread misses what another thread was the first to log.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let spec = format!(
        "online: false\njobs:\n- kind: human\n  flow_definition: 'arn:aws:sagemaker:us-east-1:000000000000:flow-definition/raters'\n  \
         instructions: Read.\n  models: [{{id: '{MODEL}'}}, {{id: '{OTHER}'}}]\n  ratings: [{{name: Up, method: ThumbsUpDown}}]\n"
    );
    let line = |number: usize| {
        let prompt = format!("confidential question {number}");
        serde_json::json!({"prompt": prompt, "referenceResponse": "confidential reference"}).to_string() + "\n"
    };
    let dataset: String = (0..5).map(line).collect();
    let key = world.finish("faq", &spec, &(dataset + "{\"prompt\": \"confidential broken line")).await.remove(0);
    let text = world.read(&key).await;
    world.put(&key, &text[..text.len() - 20]).await;
    assert_eq!(world.parse(&key).await, "collected");
    world.put("jobs/broken.json", "{\"confidential\": ").await;
    let error = world.deliver(&serde_json::json!({"assay": "sweep"})).await.unwrap_err();
    assert!(!error.chain().contains("confidential"), "{}", error.chain());

    let logged = log.text();
    for word in
        ["jobs are under way", "has written output", "read a job's output", "evaluated", "passed over a note", "swept"]
    {
        assert!(logged.contains(word), "nothing was captured of `{word}`:\n{logged}");
    }
    for secret in ["confidential", SECRET, "answers 0", "workerId", "cognito-idp", "00000000-0000-4000-8000"] {
        assert!(!logged.contains(secret), "`{secret}` was logged:\n{logged}");
    }
}
