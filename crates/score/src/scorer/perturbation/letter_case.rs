//! Case: some characters are put in upper case.
//!
//! - Definition: of the text's `n` code points, the whole part of `n * proportion` different ones are chosen and put in
//!   upper case, by the full mapping: `ß` becomes `SS`.
//! - Source: `RandomUppercase` of fmeval 1.2.3, default proportion 0.1. How places are chosen is ours: the beginning of
//!   a Fisher-Yates shuffle, one draw a place.
//! - Edge cases: characters without case, or in upper case already, are chosen like others and stay.

/// Different positions below `length`, `length * proportion` of them. `draw` gives numbers of at least 0, below 1.
pub fn chosen_positions(length: usize, proportion: f64, mut draw: impl FnMut() -> f64) -> Vec<usize> {
    let count = ((length as f64 * proportion) as usize).min(length);
    let mut positions: Vec<usize> = (0..length).collect();
    for place in 0..count {
        let other = place + (draw() * (length - place) as f64) as usize;
        positions.swap(place, other.min(length - 1));
    }
    positions.truncate(count);
    positions
}

/// The text with the code points at `positions` in upper case.
pub fn upper_case_at(text: &str, positions: &[usize]) -> String {
    let mut ordered = positions.to_vec();
    ordered.sort_unstable();
    let mut chosen = ordered.into_iter().peekable();
    let mut out = String::with_capacity(text.len());
    for (position, character) in text.chars().enumerate() {
        if chosen.next_if_eq(&position).is_some() {
            out.extend(character.to_uppercase());
        } else {
            out.push(character);
        }
    }
    out
}
