//! Typos: some letters are replaced by a neighbour on the keyboard.
//!
//! - Definition: of every character whose lower case is a key of the keyboard, one number `u` is drawn; if `u` is at
//!   most the probability, another one draws evenly from the key's list of neighbours. Upper case is kept. The list of a
//!   key may have a neighbour twice, and mostly has the key itself.
//! - Source: `ButterFinger` of fmeval 1.2.3, default probability 0.1.
//! - Edge cases: digits, punctuation and letters of other scripts stay. A letter whose lower case has no way back (`İ`)
//!   changes its form, as in the reference.

/// What a finger hits that aims at `key`, a lower-case letter or the space.
pub fn neighbours(key: char) -> Option<&'static str> {
    Some(match key {
        'q' => "qwasedzx",
        'w' => "wqesadrfcx",
        'e' => "ewrsfdqazxcvgt",
        'r' => "retdgfwsxcvgt",
        't' => "tryfhgedcvbnju",
        'y' => "ytugjhrfvbnji",
        'u' => "uyihkjtgbnmlo",
        'i' => "iuojlkyhnmlp",
        'o' => "oipklujm",
        'p' => "plo['ik",
        'a' => "aqszwxwdce",
        's' => "swxadrfv",
        'd' => "decsfaqgbv",
        'f' => "fdgrvwsxyhn",
        'g' => "gtbfhedcyjn",
        'h' => "hyngjfrvkim",
        'j' => "jhknugtblom",
        'k' => "kjlinyhn",
        'l' => "lokmpujn",
        'z' => "zaxsvde",
        'x' => "xzcsdbvfrewq",
        'c' => "cxvdfzswergb",
        'v' => "vcfbgxdertyn",
        'b' => "bvnghcftyun",
        'n' => "nbmhjvgtuik",
        'm' => "mnkjloik",
        ' ' => " ",
        _ => return None,
    })
}

/// The text with typos. `draw` gives numbers of at least 0 and below 1.
pub fn typos(text: &str, probability: f64, mut draw: impl FnMut() -> f64) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let mut lowered = character.to_lowercase();
        let key = lowered.clone().next().filter(|_| lowered.len() == 1);
        let hit = key.and_then(neighbours).filter(|_| draw() <= probability).and_then(|list| {
            // The lists are ASCII, so that bytes are characters.
            let index = (draw() * list.len() as f64) as usize;
            list.as_bytes().get(index).map(|byte| char::from(*byte))
        });
        let is_upper = key != Some(character);
        match hit {
            Some(hit) if is_upper => out.extend(hit.to_uppercase()),
            Some(hit) => out.push(hit),
            None if is_upper => out.extend(lowered.by_ref().flat_map(char::to_uppercase)),
            None => out.push(character),
        }
    }
    out
}
