//! What there is to examine.

use crate::record::Draft;

/// The answers of a draft that have a text, with their places.
pub(super) fn texts(draft: &Draft<'_>) -> Vec<(u32, String)> {
    draft.look(|record| {
        let responses = (0..).zip(&record.evidence.responses);
        responses.filter_map(|(index, response)| Some((index, response.text.clone()?))).collect()
    })
}
