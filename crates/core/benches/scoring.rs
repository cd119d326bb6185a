//! How fast the scorers are, and how much faster than the same definitions in Python.
//!
//! `cargo bench -p assay-core --bench scoring` prints divan's measurements and then a table beside Python's, taken
//! in the same run over the same pairs if `python3` is there. Both sides must find the same means.

use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::Instant;

use assay_core::scorer::{Evidence, Score, Scorer};
use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::{Value, json};

const PAIRS: usize = 20_000;
const WORDS: usize = 60;

/// Pairs a second of the original Python programs, one thread of a machine of this class, measured earlier over
/// pairs of the same shape: the tutorial's relevance, and the five question-answering scores of fmeval
/// 1.2.3 together. Not measured in this run.
const EARLIER: [(Scorer, f64); 2] = [(Scorer::Relevance, 67_664.0), (Scorer::F1, 3_821.0)];

struct Pair {
    response: String,
    references: [String; 1],
}

static CORPUS: LazyLock<Vec<Pair>> = LazyLock::new(corpus);

fn main() {
    divan::main();
    // Cargo passes this when it benches; as part of a test run the table would only cost time.
    if std::env::args().any(|argument| argument == "--bench") {
        print_comparison();
    }
}

#[divan::bench(args = Scorer::ALL)]
fn score(bencher: Bencher, scorer: &Scorer) {
    let corpus = &*CORPUS;
    bencher.counter(ItemsCount::new(PAIRS)).bench(|| total(*scorer, black_box(corpus)));
}

/// Scores every pair; the sum keeps the work from being optimised away.
fn total(scorer: Scorer, corpus: &[Pair]) -> f64 {
    let score = |pair: &Pair| scorer.score(&Evidence::new(&pair.response, &pair.references));
    corpus
        .iter()
        .filter_map(|pair| match score(pair) {
            Score::Value(value) => Some(value),
            Score::Unscored(_) => None,
        })
        .sum()
}

fn print_comparison() {
    let python = python();
    if python.is_none() {
        println!("\npython3 is not there: no comparison in this run");
    }
    println!("\n{PAIRS} pairs, references of {WORDS} words, one thread, fastest round");
    println!("{:<16} {:>14} {:>14} {:>8}   mean", "scorer", "pairs/s", "python 3", "ratio");
    for &scorer in Scorer::ALL {
        let (speed, mean) = measure(scorer);
        let reference = python.as_ref().map(|python| &python[scorer.name()]);
        let reference = reference.map(|found| (number(found, "pairs_per_second"), number(found, "mean")));
        if let Some((_, expected)) = reference {
            assert!((mean - expected).abs() < 1e-9 * expected.abs().max(1.0), "{scorer}: {mean} and {expected}");
        }
        let (speed_there, ratio) = match reference {
            Some((there, _)) => (format!("{there:.0}"), format!("{:.0}x", speed / there)),
            None => ("-".to_owned(), "-".to_owned()),
        };
        println!("{:<16} {speed:>14.0} {speed_there:>14} {ratio:>8}   {mean:.4}", scorer.name());
    }
    println!("\nbeside the original programs, measured earlier on another run of this class of machine:");
    for (scorer, there) in EARLIER {
        let speed = measure(scorer).0;
        println!("{:<16} {speed:>14.0} {there:>14.0} {:>7.0}x", scorer.name(), speed / there);
    }
    println!("(f1 stands beside fmeval's five question-answering scores, which it computes together)");
}

/// Pairs a second in the fastest of 21 rounds, which other work on the machine disturbs least, and the mean score.
fn measure(scorer: Scorer) -> (f64, f64) {
    let corpus = &*CORPUS;
    let (mut fastest, mut sum) = (f64::INFINITY, 0.0);
    for _ in 0..21 {
        let start = Instant::now();
        sum = total(scorer, black_box(corpus));
        fastest = fastest.min(start.elapsed().as_secs_f64());
    }
    (PAIRS as f64 / fastest, sum / PAIRS as f64)
}

/// What the script measured, or nothing if there is no Python.
fn python() -> Option<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/reference.py");
    let mut command = Command::new("python3");
    let mut child = command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let lines: String = CORPUS
        .iter()
        .map(|pair| format!("{}\n", json!({"response": pair.response, "reference": pair.references[0]})))
        .collect();
    child.stdin.take()?.write_all(lines.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    serde_json::from_slice(&output.stdout).ok()
}

fn number(found: &Value, field: &str) -> f64 {
    found[field].as_f64().unwrap_or(f64::NAN)
}

/// Pairs of seeded text: words drawn from a vocabulary as uneven as language, responses that keep about half of the
/// words of their reference.
fn corpus() -> Vec<Pair> {
    let mut random = Random(2026);
    let vocabulary: Vec<String> = (0..2_000).map(|rank| word(&mut random, rank)).collect();
    let draw = |random: &mut Random| {
        let share = random.below(1_000_000) as f64 / 1e6;
        vocabulary[(share * share * vocabulary.len() as f64) as usize].as_str()
    };
    let pair = |_| {
        let expected: Vec<&str> = (0..WORDS).map(|_| draw(&mut random)).collect();
        let mut answer = expected.clone();
        for word in &mut answer {
            if random.below(2) == 0 {
                *word = draw(&mut random);
            }
        }
        Pair { response: sentence(&answer), references: [sentence(&expected)] }
    };
    (0..PAIRS).map(pair).collect()
}

fn word(random: &mut Random, rank: u64) -> String {
    const COMMON: [&str; 8] = ["the", "a", "of", "to", "and", "is", "an", "in"];
    let length = 3 + random.below(7);
    let letters = (0..length).map(|_| char::from(b'a' + random.below(26) as u8));
    COMMON.get(rank as usize).map_or_else(|| letters.collect(), |word| word.to_string())
}

/// A capital at the start, a full stop after every twelfth word.
fn sentence(words: &[&str]) -> String {
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        let (first, rest) = word.split_at(1);
        let is_start = index % 12 == 0;
        text += if index > 0 { " " } else { "" };
        text += &if is_start { first.to_uppercase() } else { first.to_owned() };
        text += rest;
        text += if index % 12 == 11 { "." } else { "" };
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
