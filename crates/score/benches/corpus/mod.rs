//! The texts that scorers are timed over: the same on every machine.

use assay_score::Evidence;
use std::sync::LazyLock;

/// A response with what a scorer may hold it against.
pub(crate) struct Pair {
    pub response: String,
    pub references: [String; 1],
    pub labels: [String; 1],
}

/// Labels that may be answered; two of three responses end in one.
const LABELS: [&str; 3] = ["billing", "shipping", "other"];

static VALID_LABELS: LazyLock<[String; 3]> = LazyLock::new(|| LABELS.map(str::to_owned));

impl Pair {
    /// Evidence that every scorer can score: labels and a similarity are there too.
    pub(crate) fn evidence(&self) -> Evidence<'_> {
        Evidence {
            labels: &self.labels,
            valid_labels: &*VALID_LABELS,
            similarities: Some(Ok(&[0.75])),
            ..Evidence::new(&self.response, &self.references)
        }
    }
}

/// Pairs of seeded text: words drawn from a vocabulary as uneven as language, responses that keep about half of the
/// words of their reference.
pub(crate) fn pairs(count: usize, words: usize) -> Vec<Pair> {
    let mut random = Random(2026);
    let vocabulary: Vec<String> = (0..2_000).map(|rank| word(&mut random, rank)).collect();
    let draw = |random: &mut Random| {
        let share = random.below(1_000_000) as f64 / 1e6;
        vocabulary[(share * share * vocabulary.len() as f64) as usize].as_str()
    };
    let pair = |_| {
        let expected: Vec<&str> = (0..words).map(|_| draw(&mut random)).collect();
        let mut answer = expected.clone();
        for word in &mut answer {
            if random.below(2) == 0 {
                *word = draw(&mut random);
            }
        }
        let label = LABELS[random.below(LABELS.len() as u64) as usize];
        if random.below(3) > 0 {
            answer.push(label);
        }
        Pair { response: sentence(&answer), references: [sentence(&expected)], labels: [label.to_owned()] }
    };
    (0..count).map(pair).collect()
}

fn word(random: &mut Random, rank: u64) -> String {
    const COMMON: [&str; 8] = ["the", "a", "of", "to", "and", "is", "an", "in"];
    let length = 3 + random.below(7);
    let letters = (0..length).map(|_| char::from(b'a' + random.below(26) as u8));
    COMMON.get(rank as usize).map_or_else(|| letters.collect(), |word| word.to_string())
}

/// A capital at the start, a full stop after every twelfth word, and in between what English prose has besides words:
/// about one comma in fourteen words, one apostrophe in thirty, and quotation marks, brackets and hyphens more seldom.
/// Where they stand depends on the word and its place.
fn sentence(words: &[&str]) -> String {
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        let (first, rest) = word.split_at(1);
        let capital = if index % 12 == 0 { first.to_uppercase() } else { first.to_owned() };
        let is_last = index % 12 == 11;
        let (before, after) = match (word.len() * 7 + index * 11 + rest.bytes().map(usize::from).sum::<usize>()) % 84 {
            0..6 if !is_last => ("", ","),
            6..8 => ("", "'s"),
            8 => ("", "n't"),
            9 => ("\"", "\""),
            10 => ("(", ")"),
            11 => ("", "-like"),
            12 if !is_last => ("", ";"),
            13 if !is_last => ("", ":"),
            _ => ("", ""),
        };
        text.extend([if index > 0 { " " } else { "" }, before, &capital, rest, after]);
        text += if is_last { "." } else { "" };
    }
    text
}

/// SplitMix64: the same pairs on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (value ^ value >> 31) % limit
    }
}
