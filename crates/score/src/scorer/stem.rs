//! Reduces an English word to its stem, so that its forms are counted as one word.
//!
//! - Definition: Porter's algorithm (M. F. Porter, An algorithm for suffix stripping, Program 14, 1980) as changed by
//!   nltk: a table of irregular forms, and gentler rules for short words that end in -ies, -ied, -y and for -alli,
//!   -bli, -fulli and -logi.
//! - Source: `PorterStemmer` of nltk 3.10.4 in its default mode `NLTK_EXTENSIONS`; neither Porter's original nor
//!   Porter2, which differ in a few words of a hundred.
//! - Edge cases: words of one or two characters stay as they are; letters beyond ASCII count as consonants.

/// Irregular forms and their stems.
const IRREGULAR: [(&str, &str); 16] = [
    ("sky", "sky"),
    ("skies", "sky"),
    ("dying", "die"),
    ("lying", "lie"),
    ("tying", "tie"),
    ("news", "news"),
    ("innings", "inning"),
    ("inning", "inning"),
    ("outings", "outing"),
    ("outing", "outing"),
    ("cannings", "canning"),
    ("canning", "canning"),
    ("howe", "howe"),
    ("proceed", "proceed"),
    ("exceed", "exceed"),
    ("succeed", "succeed"),
];

/// Of a list, the first suffix that a word has decides, also when the stem before it is too short to be changed.
type Suffixes = [(&'static str, &'static str)];

const STEP_2: &Suffixes = &[
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("fulli", "ful"),
];

const STEP_3: &Suffixes =
    &[("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

/// These go without a replacement.
const STEP_4: [&str; 19] = [
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
    "ous", "ive", "ize",
];

/// Reduces a lower-cased word in place.
pub(super) fn stem(word: &mut String) {
    if let Some((_, stem)) = IRREGULAR.iter().find(|(form, _)| form == word) {
        word.replace_range(.., stem);
        return;
    }
    if word.chars().nth(2).is_none() {
        return;
    }
    plural(word);
    past_and_participle(word);
    final_y(word);
    double_suffix(word);
    replace_first(word, STEP_3);
    single_suffix(word);
    final_e(word);
    if word.ends_with("ll") && measure(&word[..word.len() - 1]) > 1 {
        word.pop();
    }
}

/// Step 1a.
fn plural(word: &mut String) {
    if let Some(stem) = word.strip_suffix("ies") {
        let dropped = if is_one_character(stem) { 1 } else { 2 };
        word.truncate(word.len() - dropped);
    } else if word.ends_with("sses") {
        word.truncate(word.len() - 2);
    } else if word.ends_with('s') && !word.ends_with("ss") {
        word.pop();
    }
}

/// Step 1b.
fn past_and_participle(word: &mut String) {
    if let Some(stem) = word.strip_suffix("ied") {
        let dropped = if is_one_character(stem) { 1 } else { 2 };
        word.truncate(word.len() - dropped);
        return;
    }
    if let Some(stem) = word.strip_suffix("eed") {
        if measure(stem) > 0 {
            word.pop();
        }
        return;
    }
    let stem = ["ed", "ing"].iter().find_map(|suffix| word.strip_suffix(suffix));
    let Some(stem) = stem.filter(|stem| has_vowel(stem)) else { return };
    let length = stem.len();
    word.truncate(length);
    if ["at", "bl", "iz"].iter().any(|end| word.ends_with(end)) {
        word.push('e');
    } else if ends_in_double_consonant(word) {
        if !word.ends_with(['l', 's', 'z']) {
            word.pop();
        }
    } else if measure(word) == 1 && ends_short(word) {
        word.push('e');
    }
}

/// Step 1c.
fn final_y(word: &mut String) {
    let Some(stem) = word.strip_suffix('y') else { return };
    if stem.chars().nth(1).is_some() && is_consonant(stem.as_bytes(), stem.len() - 1) {
        word.pop();
        word.push('i');
    }
}

/// Step 2.
fn double_suffix(word: &mut String) {
    if let Some(stem) = word.strip_suffix("alli")
        && measure(stem) > 0
    {
        word.truncate(word.len() - 2);
        // What is left may have a suffix of the list again: rationalli, rational.
        double_suffix(word);
    } else if let Some(log) = word.strip_suffix("ogi").filter(|log| log.ends_with('l')) {
        if measure(log) > 0 {
            word.pop();
        }
    } else {
        replace_first(word, STEP_2);
    }
}

/// Step 4.
fn single_suffix(word: &mut String) {
    let Some(stem) = STEP_4.iter().find_map(|suffix| word.strip_suffix(suffix)) else { return };
    let is_kept = word.ends_with("ion") && !stem.ends_with(['s', 't']);
    if measure(stem) > 1 && !is_kept {
        let length = stem.len();
        word.truncate(length);
    }
}

/// Step 5a.
fn final_e(word: &mut String) {
    let Some(stem) = word.strip_suffix('e') else { return };
    let measure = measure(stem);
    if measure > 1 || (measure == 1 && !ends_short(stem)) {
        word.pop();
    }
}

/// Replaces the first suffix of the list that the word has, if a vowel and then a consonant come before it.
fn replace_first(word: &mut String, suffixes: &Suffixes) {
    let found = suffixes.iter().find_map(|(suffix, new)| word.strip_suffix(suffix).map(|stem| (stem, new)));
    let Some((stem, new)) = found.filter(|(stem, _)| measure(stem) > 0) else { return };
    let length = stem.len();
    word.truncate(length);
    word.push_str(new);
}

fn is_one_character(text: &str) -> bool {
    text.chars().count() == 1
}

/// Whether each byte belongs to a consonant. The letter y is one unless a consonant comes before it.
fn consonants(word: &str) -> impl Iterator<Item = bool> {
    word.bytes().scan(false, |previous, letter| {
        *previous = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' => false,
            b'y' => !*previous,
            _ => true,
        };
        Some(*previous)
    })
}

/// Porter's m: how often a vowel is followed by a consonant.
fn measure(stem: &str) -> usize {
    let mut previous = true;
    let mut measure = 0;
    for consonant in consonants(stem) {
        measure += usize::from(consonant & !previous);
        previous = consonant;
    }
    measure
}

fn has_vowel(stem: &str) -> bool {
    consonants(stem).any(|consonant| !consonant)
}

/// Whether the letter at a byte is a consonant; the bytes of other characters are.
fn is_consonant(word: &[u8], position: usize) -> bool {
    match word.get(position) {
        Some(b'a' | b'e' | b'i' | b'o' | b'u') => false,
        Some(b'y') => {
            let run = word[..position].iter().rev().take_while(|letter| **letter == b'y').count();
            // The first y of a run is a consonant after a vowel or at the start, and they take turns.
            let first = position - run;
            let is_first = first == 0 || matches!(word[first - 1], b'a' | b'e' | b'i' | b'o' | b'u');
            is_first == (run % 2 == 0)
        }
        _ => true,
    }
}

fn ends_in_double_consonant(word: &str) -> bool {
    let mut last = word.chars().rev();
    matches!((last.next(), last.next()), (Some(one), Some(other)) if one == other)
        && is_consonant(word.as_bytes(), word.len() - 1)
}

/// Whether the word ends as *hop* does, consonant, vowel, consonant other than w, x and y, or is as short as *us*.
fn ends_short(word: &str) -> bool {
    let mut starts = word.char_indices().rev().map(|(start, _)| start);
    let (last, middle, first) = (starts.next(), starts.next(), starts.next());
    let consonant = |position| is_consonant(word.as_bytes(), position);
    match (first, middle, last) {
        (Some(first), Some(middle), Some(last)) => {
            consonant(first) && !consonant(middle) && consonant(last) && !word.ends_with(['w', 'x', 'y'])
        }
        (None, Some(middle), Some(last)) => !consonant(middle) && consonant(last),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stemmed(word: &str) -> String {
        let mut word = word.to_lowercase();
        stem(&mut word);
        word
    }

    #[test]
    fn equals_nltk_on_2036_rows() {
        let text = include_str!("../../tests/oracle/cases/porter_stemmer.jsonl");
        let rows: Vec<serde_json::Value> =
            text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), 2036);
        for row in rows {
            assert_eq!(stemmed(row["input"].as_str().unwrap()), row["expected"]["nltk"].as_str().unwrap(), "{row}");
        }
    }

    /// Values of nltk 3.10.4 for words that its own vocabulary has none of.
    #[test]
    fn other_letters_are_consonants() {
        let cases = [
            ("a\u{e9}\u{e9}ing", "a\u{e9}"),
            ("\u{e9}ies", "\u{e9}ie"),
            ("\u{e9}y", "\u{e9}y"),
            ("\u{441}\u{43b}\u{43e}\u{432}\u{430}s", "\u{441}\u{43b}\u{43e}\u{432}\u{430}"),
            ("yyyyed", "yyyi"),
            ("a\u{3082}ing", "a\u{3082}e"),
        ];
        for (word, expected) in cases {
            assert_eq!(stemmed(word), expected, "{word}");
        }
    }
}
