//! What a response is known by within a run.

use sha2::{Digest, Sha256};

/// A sample and a model, as 16 bytes: what "already answered" is told by.
pub type AnswerKey = [u8; 16];

/// The key of what `model` answers to the sample `id`.
pub(crate) fn answer_key(id: &str, model: &str) -> AnswerKey {
    let mut hash = Sha256::new();
    hash.update((id.len() as u64).to_le_bytes());
    hash.update(id);
    hash.update(model);
    let mut key = AnswerKey::default();
    key.copy_from_slice(&hash.finalize()[..16]);
    key
}
