//! Aligns the words of a response with those of a reference: equal words first, then equal stems, then synonyms.
//!
//! Each stage goes through what is left of the response from the last word to the first, and takes the last free word
//! of the reference that fits. This is the order of nltk, which does not look for the alignment with the fewest chunks.

use super::synonyms::Synonyms;
use crate::scorer::vocabulary::{Memory, WordId};

/// A word's place in its text, what is compared, and whether it is aligned.
#[derive(Debug, Clone, Copy)]
struct Open {
    place: usize,
    word: WordId,
    paired: bool,
}

/// Pairs of places in the response and in the reference, in the response's order.
pub(super) fn align(
    response: &[WordId],
    reference: &[WordId],
    synonyms: Option<&Synonyms>,
    memory: &mut Memory,
) -> Vec<(usize, usize)> {
    let open = |words: &[WordId]| -> Vec<Open> {
        words.iter().enumerate().map(|(place, &word)| Open { place, word, paired: false }).collect()
    };
    let (mut response, mut reference) = (open(response), open(reference));
    let mut pairs = Vec::with_capacity(response.len().min(reference.len()));
    pair_off(&mut response, &mut reference, |word, _| Some(word), &mut memory.scratch().counts, &mut pairs);
    for open in response.iter_mut().chain(&mut reference) {
        open.word = memory.vocabulary.stem(open.word);
    }
    pair_off(&mut response, &mut reference, |word, _| Some(word), &mut memory.scratch().counts, &mut pairs);
    if let Some(synonyms) = synonyms {
        // Words that the table does not know have no synonym and are none.
        for side in [&mut response, &mut reference] {
            side.retain_mut(|open| match synonyms.find(&memory.vocabulary.word(open.word)) {
                Some(word) => {
                    open.word = word;
                    true
                }
                None => false,
            });
        }
        let scratch = memory.scratch();
        scratch.fit(synonyms.words());
        let latest = |word, last: &[u32]| synonyms.of(word).iter().copied().max_by_key(|word| last[*word as usize]);
        pair_off(&mut response, &mut reference, latest, &mut scratch.counts, &mut pairs);
    }
    pairs.sort_unstable();
    pairs
}

/// Number of runs of pairs that are neighbours on both sides.
pub(super) fn chunks(pairs: &[(usize, usize)]) -> usize {
    let breaks = pairs.array_windows().filter(|[one, next]| *next != (one.0 + 1, one.1 + 1)).count();
    breaks + usize::from(!pairs.is_empty())
}

/// Adds the pairs of one stage and leaves what is still open.
///
/// `fitting` is told a word of the response and, for every word, the last free place that the reference has it at
/// plus 1, or 0. It says which word to pair it with. `last` holds 0 for every word, before and after.
fn pair_off(
    response: &mut Vec<Open>,
    reference: &mut Vec<Open>,
    fitting: impl Fn(WordId, &[u32]) -> Option<WordId>,
    last: &mut [u32],
    pairs: &mut Vec<(usize, usize)>,
) {
    // For each place, the one before it with the same word: together a stack of places for each word.
    let places = (1..).zip(reference.iter());
    let before: Vec<u32> =
        places.map(|(place, open)| std::mem::replace(&mut last[open.word as usize], place)).collect();
    for open in response.iter_mut().rev() {
        let Some(word) = fitting(open.word, last) else { continue };
        let Some(index) = last[word as usize].checked_sub(1) else { continue };
        let partner = &mut reference[index as usize];
        last[word as usize] = before[index as usize];
        pairs.push((open.place, partner.place));
        (open.paired, partner.paired) = (true, true);
    }
    reference.iter().for_each(|open| last[open.word as usize] = 0);
    response.retain(|open| !open.paired);
    reference.retain(|open| !open.paired);
}
