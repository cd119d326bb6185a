//! Questions whose answers the stand-in has recorded, and their scores, worked out here in the plainest way.

use std::collections::BTreeSet;

use local_stack::stand_in::Recordings;

/// A question, its reference if it has one, and what each model answers.
#[derive(Debug)]
pub struct Question {
    /// The sample's id.
    pub id: &'static str,
    /// The prompt.
    pub prompt: &'static str,
    /// The expected answer.
    pub reference: Option<&'static str>,
    /// The answer of each model of [`crate::models::MODEL_IDS`], in its order.
    pub answers: [&'static str; 2],
}

const fn question(
    id: &'static str,
    prompt: &'static str,
    reference: Option<&'static str>,
    answers: [&'static str; 2],
) -> Question {
    Question { id, prompt, reference, answers }
}

/// Eight questions; the last has no reference, so that an odd number can be compared with one.
pub const QUESTIONS: [Question; 8] = [
    question(
        "parcel",
        "When does my parcel arrive?",
        Some("Within three working days."),
        ["Within three working days.", "It should arrive within three working days, at the latest."],
    ),
    question(
        "return",
        "May I send this back?",
        Some("Yes, within 30 days of delivery."),
        ["Yes, you may send it back within 30 days of the delivery.", "No."],
    ),
    question(
        "invoice",
        "Where is my invoice?",
        Some("In your account, under Orders."),
        ["Look in your account under orders.", "We send invoices by e-mail."],
    ),
    question(
        "voucher",
        "Can I use two vouchers at once?",
        Some("No, only one for each order."),
        ["No, only one for each order.", "Yes, two vouchers are fine."],
    ),
    question(
        "café",
        "Is the café in the shop open on Sundays?",
        Some("Yes, from ten to four."),
        ["The café is open on Sundays from ten to four. ☕", "Yes, from ten to four."],
    ),
    question(
        "gift",
        "Do you wrap presents?",
        Some("Yes, for 2.50 euros."),
        ["We wrap presents for 2.50 euros.", "Yes, we do!"],
    ),
    question(
        "size",
        "The shoes are too small, what now?",
        Some("Exchange them free of charge."),
        ["You can exchange the shoes free of charge.", "Exchange them. Exchange them free of charge."],
    ),
    question("thanks", "Thank you, that was all.", None, ["You are welcome!", "Have a nice day."]),
];

/// The answers, for the stand-in to give.
pub fn recordings() -> Recordings {
    let mut recordings = Recordings::default();
    for question in &QUESTIONS {
        for (model, answer) in crate::models::MODEL_IDS.into_iter().zip(question.answers) {
            recordings.add(model, question.prompt, answer);
        }
    }
    recordings
}

/// The questions as a dataset, one line each.
pub fn dataset() -> String {
    let lines = QUESTIONS.iter().map(|question| {
        let mut line = serde_json::json!({"id": question.id, "prompt": question.prompt});
        if let Some(reference) = question.reference {
            line["referenceResponse"] = reference.into();
        }
        line.to_string() + "\n"
    });
    lines.collect()
}

/// Each answer's score by a scorer, for one model; questions that it cannot judge are left out.
///
/// # Panics
/// If there is no such scorer.
pub fn scores(scorer: &str, model: usize) -> Vec<f64> {
    let score = |question: &Question| {
        let answer = question.answers[model];
        match (scorer, question.reference) {
            ("response_length", _) => Some(answer.chars().count() as f64),
            (_, None) => None,
            ("relevance", Some(reference)) => Some(relevance(reference, answer)),
            ("f1", Some(reference)) => Some(f1(reference, answer)),
            ("exact_match", Some(reference)) => Some(f64::from(u8::from(reference.trim() == answer.trim()))),
            _ => panic!("no scorer `{scorer}`"),
        }
    };
    QUESTIONS.iter().filter_map(score).collect()
}

/// The share of the expected words that were said.
fn relevance(reference: &str, answer: &str) -> f64 {
    let words = |text: &str| text.to_lowercase().split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    let (expected, said) = (words(reference), words(answer));
    expected.intersection(&said).count() as f64 / expected.len() as f64
}

/// F1 over sets of words without punctuation and articles.
fn f1(reference: &str, answer: &str) -> f64 {
    let words = |text: &str| {
        let plain: String = text.to_lowercase().chars().filter(|c| !c.is_ascii_punctuation()).collect();
        let words = plain.split_whitespace().map(str::to_owned);
        words.filter(|word| !["a", "an", "the"].contains(&word.as_str())).collect::<BTreeSet<_>>()
    };
    let (expected, said) = (words(reference), words(answer));
    let shared = expected.intersection(&said).count() as f64;
    2.0 * shared / (expected.len() + said.len()) as f64
}

/// The tokens that the stand-in bills: a quarter of the characters, rounded up. The prompts', then the answers'.
pub fn tokens(model: usize) -> (usize, usize) {
    let bill = |text: &str| text.chars().count().div_ceil(4);
    let asked = QUESTIONS.iter().map(|question| bill(question.prompt)).sum();
    let answered = QUESTIONS.iter().map(|question| bill(question.answers[model])).sum();
    (asked, answered)
}
