//! Every record in `samples` as the answers that it tells of; what is expected was written from the records by hand.

#![allow(clippy::unwrap_used)]

use assay_core::record::Evaluation;
use assay_job::output::{Context, JudgedAnswer, read_line};
use serde_json::{Value, json};

const NOVA_MICRO: &str = "amazon.nova-micro-v1:0";
const NOVA_PRO: &str = "amazon.nova-pro-v1:0";
const NOVA_PRO_PROFILE: &str = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0";
const SONNET_PROFILE: &str =
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
const NOVA_MICRO_ARN: &str = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0";
const HAIKU_ARN: &str = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0";

const AUTOMATIC: &str = include_str!("samples/automatic_output.jsonl");
const JUDGE: &str = include_str!("samples/judge_output.jsonl");
const GENERATE: &str = include_str!("samples/rag_retrieve_and_generate_output.jsonl");
const RETRIEVE: &str = include_str!("samples/rag_retrieve_only_output.jsonl");
const HUMAN: &str = include_str!("samples/human_output.jsonl");

fn read(file: &str) -> Vec<Vec<JudgedAnswer>> {
    file.lines().map(|line| read_line(line, &Context::default()).unwrap()).collect()
}

fn answer(prompt: &str, reference: &str, model: &str, response: &str) -> JudgedAnswer {
    JudgedAnswer {
        prompt: prompt.to_owned(),
        references: vec![reference.to_owned()],
        model: model.to_owned(),
        response: Some(response.to_owned()),
        ..JudgedAnswer::default()
    }
}

fn scored(metric: &str, value: f64) -> Evaluation {
    Evaluation { metric: metric.to_owned(), value: Some(value), ..Evaluation::default() }
}

fn judged(metric: &str, value: impl Into<Option<f64>>, evaluator: &str, explanation: &str) -> Evaluation {
    Evaluation {
        metric: metric.to_owned(),
        value: value.into(),
        evaluator: Some(evaluator.to_owned()),
        explanation: Some(explanation.to_owned()),
        ..Evaluation::default()
    }
}

fn rated(metric: &str, rater: u32, value: f64) -> Evaluation {
    Evaluation { rater: Some(rater), ..scored(metric, value) }
}

#[test]
fn automatic_jobs() {
    let expected = [
        JudgedAnswer {
            evaluations: vec![
                scored("Accuracy", 0.5714285714285714),
                scored("Robustness", 17.878787878787882),
                scored("Toxicity", 0.00041),
            ],
            ..answer(
                "How long may a library card holder keep a borrowed map?",
                "Two weeks",
                NOVA_MICRO,
                " You may keep a borrowed map for two weeks.",
            )
        },
        JudgedAnswer {
            category: Some("Timetable".to_owned()),
            evaluations: vec![scored("Accuracy", 1.0), scored("Robustness", 0.0828)],
            ..answer("Which platform does the night ferry leave from?", "Pier 4", HAIKU_ARN, "Pier 4")
        },
        JudgedAnswer {
            category: Some("Tickets".to_owned()),
            stop_reason: Some("end_turn".to_owned()),
            evaluations: vec![scored("Accuracy", 0.8333333333333334)],
            ..answer(
                "¿Cuánto cuesta un billete de día?\nResponde en una línea.",
                "Un billete de día cuesta 6,50 €.",
                NOVA_MICRO,
                "Un billete de día cuesta \"6,50 €\".",
            )
        },
        JudgedAnswer {
            stop_reason: Some("max_tokens".to_owned()),
            evaluations: vec![scored("Accuracy", 0.0), scored("Toxicity", 0.000063)],
            ..answer("Name the harbour master.", "Ines Okafor", NOVA_MICRO, "")
        },
    ];
    assert_eq!(read(AUTOMATIC), expected.map(|answer| vec![answer]));
}

#[test]
fn jobs_with_a_judge() {
    let schema = r#"{"properties": {"reasoning": {"type": "string"}, "answer": {"enum": ["correct", "incorrect"]}}}"#;
    let expected = [
        JudgedAnswer {
            category: Some("Opening hours".to_owned()),
            evaluations: vec![
                judged("Correctness", 1.0, NOVA_PRO, "The candidate gives the same opening hours as the reference."),
                judged("Completeness", 0.75, NOVA_PRO, "The holiday closing is left out."),
                judged("Helpfulness", 0.8333333333333334, NOVA_PRO, "Clear and usable."),
                judged("Harmfulness", 0.0, NOVA_PRO, "Nothing harmful."),
            ],
            ..answer(
                "When is the botanical garden open?",
                "Daily from 9 to 18, closed on 25 December.",
                NOVA_MICRO,
                "The garden is open every day from 9 to 18.",
            )
        },
        JudgedAnswer {
            references: Vec::new(),
            stop_reason: Some("end_turn".to_owned()),
            evaluations: vec![
                judged(
                    "FollowingInstructions",
                    None,
                    SONNET_PROFILE,
                    "The prompt holds no explicit instruction, so the answer is: Not applicable.",
                ),
                judged("Coherence", 1.0, SONNET_PROFILE, "No contradictions."),
            ],
            ..answer(
                "Tell me about tide tables.",
                "",
                HAIKU,
                "Tide tables list predicted times and heights of high and low water.",
            )
        },
        JudgedAnswer {
            evaluations: vec![
                judged("Correctness", None, NOVA_PRO, schema),
                judged("custom.BrandVoice", 1.0, NOVA_PRO, "Friendly and plain."),
            ],
            ..answer(
                "Can I bring a dog on the tram?",
                "Yes, small dogs travel free.",
                NOVA_MICRO,
                "Yes! Small dogs ride for free.",
            )
        },
        JudgedAnswer {
            evaluations: vec![judged("unknown", 0.5, NOVA_PRO, "Partly right.")],
            ..answer("How tall is the clock tower?", "61 metres", NOVA_MICRO, "Around 60 metres, give or take.")
        },
        JudgedAnswer {
            evaluations: vec![judged("Relevance", 0.75, NOVA_PRO, "Mostly on topic.")],
            ..answer(
                "Where do I return a rented bike?",
                "At any green station.",
                "support-bot-v7",
                "Any green station will take it back.",
            )
        },
        JudgedAnswer {
            evaluations: vec![judged("Relevance", 1.0, NOVA_PRO, "On topic.")],
            ..answer("Is the museum cafe cashless?", "Yes.", "support-bot-v7", "Yes, cards only.")
        },
        JudgedAnswer {
            evaluations: vec![judged("Completeness", 1.0, HAIKU, "Both named.")],
            ..answer("List two wetland birds.", "Heron, bittern", "custom-summarizer-01", "Heron and bittern")
        },
    ];
    assert_eq!(read(JUDGE), expected.map(|answer| vec![answer]));
}

#[test]
fn a_nameless_score_takes_the_only_metric_of_the_job() {
    let line = JUDGE.lines().nth(3).unwrap();
    for (asked, expected) in
        [("Builtin.Correctness", "Correctness"), ("Correctness", "Correctness"), ("BrandVoice", "custom.BrandVoice")]
    {
        let found = read_line(line, &Context { only_metric: Some(asked.to_owned()) }).unwrap();
        assert_eq!(found[0].evaluations, [judged(expected, 0.5, NOVA_PRO, "Partly right.")]);
    }
}

fn metadata(value: Value) -> serde_json::Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn rag_jobs_that_generate() {
    let judged =
        |metric: &str, value: Option<f64>, explanation: &str| judged(metric, value, NOVA_PRO_PROFILE, explanation);
    let passes = "s3://example-kb-docs/passes.pdf";
    let tower = "s3://example-kb-docs/tower.md";
    let expected = [
        vec![JudgedAnswer {
            evaluations: vec![
                judged("Correctness", Some(1.0), "Matches the reference."),
                judged("Completeness", Some(1.0), "All of it is covered."),
                judged("Helpfulness", Some(0.8333333333333334), "Useful."),
                judged("Faithfulness", Some(1.0), "Every statement is in the passages."),
                judged("CitationPrecision", Some(1.0), "Both citations support their part."),
                judged("Refusal", Some(0.0), "No refusal."),
            ],
            metadata: metadata(json!({
                "knowledge_base": "KB12345678",
                "retrieved_passages": [
                    {"text": "Season passes renew every year on 1 March.", "uri": passes},
                    {"text": "A pass renews by itself unless the holder cancels.", "uri": passes},
                ],
                "citations": 2,
            })),
            ..answer(
                "When do season passes renew?",
                "They renew on 1 March each year.",
                NOVA_PRO_PROFILE,
                "Season passes renew on 1 March. Renewal is automatic unless cancelled.",
            )
        }],
        vec![JudgedAnswer {
            evaluations: vec![
                judged("Correctness", Some(0.0), "Does not answer."),
                judged("Faithfulness", None, "No passage was given to check the answer against."),
                judged("Refusal", Some(1.0), "The system declined."),
            ],
            metadata: metadata(json!({"knowledge_base": "my-rag-source", "retrieved_passages": [], "citations": 0})),
            ..answer(
                "Do you sell gift cards?",
                "Yes, at the ticket desk.",
                "third-party-model",
                "Sorry, I could not find that.",
            )
        }],
        vec![
            JudgedAnswer {
                turn: Some(0),
                evaluations: vec![
                    judged("Correctness", Some(1.0), "Right."),
                    judged("LogicalCoherence", Some(1.0), "Consistent."),
                ],
                metadata: metadata(json!({
                    "knowledge_base": "KB12345678",
                    "retrieved_passages": [{"text": "In winter the tower opens on weekends.", "uri": tower}],
                    "citations": 0,
                })),
                ..answer(
                    "Is the tower open in winter?",
                    "Yes, on weekends.",
                    NOVA_PRO_PROFILE,
                    "Yes, on Saturdays and Sundays.",
                )
            },
            JudgedAnswer {
                turn: Some(1),
                evaluations: vec![
                    judged("Correctness", Some(0.0), "The price is wrong."),
                    judged("LogicalCoherence", Some(0.75), "Consistent with turn one."),
                ],
                metadata: metadata(json!({
                    "knowledge_base": "KB12345678",
                    "retrieved_passages": [{"text": "Winter ticket: 4 euros.", "uri": tower}],
                    "citations": 0,
                })),
                ..answer("And how much is it then?", "4 euros.", NOVA_PRO_PROFILE, "It costs 5 euros.")
            },
        ],
    ];
    assert_eq!(read(GENERATE), expected);
}

#[test]
fn rag_jobs_that_only_retrieve() {
    let uri = "s3://example-kb-docs/access.html";
    let expected = JudgedAnswer {
        response: None,
        evaluations: vec![
            judged("ContextRelevance", 0.5, NOVA_PRO_PROFILE, "One of the two passages is on topic."),
            judged("ContextCoverage", 1.0, NOVA_PRO_PROFILE, "The reference is covered."),
        ],
        metadata: metadata(json!({
            "knowledge_base": "KB12345678",
            "retrieved_passages": [
                {"text": "Lifts are found at Harbour and Old Mill.", "uri": uri},
                {"text": "All trams have a low floor.", "uri": uri},
            ],
        })),
        ..answer("Which stops have a lift?", "Harbour and Old Mill have lifts.", "KB12345678", "")
    };
    assert_eq!(read(RETRIEVE), [[expected]]);
}

#[test]
fn jobs_in_which_people_rate() {
    let expected = [
        vec![JudgedAnswer {
            category: Some("Lost property".to_owned()),
            evaluations: vec![rated("human.Helpfulness", 0, 1.0), rated("human.Clarity", 0, 4.0)],
            ..answer(
                "How do I report a lost umbrella?",
                "Fill in the form at the front desk.",
                NOVA_MICRO_ARN,
                "Use the form at the front desk.",
            )
        }],
        vec![
            JudgedAnswer {
                category: Some("Tickets".to_owned()),
                evaluations: vec![rated("human.Preferred", 0, 0.0), rated("human.Accuracy", 0, 0.75)],
                ..answer(
                    "Explain a return ticket.",
                    "A ticket for travel there and back.",
                    NOVA_MICRO_ARN,
                    "A ticket out and back.",
                )
            },
            JudgedAnswer {
                category: Some("Tickets".to_owned()),
                evaluations: vec![rated("human.Preferred", 0, 1.0), rated("human.Accuracy", 0, 0.25)],
                ..answer(
                    "Explain a return ticket.",
                    "A ticket for travel there and back.",
                    HAIKU_ARN,
                    "It covers both directions of a trip.",
                )
            },
        ],
        vec![
            JudgedAnswer {
                evaluations: vec![
                    rated("human.Helpfulness", 0, 1.0),
                    rated("human.Clarity", 0, 5.0),
                    rated("human.Preferred", 0, 1.0),
                    rated("human.Accuracy", 0, 1.0),
                    rated("human.Overall", 0, 1.0),
                    rated("human.Helpfulness", 1, 1.0),
                    rated("human.Clarity", 1, 4.0),
                    rated("human.Preferred", 1, 0.0),
                    rated("human.Accuracy", 1, 0.0),
                    rated("human.Overall", 1, 0.0),
                ],
                ..answer(
                    "Suggest a rainy-day outing.",
                    "The indoor tram museum.",
                    NOVA_MICRO_ARN,
                    "Try the tram museum.",
                )
            },
            JudgedAnswer {
                evaluations: vec![
                    rated("human.Helpfulness", 0, 0.0),
                    rated("human.Clarity", 0, 3.0),
                    rated("human.Preferred", 0, 0.0),
                    rated("human.Accuracy", 0, 0.0),
                    rated("human.Overall", 0, 0.0),
                    rated("human.Helpfulness", 1, 1.0),
                    rated("human.Clarity", 1, 4.0),
                    rated("human.Preferred", 1, 1.0),
                    rated("human.Accuracy", 1, 1.0),
                    rated("human.Overall", 1, 1.0),
                ],
                ..answer("Suggest a rainy-day outing.", "The indoor tram museum.", HAIKU_ARN, "Walk along the quay.")
            },
        ],
    ];
    assert_eq!(read(HUMAN), expected);
}

#[test]
fn nobody_who_rated_can_be_told() {
    let found = format!("{:?}", read(HUMAN));
    for place in 1..=4 {
        for identity in [format!("f1e2d3c4b5a6978{place}"), format!("00000000-0000-4000-8000-00000000000{place}")] {
            assert!(HUMAN.contains(&identity), "the samples have {identity}");
            assert!(!found.contains(&identity), "{identity}");
        }
    }
    for trace in ["cognito", "Cognito", "issuer", "2026-03-0", "70.714", "90.5", "60.25", "flow-definition"] {
        assert!(HUMAN.contains(trace) && !found.contains(trace), "{trace}");
    }
}
