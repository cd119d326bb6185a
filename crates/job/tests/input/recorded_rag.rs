//! Recorded answers of RAG systems.

use super::dropped::{Dropped, assert_told, job};
use assay_core::spec::JobKind;

fn line(output: &str) -> String {
    format!("{{\"conversationTurns\":[{{\"prompt\":{{\"content\":[{{\"text\":\"p\"}}]}},\"output\":{output}}}]}}\n")
}

async fn recorded(retrieve_only: bool, body: String) -> Dropped {
    let mut asked = job(JobKind::Rag, &[]);
    (asked.recorded, asked.retrieve_only) = (true, retrieve_only);
    Dropped::new(asked, body).await
}

const PASSAGES: &str =
    r#"{"retrievalResults":[{"content":{"text":"x"},"metadata":{"page":3,"tags":["a"]},"name":"n"}]}"#;

#[tokio::test]
async fn documented_parts_are_kept_and_others_left_out() {
    let with = |more: &str, end: &str| {
        format!(
            "{{\"text\":\"t\",\"modelIdentifier\":\"m:0\",\"knowledgeBaseIdentifier\":\"our:kb\",\"retrievedPassages\":{PASSAGES},\
             \"citations\":[{{\"generatedResponsePart\":{{\"textResponsePart\":{{\"span\":{{\"start\":0,\"end\":1}},\"text\":\"t\"}}}},\
             \"retrievedReferences\":[{{\"content\":{{\"text\":\"x\"}}{more}}}]}}]{end}}}"
        )
    };
    let location = r#","location":{"type":"S3"}"#;
    let body = line(&with(location, r#","guardrailAction":null"#)) + &line(&with(location, ""));
    let dropped = recorded(false, body).await;
    let (survey, told) = dropped.survey().await;
    let left_out = "warning: conversationTurns[0].output: `";
    assert_told(
        &told,
        &[
            (&format!("cases.jsonl:1: {left_out}location` is not sent"), "told once"),
            (&format!("cases.jsonl:1: {left_out}guardrailAction` is not sent"), "told once"),
        ],
    );
    let source = &survey.sources[0];
    assert_eq!((source.name.as_str(), source.identifier.as_str(), survey.sources.len()), ("our:kb", "our-kb", 1));
    let expected = concat!(
        r#"{"conversationTurns":[{"prompt":{"content":[{"text":"p"}]},"output":{"citations":[{"generatedResponsePart":"#,
        r#"{"textResponsePart":{"span":{"end":1,"start":0},"text":"t"}},"retrievedReferences":[{"content":{"text":"x"}}]}],"#,
        r#""knowledgeBaseIdentifier":"our-kb","modelIdentifier":"m:0","retrievedPassages":{"retrievalResults":"#,
        r#"[{"content":{"text":"x"},"metadata":{"page":3,"tags":["a"]},"name":"n"}]},"text":"t"}}]}"#,
    );
    assert_eq!(dropped.input().await, format!("{expected}\n{expected}\n"));
}

#[tokio::test]
async fn what_was_only_retrieved_has_another_form() {
    let retrieved = format!("{{\"knowledgeBaseIdentifier\":\"kb\",\"retrievedResults\":{PASSAGES}}}");
    let dropped = recorded(true, line(&retrieved)).await;
    assert_told(&dropped.survey().await.1, &[]);
    assert!(dropped.input().await.contains(r#""output":{"knowledgeBaseIdentifier":"kb","retrievedResults":{"#));
    let (survey, told) = recorded(false, line(&retrieved)).await.survey().await;
    assert_told(
        &told,
        &[
            ("cases.jsonl:1: conversationTurns[0].output: `text` is missing", "add `text`"),
            ("cases.jsonl:1: conversationTurns[0].output: `retrievedPassages` is missing", "add `retrievedPassages`"),
            ("cases.jsonl:1: warning: conversationTurns[0].output: `retrievedResults` is not sent", ""),
            ("cases.jsonl: no line", ""),
        ],
    );
    assert!(survey.sources.is_empty());
}

#[tokio::test]
async fn every_line_needs_an_answer_of_the_one_source() {
    let of = |source: &str| {
        line(&format!("{{\"knowledgeBaseIdentifier\":\"{source}\",\"retrievedResults\":{{\"retrievalResults\":[]}}}}"))
    };
    let body = of("kb") + &of("other") + &of(":") + &line("null") + "{\"prompt\":\"x\"}\n" + &line("[]");
    let (survey, told) = recorded(true, body).await.survey().await;
    let remedy = "write the line as `conversationTurns`";
    assert_told(
        &told,
        &[
            ("cases.jsonl:2: conversationTurns[0].output.knowledgeBaseIdentifier: `other` beside `kb`", "1 at most"),
            (
                "cases.jsonl:3: conversationTurns[0].output.knowledgeBaseIdentifier: `:` has no letter or digit",
                "letters",
            ),
            ("cases.jsonl:4: conversationTurns[0].output: no recorded answer", remedy),
            ("cases.jsonl:5: output: no recorded answer", remedy),
            ("cases.jsonl:6: conversationTurns[0].output: expected an object, found a list", "write an object"),
        ],
    );
    assert_eq!((survey.samples, survey.bad_lines), (1, 5));
}

#[tokio::test]
async fn an_answer_is_not_sent_where_the_knowledge_base_is_asked() {
    let dropped = Dropped::new(job(JobKind::Rag, &[]), line("{\"text\":5}")).await;
    assert_told(&dropped.survey().await.1, &[]);
    assert_eq!(dropped.input().await, "{\"conversationTurns\":[{\"prompt\":{\"content\":[{\"text\":\"p\"}]}}]}\n");
}
