//! The words of chrF++, and how many of them and of their pairs two texts share.

use super::super::n_grams::Layout;
use super::super::token_ids::TokenIds;
use super::super::words::for_each_word;
use super::{Order, WORD_ORDERS, fill};

/// Words are fewer than bytes, of which the caller allows fewer than 2^24.
type Grams = Layout<24, 16>;

pub(super) fn count(response: &str, reference: &str, orders: &mut [Order]) {
    let mut ids = TokenIds::with_room_for((response.len() + reference.len()) / 8);
    let response = units(response, &mut ids);
    let reference = units(reference, &mut ids);
    let grams = Grams::pack::<WORD_ORDERS>(&response, 0).chain(Grams::pack::<WORD_ORDERS>(&reference, 1));
    let mut grams: Vec<u64> = grams.map(|gram| gram as u64).collect();
    grams.sort_unstable();
    let matches: [u64; WORD_ORDERS] = Grams::matches(grams.into_iter().map(u128::from), 2);
    fill(orders, &matches, response.len(), reference.len());
}

fn units<'a>(text: &'a str, ids: &mut TokenIds<'a>) -> Vec<u32> {
    let mut units = Vec::with_capacity(text.len() / 4);
    for_each_piece(text, |piece| units.push(ids.id_of(piece)));
    units
}

/// Words between whitespace; one ASCII punctuation mark at the end, or else at the start, is a piece of its own.
fn for_each_piece<'a>(text: &'a str, mut visit: impl FnMut(&'a str)) {
    for_each_word(text, |range| {
        let word = &text[range];
        let bytes = word.as_bytes();
        let cut = match bytes {
            [_, .., last] if last.is_ascii_punctuation() => bytes.len() - 1,
            [first, _, ..] if first.is_ascii_punctuation() => 1,
            _ => bytes.len(),
        };
        let (before, behind) = word.split_at(cut);
        visit(before);
        if !behind.is_empty() {
            visit(behind);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::units;
    use super::for_each_piece;
    use serde_json::Value;

    #[test]
    fn pieces_and_characters_equal_sacrebleus_on_300_texts() {
        let file = include_str!("../../../tests/oracle/cases/tokenizers.jsonl");
        let rows: Vec<Value> = file.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), 300);
        for row in rows {
            let text = row["input"].as_str().unwrap();
            let mut pieces = Vec::new();
            for_each_piece(text, |piece| pieces.push(piece));
            assert_eq!(Value::from(pieces), row["expected"]["chrf_words"], "{text:?}");
            let characters: String = units(text).iter().map(|unit| char::from_u32(unit - 1).unwrap()).collect();
            assert_eq!(characters, row["expected"]["chrf_chars"].as_str().unwrap(), "{text:?}");
        }
    }
}
