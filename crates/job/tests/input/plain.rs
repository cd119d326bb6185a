//! Single prompts: what is sent of a line, and what keeps it out.

use super::dropped::{Dropped, assert_told, job, keys};
use assay_core::spec::{JobKind, TaskType};

const FULL: &str = concat!(
    r#"{"id":"a","prompt":"What is 2+2?","referenceResponse":"4","category":"sums","system":"s","context":"c","#,
    r#""labels":["l"],"assert":[{"contains":"4"}],"metadata":{"k":1},"#,
    r#""modelResponses":[{"response":"5","modelIdentifier":"m"}]}"#,
    "\n"
);

#[tokio::test]
async fn only_documented_keys_are_sent() {
    for kind in [JobKind::Automatic, JobKind::Judge, JobKind::Human] {
        let dropped = Dropped::new(job(kind, &[]), FULL).await;
        let (survey, told) = dropped.survey().await;
        assert_eq!((survey.samples, survey.turns, survey.bad_lines, survey.parts), (1, 1, 0, 1));
        assert!(survey.sources.is_empty() && !survey.is_refused);
        assert_told(&told, &[("cases.jsonl:1: warning: system: the system prompt is not sent", "told once")]);
        let input = dropped.input().await;
        assert_eq!(input, "{\"prompt\":\"What is 2+2?\",\"referenceResponse\":\"4\",\"category\":\"sums\"}\n");
    }
}

#[tokio::test]
async fn the_sample_is_kept_whole_beside_it() {
    let dropped = Dropped::new(job(JobKind::Automatic, &[]), FULL).await;
    dropped.write().await;
    let sample = concat!(
        r#"{"key":"52cb6b5e4a038af1756708f98afb718a","turn":null,"sample":{"id":"a","line":1,"prompt":"What is 2+2?","#,
        r#""system":"s","references":["4"],"category":"sums","context":"c","labels":["l"],"#,
        r#""assert":[{"contains":"4"}],"metadata":{"k":1}}}"#,
        "\n"
    );
    assert_eq!(dropped.text(&keys(0).samples).await, sample);
}

#[tokio::test]
async fn a_metric_may_need_a_reference() {
    let lines =
        "{\"prompt\":\"p\"}\n{\"prompt\":\"q\",\"referenceResponse\":\" \"}\n{\"prompt\":\"r\",\"expected\":\"e\"}\n";
    let alias = ("cases.jsonl:3: warning: expected: ", "Bedrock's own jobs");
    for (kind, metrics, why) in [
        (JobKind::Automatic, &["Toxicity", "Builtin.Accuracy"][..], Some("Accuracy")),
        (JobKind::Automatic, &["Robustness"], Some("Robustness")),
        (JobKind::Automatic, &["Toxicity"], None),
        (JobKind::Judge, &["Correctness"], None),
        (JobKind::Human, &[], None),
    ] {
        let dropped = Dropped::new(job(kind, metrics), lines).await;
        let (survey, told) = dropped.survey().await;
        let Some(why) = why else {
            assert_told(&told, &[alias]);
            assert_eq!(survey.samples, 3);
            continue;
        };
        let needs = |line| format!("cases.jsonl:{line}: referenceResponse: no reference answer, which {why} needs");
        assert_told(&told, &[(&needs(1), "add \"referenceResponse\""), (&needs(2), ""), alias]);
        assert_eq!((survey.samples, survey.bad_lines, survey.is_refused), (1, 2, false));
        assert_eq!(dropped.input().await, "{\"prompt\":\"r\",\"referenceResponse\":\"e\"}\n");
    }
}

#[tokio::test]
async fn questions_to_be_answered_need_a_reference() {
    let mut asked = job(JobKind::Automatic, &["Toxicity"]);
    asked.task = Some(TaskType::QuestionAndAnswer);
    let (survey, told) = Dropped::new(asked, "{\"prompt\":\"p\"}\n").await.survey().await;
    assert!(survey.is_refused);
    assert!(told[0].contains("which the task QuestionAndAnswer needs"), "{told:?}");
}

#[tokio::test]
async fn the_first_of_several_references_is_sent_and_that_is_told_once() {
    let lines = "{\"prompt\":\"p\",\"referenceResponses\":[\"\",\"a\",\"b\"]}\n\
        {\"prompt\":\"q\",\"referenceResponses\":[\"c\",\"d\"]}\n{\"prompt\":\"r\",\"referenceResponses\":[\"e\"]}\n";
    let dropped = Dropped::new(job(JobKind::Automatic, &["Accuracy"]), lines).await;
    let (_, told) = dropped.survey().await;
    assert_told(&told, &[("cases.jsonl:1: warning: referenceResponses: only the first", "told once")]);
    let expected = "{\"prompt\":\"p\",\"referenceResponse\":\"a\"}\n{\"prompt\":\"q\",\"referenceResponse\":\"c\"}\n\
        {\"prompt\":\"r\",\"referenceResponse\":\"e\"}\n";
    assert_eq!(dropped.input().await, expected);
}

#[tokio::test]
async fn the_template_is_filled_before_it_is_measured() {
    let lines = "{\"prompt\":\"p\",\"context\":\"\u{e9}\\n\"}\n";
    let dropped = Dropped::new(job(JobKind::Judge, &[]), lines).await.with_prompt("{{context}}Q: {{prompt}}");
    assert_eq!(dropped.input().await, "{\"prompt\":\"\u{e9}\\nQ: p\"}\n");
    let empty = Dropped::new(job(JobKind::Judge, &[]), "{\"prompt\":\"p\"}\n").await.with_prompt("{{context}}");
    let (_, told) = empty.survey().await;
    let beginning = "cases.jsonl:1: prompt: the prompt as it is asked is empty";
    assert_told(&told, &[(beginning, "mend the spec's `prompt`"), ("cases.jsonl: no line of the dataset", "mend")]);
}

#[tokio::test]
async fn a_prompt_may_have_4096_bytes_of_utf8() {
    // Two bytes a letter; the template adds two.
    let line = |letters: usize, end: &str| format!("{{\"prompt\":\"{}{end}\"}}\n", "\u{e9}".repeat(letters));
    let body = line(2047, "") + &line(2047, "x") + &line(2046, "x") + &line(2046, "\u{1f600}");
    let dropped = Dropped::new(job(JobKind::Automatic, &[]), body).await.with_prompt("Q:{{prompt}}");
    let (survey, told) = dropped.survey().await;
    let over = |line, bytes| {
        format!("cases.jsonl:{line}: prompt: the prompt as it is asked has {bytes} bytes, more than the 4096")
    };
    assert_told(&told, &[(&over(2, 4097), "shorten it"), (&over(4, 4098), "shorten it")]);
    assert_eq!((survey.samples, survey.bad_lines), (2, 2));
}

#[tokio::test]
async fn everything_wrong_is_told_at_once() {
    let long = format!("{{\"prompt\":\"{}\"}}", "x".repeat(4097));
    let body = format!(
        "\u{feff}{{\"prompt\":\"p\",\"id\":\"a\",\"referenceResponse\":\"r\"}}\r\n\n  \n{{\"promt\":\"p\"}}\n{long}\n\
         {{\"prompt\":\"q\",\"id\":\"a\",\"referenceResponse\":\"r\"}}\n{{\"conversationTurns\":[]}}\nno\n"
    );
    let dropped = Dropped::new(job(JobKind::Automatic, &["Accuracy"]), body).await;
    let (survey, told) = dropped.survey().await;
    assert_told(
        &told,
        &[
            ("cases.jsonl:1: warning: the file begins with a byte order mark", ""),
            ("cases.jsonl:4: prompt: the line has no prompt", ""),
            ("cases.jsonl:4: promt: unknown key", "did you mean `prompt`?"),
            ("cases.jsonl:5: prompt: the prompt as it is asked has 4097 bytes", ""),
            ("cases.jsonl:5: referenceResponse: no reference answer", ""),
            ("cases.jsonl:6: id: the id `a` is used by an earlier line", ""),
            ("cases.jsonl:7: conversationTurns: a conversation cannot be asked as one prompt", "RAG"),
            ("cases.jsonl:8: not valid JSON", ""),
        ],
    );
    assert_eq!((survey.samples, survey.bad_lines, survey.is_refused), (1, 5, false));
    assert_eq!(dropped.input().await, "{\"prompt\":\"p\",\"referenceResponse\":\"r\"}\n");
}

#[tokio::test]
async fn a_strict_spec_starts_nothing_with_an_error() {
    let mut dropped = Dropped::new(job(JobKind::Judge, &[]), "{\"prompt\":\"p\"}\n{\"prompt\":5}\n").await;
    assert!(!dropped.survey().await.0.is_refused);
    dropped.spec.strict = true;
    assert!(dropped.survey().await.0.is_refused);
    let mut warned = Dropped::new(job(JobKind::Judge, &[]), "{\"prompt\":\"p\"}\n").await;
    (warned.spec.strict, warned.spec.system) = (true, Some("s".to_owned()));
    let (survey, told) = warned.survey().await;
    assert!(!survey.is_refused);
    assert_told(&told, &[("cases.jsonl: warning: system: the system prompt is not sent", "the spec's `prompt`")]);
}

#[tokio::test]
async fn a_dataset_without_a_usable_line_is_refused() {
    for (body, message) in [("", "the dataset is empty"), ("\n \n", "the dataset is empty"), ("{}\n", "no line of the")]
    {
        let dropped = Dropped::new(job(JobKind::Human, &[]), body).await;
        let (survey, told) = dropped.survey().await;
        assert!(told.last().unwrap().starts_with(&format!("cases.jsonl: {message}")), "{told:?}");
        assert!(survey.is_refused && survey.parts == 0);
        assert_eq!(dropped.write().await.parts, 0);
    }
}

#[tokio::test]
async fn datasets_of_the_service_are_not_read() {
    let mut asked = job(JobKind::Automatic, &["Accuracy"]);
    asked.datasets = vec!["Builtin.BoolQ".to_owned()];
    let dropped = Dropped::new(asked, "broken").await;
    let (survey, told) = dropped.survey().await;
    assert_eq!((survey.samples, survey.parts, survey.is_refused, told.len()), (0, 0, false, 0));
    assert_eq!(dropped.write().await.parts, 0);
}

#[tokio::test]
async fn a_dataset_that_is_not_there_is_told_by_its_name() {
    let mut dropped = Dropped::new(job(JobKind::Judge, &[]), "").await;
    dropped.dataset.path = "gone.jsonl".into();
    let missing = assay_job::input::survey_for_job(&dropped.dataset, &dropped.spec, &dropped.job, |_| {}).await;
    assert_eq!(missing.unwrap_err().to_string(), "`cases.jsonl` does not exist");
}
