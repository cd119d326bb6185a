//! How fast the scorers are, beside the programs that define the scores.
//!
//! `cargo bench -p assay-score --bench scoring` prints divan's measurements and then tables: each scorer over 20,000 pairs
//! of about 60 words beside the original program and the bar (`PASS 31x of 30x`), scores that the original computes in one go, and one pair of texts
//! of 20,000 words. `python3` measures the originals in the same run over the same pairs, as far as it can import their
//! libraries, and both sides must find the same means; where it cannot, figures recorded earlier stand in and are
//! marked so. To measure all of them:
//!
//! ```text
//! python3 -m venv target/bench-python
//! target/bench-python/bin/pip install sacrebleu==2.6.0 rouge-score==0.1.2 nltk==3.10.4 jiwer==4.0.0 \
//!     rapidfuzz==3.14.6 textstat==0.7.13
//! ASSAY_BENCH_ONLY_TABLES=1 ASSAY_BENCH_PYTHON=$PWD/target/bench-python/bin/python cargo bench -p assay-score --bench scoring
//! ```

#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

mod corpus;
mod original;

use assay_score::{Score, Scorer};
use corpus::{Pair, pairs};
use divan::Bencher;
use divan::counter::ItemsCount;
use original::{Python, RECORDED, bar};
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::Instant;

const PAIRS: usize = 20_000;
const WORDS: usize = 60;

static CORPUS: LazyLock<Vec<Pair>> = LazyLock::new(|| pairs(PAIRS, WORDS));

fn main() {
    if !std::env::var("ASSAY_BENCH_ONLY_TABLES").is_ok_and(|value| value == "1") {
        divan::main();
    }
    // Cargo passes this when it benches; as part of a test run the tables would only cost time.
    if std::env::args().any(|argument| argument == "--bench") {
        print_scorers();
        print_together();
        print_long_texts();
    }
}

#[divan::bench(args = Scorer::ALL, max_time = 0.2)]
fn score(bencher: Bencher, scorer: &Scorer) {
    let corpus = &CORPUS[..1_000];
    bencher.counter(ItemsCount::new(corpus.len())).bench(|| total(&[*scorer], black_box(corpus)));
}

/// Scores every pair by every scorer; the sum keeps the work from being optimised away.
fn total(scorers: &[Scorer], pairs: &[Pair]) -> f64 {
    let of_pair = |pair: &Pair| {
        // As in a run, all scorers of an answer get the same evidence and share work through it.
        let evidence = pair.evidence();
        scorers.iter().filter_map(|scorer| scorer.score(&evidence).value()).sum::<f64>()
    };
    pairs.iter().map(of_pair).sum()
}

/// Pairs a second. The pairs are timed in slices of about two milliseconds, and of every slice the fastest of many rounds
/// counts, which other work on the machine disturbs least. The script does the same.
fn speed(scorers: &[Scorer]) -> f64 {
    let seconds = |pairs: &[Pair]| {
        let start = Instant::now();
        black_box(total(scorers, black_box(pairs)));
        start.elapsed().as_secs_f64()
    };
    let trial = (0..3).map(|_| seconds(&CORPUS[..20])).fold(f64::INFINITY, f64::min) / 20.0;
    let pairs = &CORPUS[..((0.1 / trial) as usize).clamp(100, PAIRS)];
    let slices: Vec<&[Pair]> = pairs.chunks(((0.002 / trial) as usize).clamp(1, PAIRS)).collect();
    let mut fastest = vec![f64::INFINITY; slices.len()];
    for _ in 0..10 {
        for (slice, fastest) in slices.iter().zip(&mut fastest) {
            *fastest = fastest.min(seconds(slice));
        }
    }
    pairs.len() as f64 / fastest.iter().sum::<f64>()
}

fn print_scorers() {
    let python = Python::measure(&CORPUS);
    println!("\nEach scorer: {PAIRS} pairs, references of {WORDS} words, one thread, fastest of many rounds.");
    println!("`live` was measured in this run and finds the same mean; `recorded` was not measured in this run.\n");
    println!("{:<34}{:>12}{:>12}  {:<19}  original", "scorer", "pairs/s", "original", "ratio of bar");
    for &scorer in Scorer::ALL {
        if let Score::Unscored(reason) = scorer.score(&CORPUS[0].evidence()) {
            println!("{:<34}{:>12}  {reason}", scorer.name(), "-");
            continue;
        }
        let own = speed(&[scorer]);
        let live = python.as_ref().and_then(|python| python.of(scorer));
        let recorded = RECORDED.iter().find(|recorded| recorded.scorers == [scorer]);
        let (theirs, origin) = match (&live, recorded) {
            (Some(live), _) => {
                (live.speed, format!("live, {}, {} pairs{}", live.program, live.pairs, mean(scorer, live)))
            }
            (None, Some(recorded)) => (recorded.speed, format!("recorded, {}", recorded.program)),
            (None, None) => {
                println!("{:<34}{own:>12.0}{:>12}  {:<19}  not measured", scorer.name(), "-", "-");
                continue;
            }
        };
        let verdict = verdict(own / theirs, bar(scorer));
        println!("{:<34}{own:>12.0}{theirs:>12.0}  {verdict}  {origin}", scorer.name());
    }
    match &python {
        None => println!("\nno Python was found: no original was measured in this run"),
        Some(python) if python.missing().is_empty() => {}
        Some(python) => println!("\nlibraries that could not be used: {}", python.missing().join(", ")),
    }
}

/// How many times as fast as the original, of how many times are wanted: `PASS   31x of 30x`.
fn verdict(ratio: f64, bar: f64) -> String {
    let word = if ratio >= bar { "PASS" } else { "SHORT" };
    let ratio = if ratio < 10.0 { format!("{ratio:.1}x") } else { format!("{ratio:.0}x") };
    format!("{word:<5} {ratio:>6} of {bar:.0}x{:width$}", "", width = if bar < 10.0 { 1 } else { 0 })
}

/// Holds the mean against the original's. Readability counts syllables with another dictionary than the original and is
/// only near to it; the difference is shown.
fn mean(scorer: Scorer, live: &original::Live) -> String {
    let mean = total(&[scorer], &CORPUS[..live.pairs]) / live.pairs as f64;
    let difference = mean - live.mean;
    if difference.abs() <= 1e-9 * live.mean.abs().max(1.0) {
        return format!(", mean {mean:.4}");
    }
    let may_differ = matches!(scorer, Scorer::FleschReadingEase | Scorer::FleschKincaidGrade);
    assert!(may_differ, "{scorer}: mean {mean}, {} finds {}", live.program, live.mean);
    format!(", mean {mean:.4}, which is {difference:+.4} from it")
}

fn print_together() {
    println!("\nScores together, as the recorded programs compute them (recorded, not measured in this run):\n");
    println!("{:>12}{:>12}  {:<19}  program and scores", "pairs/s", "recorded", "ratio of bar");
    for recorded in RECORDED {
        let names: Vec<&str> = recorded.scorers.iter().map(|scorer| scorer.name()).collect();
        let names = format!("{}: {}", recorded.program, names.join(", "));
        let score = |scorer: &Scorer| scorer.score(&CORPUS[0].evidence()).value();
        if !recorded.scorers.iter().all(|scorer| score(scorer).is_some()) {
            println!("{:>12}{:>12.0}  {:<19}  {names}", "-", recorded.speed, "-");
            continue;
        }
        let own = speed(recorded.scorers);
        let verdict = verdict(own / recorded.speed, recorded.bar);
        println!("{own:>12.0}{:>12.0}  {verdict}  {names}", recorded.speed);
    }
    for (what, scorers) in [("the default scorers", Scorer::DEFAULT), ("all scorers", Scorer::ALL)] {
        println!("{:>12.0}{:>12}  {:<19}  answers scored again by {what}", speed(scorers), "-", "-");
    }
}

/// Time must not explode with length: 333 times the words may not take a hundred thousand times as long.
fn print_long_texts() {
    const LONG: usize = 20_000;
    let long = pairs(2, LONG);
    println!("\nTexts of {LONG} words, one pair, milliseconds:\n");
    for &scorer in Scorer::ALL {
        let mut fastest = f64::INFINITY;
        for _ in 0..2 {
            let start = Instant::now();
            black_box(total(&[scorer], &long));
            fastest = fastest.min(start.elapsed().as_secs_f64() / long.len() as f64);
        }
        println!("{:<34}{:>12.2}", scorer.name(), fastest * 1e3);
    }
}
