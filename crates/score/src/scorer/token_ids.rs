//! Gives equal tokens equal numbers, so that n-grams of tokens are compared as numbers.
//!
//! Which parts of a text are tokens is left to the caller; case is kept.

use std::collections::HashMap;

/// The numbers that the tokens met so far have: 1, 2, 3 and so on; 0 is no token.
#[derive(Debug)]
pub(super) struct TokenIds<'a> {
    ids: HashMap<&'a str, u32>,
}

impl<'a> TokenIds<'a> {
    /// Without numbers yet, and with room for so many tokens.
    pub(super) fn with_room_for(tokens: usize) -> Self {
        Self { ids: HashMap::with_capacity(tokens) }
    }

    /// The number of the token, a new one for a token not met before.
    pub(super) fn id_of(&mut self, token: &'a str) -> u32 {
        let next = self.ids.len() as u32 + 1;
        *self.ids.entry(token).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_tokens_have_equal_numbers() {
        let mut ids = TokenIds::with_room_for(4);
        assert_eq!(["a", "b", "a", "A", "b"].map(|token| ids.id_of(token)), [1, 2, 1, 3, 2]);
    }
}
