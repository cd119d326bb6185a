//! Recorded answers, for jobs with a judge and for people.

use super::dropped::{Dropped, assert_told, job};
use assay_core::spec::JobKind;
use assay_job::input::RecordedSource;

fn line(prompt: &str, models: &[&str]) -> String {
    let answers: Vec<String> =
        models.iter().map(|model| format!("{{\"response\":\"by {model}\",\"modelIdentifier\":\"{model}\"}}")).collect();
    format!("{{\"prompt\":\"{prompt}\",\"modelResponses\":[{}]}}\n", answers.join(","))
}

async fn recorded(kind: JobKind, body: String) -> Dropped {
    let mut asked = job(kind, &[]);
    asked.recorded = true;
    Dropped::new(asked, body).await
}

fn source(name: &str, identifier: &str) -> RecordedSource {
    RecordedSource { name: name.to_owned(), identifier: identifier.to_owned() }
}

#[tokio::test]
async fn a_model_id_gets_a_name_that_the_service_takes() {
    let model = "us.amazon.nova-lite-v1:0";
    let dropped = recorded(JobKind::Judge, line("p", &[model]) + &line("q", &[model])).await;
    let (survey, told) = dropped.survey().await;
    assert_told(&told, &[]);
    assert_eq!(survey.sources, [source(model, "us.amazon.nova-lite-v1-0")]);
    let answer = r#"[{"response":"by us.amazon.nova-lite-v1:0","modelIdentifier":"us.amazon.nova-lite-v1-0"}]"#;
    let expected =
        format!("{{\"prompt\":\"p\",\"modelResponses\":{answer}}}\n{{\"prompt\":\"q\",\"modelResponses\":{answer}}}\n");
    assert_eq!(dropped.input().await, expected);
}

#[tokio::test]
async fn a_judge_takes_one_answer_a_line_and_one_model_a_file() {
    let body =
        line("p", &["a"]) + &line("q", &["b"]) + &line("r", &["a", "b"]) + "{\"prompt\":\"s\"}\n" + &line("t", &["a"]);
    let dropped = recorded(JobKind::Judge, body).await;
    let (survey, told) = dropped.survey().await;
    assert_told(
        &told,
        &[
            ("cases.jsonl:2: modelResponses[0].modelIdentifier: `b` beside `a`", "a file of its own"),
            ("cases.jsonl:3: modelResponses: 2 recorded answers, where the job takes exactly one a line", "write {"),
            ("cases.jsonl:4: modelResponses: 0 recorded answers", "write {"),
        ],
    );
    assert_eq!((survey.samples, survey.bad_lines), (2, 3));
    assert_eq!(survey.sources, [source("a", "a")]);
}

#[tokio::test]
async fn a_line_that_is_left_out_names_no_source() {
    let long = line(&"x".repeat(4097), &["first"]);
    let dropped = recorded(JobKind::Judge, long + &line("p", &["second"])).await;
    let (survey, told) = dropped.survey().await;
    assert_told(&told, &[("cases.jsonl:1: prompt: ", "shorten")]);
    assert_eq!(survey.sources, [source("second", "second")]);
}

#[tokio::test]
async fn people_compare_up_to_two_answers_the_same_number_on_each_line() {
    let body = line("p", &["a", "b"])
        + &line("q", &["b", "a"])
        + &line("r", &["a"])
        + &line("s", &["a", "c"])
        + &line("t", &["a", "b", "c"])
        + "{\"prompt\":\"u\"}\n";
    let dropped = recorded(JobKind::Human, body).await;
    let (survey, told) = dropped.survey().await;
    assert_told(
        &told,
        &[
            ("cases.jsonl:3: modelResponses: 1 recorded answers, where earlier lines have 2", "as many"),
            ("cases.jsonl:4: modelResponses[1].modelIdentifier: `c` beside `a`, `b`", "names 2 at most"),
            ("cases.jsonl:5: modelResponses: 3 recorded answers, where the job takes one or two a line", "write {"),
            ("cases.jsonl:6: modelResponses: 0 recorded answers", "write {"),
        ],
    );
    assert_eq!((survey.samples, survey.bad_lines), (2, 4));
    assert_eq!(survey.sources, [source("a", "a"), source("b", "b")]);
    let input = dropped.input().await;
    let second = r#"{"prompt":"q","modelResponses":[{"response":"by b","modelIdentifier":"b"},{"response":"by a","modelIdentifier":"a"}]}"#;
    assert_eq!(input.lines().nth(1), Some(second));
}

#[tokio::test]
async fn people_may_rate_one_answer_a_line() {
    let dropped = recorded(JobKind::Human, line("p", &["a"]) + &line("q", &["b"])).await;
    let (survey, told) = dropped.survey().await;
    assert_told(&told, &[]);
    assert_eq!(survey.sources.len(), 2);
}

#[tokio::test]
async fn names_that_would_become_one_are_told() {
    let dropped = recorded(JobKind::Human, line("p", &["a:b", "a/b"])).await;
    let (_, told) = dropped.survey().await;
    assert!(told[0].contains("`a/b` and `a:b` are both `a-b` to the service"), "{told:?}");
}
