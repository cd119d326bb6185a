//! Conversations for RAG jobs, in both forms.

use super::dropped::{Dropped, assert_told, job, keys};
use assay_core::spec::{CustomMetricSpec, JobKind, JobSpec};
use assay_job::input::SampleIndex;

/// A turn as the service documents it.
fn turn(prompt: &str, reference: &str) -> String {
    format!(
        "{{\"prompt\":{{\"content\":[{{\"text\":\"{prompt}\"}}]}},\"referenceResponses\":[{{\"content\":[{{\"text\":\"{reference}\"}}]}}]}}"
    )
}

fn conversation(turns: &[String]) -> String {
    format!("{{\"conversationTurns\":[{}]}}\n", turns.join(","))
}

fn rag(metrics: &[&str]) -> JobSpec {
    job(JobKind::Rag, metrics)
}

#[tokio::test]
async fn both_forms_become_the_same_line() {
    let plain = "{\"prompt\":\"p\",\"referenceResponse\":\"r\",\"category\":\"c\",\"metadata\":{}}\n";
    let formed = conversation(&[turn("p", "r")]);
    let dropped = Dropped::new(rag(&[]), plain.to_owned() + &formed).await;
    let (survey, told) = dropped.survey().await;
    assert_told(&told, &[]);
    assert_eq!((survey.samples, survey.turns), (2, 2));
    let line = r#"{"conversationTurns":[{"prompt":{"content":[{"text":"p"}]},"referenceResponses":[{"content":[{"text":"r"}]}]}]}"#;
    assert_eq!(dropped.input().await, format!("{line}\n{line}\n"));
}

#[tokio::test]
async fn every_turn_is_asked_with_the_template_and_has_a_sample() {
    let line = concat!(
        r#"{"id":"talk","category":"c","metadata":{"k":"v"},"conversationTurns":["#,
        r#"{"prompt":{"content":[{"text":"one"}]}},"#,
        r#"{"referenceResponses":[{"content":[{"text":"r"}]},{"content":[{"text":"s"}]}],"prompt":{"content":[{"text":"two"}]}}]}"#,
        "\n"
    );
    let dropped = Dropped::new(rag(&["Correctness"]), line).await.with_prompt("{{metadata.k}}: {{prompt}}");
    let (survey, told) = dropped.survey().await;
    assert_told(&told, &[]);
    assert_eq!((survey.samples, survey.turns, survey.parts), (1, 2, 1));
    let expected = concat!(
        r#"{"conversationTurns":[{"prompt":{"content":[{"text":"v: one"}]}},{"prompt":{"content":[{"text":"v: two"}]},"#,
        r#""referenceResponses":[{"content":[{"text":"r"}]},{"content":[{"text":"s"}]}]}]}"#,
        "\n"
    );
    assert_eq!(dropped.input().await, expected);

    let mut index = SampleIndex::read(&*dropped.place.store, &keys(0).samples).await.unwrap();
    let second = index.find("v: two", Some(1)).unwrap();
    assert_eq!((second.id.as_str(), second.line, second.prompt.as_str()), ("talk#2", 1, "two"));
    assert_eq!((second.references, second.category.as_deref()), (vec!["r".to_owned(), "s".to_owned()], Some("c")));
    assert_eq!(index.find("v: one", None), None);
    let first = index.find("v: one", Some(0)).unwrap();
    assert_eq!((first.id.as_str(), first.references.len()), ("talk#1", 0));
}

#[tokio::test]
async fn a_conversation_of_one_turn_keeps_the_id_that_a_plain_line_has() {
    let dropped = Dropped::new(rag(&[]), conversation(&[turn("p", "r")])).await;
    dropped.write().await;
    let mut index = SampleIndex::read(&*dropped.place.store, &keys(0).samples).await.unwrap();
    let formed = index.find("p", None).unwrap();
    let plain = Dropped::new(rag(&[]), "{\"prompt\":\"p\",\"referenceResponse\":\"r\"}\n").await;
    plain.write().await;
    let mut index = SampleIndex::read(&*plain.place.store, &keys(0).samples).await.unwrap();
    assert_eq!(index.find("p", None), Some(formed));
}

#[tokio::test]
async fn turns_are_limited_by_what_is_done() {
    let turns =
        |count: usize| conversation(&(0..count).map(|turn_| turn(&format!("p{turn_}"), "r")).collect::<Vec<_>>());
    let body = turns(5) + &turns(6) + &turns(2) + &turns(1) + &turns(0);
    let dropped = Dropped::new(rag(&[]), body.clone()).await;
    let (survey, told) = dropped.survey().await;
    let none = ("cases.jsonl:5: conversationTurns: the conversation has no turn", "write one");
    assert_told(&told, &[("cases.jsonl:2: conversationTurns: 6 turns, more than the 5", "split"), none]);
    assert_eq!((survey.samples, survey.turns, survey.bad_lines), (3, 8, 2));

    let mut retrieving = rag(&[]);
    retrieving.retrieve_only = true;
    let (survey, told) = Dropped::new(retrieving, body).await.survey().await;
    assert_eq!((survey.samples, told.len()), (1, 4));
    assert!(told[0].starts_with("cases.jsonl:1: conversationTurns: 5 turns, more than the 1 that"), "{told:?}");
}

#[tokio::test]
async fn coverage_of_the_context_needs_references_in_each_turn() {
    let silent = r#"{"prompt":{"content":[{"text":"q"}]}}"#.to_owned();
    let body = conversation(&[turn("p", "r"), silent]) + "{\"prompt\":\"x\"}\n" + &conversation(&[turn("y", "r")]);
    let (survey, told) = Dropped::new(rag(&["Builtin.ContextCoverage"]), body).await.survey().await;
    assert_told(
        &told,
        &[
            ("cases.jsonl:1: conversationTurns[1].referenceResponses: no reference answer", "add"),
            ("cases.jsonl:2: referenceResponses: no reference answer, which ContextCoverage needs", "add"),
        ],
    );
    assert_eq!(survey.samples, 1);
}

#[tokio::test]
async fn reference_passages_are_for_custom_metrics_alone() {
    let line = concat!(
        r#"{"conversationTurns":[{"prompt":{"content":[{"text":"p"}]},"referenceContexts":[{"content":[{"text":"x"}]}]}]}"#,
        "\n"
    );
    let (_, told) = Dropped::new(rag(&["Correctness"]), line).await.survey().await;
    assert!(
        told[0].starts_with("cases.jsonl:1: conversationTurns[0].referenceContexts: the service refuses"),
        "{told:?}"
    );
    let metric = CustomMetricSpec { name: "m".to_owned(), instructions: "i".to_owned(), scale: Vec::new() };
    let custom = JobSpec { custom_metrics: vec![metric], ..rag(&[]) };
    let dropped = Dropped::new(custom, line).await;
    assert_told(&dropped.survey().await.1, &[]);
    assert_eq!(dropped.input().await, line);
}

#[tokio::test]
async fn each_slip_in_a_conversation_is_placed() {
    let body = concat!(
        r#"{"conversationTurns":[{"promt":{"content":[]}},{"prompt":"p"},{"prompt":{"content":[{"text":1}]}}]}"#,
        "\n",
        r#"{"conversationTurns":[{"prompt":{"content":[{"text":"a"},{"text":"b"}]}},{"prompt":{"content":[{"text":" "}]}}]}"#,
        "\n",
        r#"{"prompt":"p","conversationTurns":5,"categry":"c"}"#,
        "\n",
        r#"{"conversationTurns":[{"prompt":{"content":[{"text":"p"}]}}],"expected":"e","modelResponses":[{"response":"","modelIdentifier":"m"}]}"#,
        "\n",
    );
    let (survey, told) = Dropped::new(rag(&[]), body).await.survey().await;
    assert_told(
        &told,
        &[
            ("cases.jsonl:1: conversationTurns[0]: `prompt` is missing", "add `prompt`"),
            ("cases.jsonl:1: conversationTurns[0].promt: unknown key", "did you mean `prompt`?"),
            ("cases.jsonl:1: conversationTurns[1].prompt: expected an object, found a string", "write an object"),
            ("cases.jsonl:1: conversationTurns[2].prompt.content[0].text: expected a string, found a number", ""),
            ("cases.jsonl:2: conversationTurns[0].prompt.content: expected one text, found 2", "into one text"),
            ("cases.jsonl:2: conversationTurns[1].prompt: the prompt is empty", "write the question"),
            ("cases.jsonl:3: prompt: the line has `conversationTurns` too", "keep one of them"),
            ("cases.jsonl:3: conversationTurns: expected a list, found a number", "write a list"),
            ("cases.jsonl:3: categry: unknown key", "did you mean `category`?"),
            ("cases.jsonl:4: warning: expected: `expected` is read as `referenceResponse`", ""),
            ("cases.jsonl:4: referenceResponse: a conversation has reference answers for each turn", "into the turns"),
            ("cases.jsonl:4: modelResponses: a conversation has a recorded answer for each turn", "`output`"),
            ("cases.jsonl: no line of the dataset can go into the job", ""),
        ],
    );
    assert!(survey.is_refused);
}

#[tokio::test]
async fn the_ids_of_turns_are_used_once() {
    let talk = conversation(&[turn("p", "r"), turn("q", "r")]);
    let named = |id: &str, line: &str| line.replacen('{', &format!("{{\"id\":\"{id}\","), 1);
    let body = named("a", &talk) + &named("a#2", "{\"prompt\":\"x\"}\n") + &named("a#3", "{\"prompt\":\"y\"}\n");
    let (survey, told) = Dropped::new(rag(&[]), body).await.survey().await;
    assert_told(&told, &[("cases.jsonl:2: id: the id `a#2` is that of an earlier turn", "an id of its own")]);
    assert_eq!(survey.samples, 2);
}

#[tokio::test]
async fn a_turn_is_measured_as_it_is_asked() {
    let body = conversation(&[turn("p", "r"), turn(&"x".repeat(4097), "r")]);
    let (_, told) = Dropped::new(rag(&[]), body).await.survey().await;
    assert!(
        told[0].starts_with("cases.jsonl:1: conversationTurns[1].prompt: the prompt as it is asked has 4097"),
        "{told:?}"
    );
}
