//! A word of a text with a digest that makes it cheap to compare and to look up; ASCII letters ignore case.
//!
//! Sets of words are in [`super::word_overlap`], numbers for words in [`super::vocabulary`].

use std::ops::Range;

/// A word and a digest of it; up to 16 bytes the digest is the folded word itself.
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) digest: [u64; 2],
}

impl<'a> Word<'a> {
    #[inline(always)]
    pub(super) fn new(text: &'a str, range: Range<usize>) -> Self {
        let bytes = &text.as_bytes()[range.clone()];
        let digest = match text.as_bytes().get(range.start..range.start + 16) {
            Some(sixteen) if bytes.len() <= 16 => short_digest(sixteen, bytes.len()),
            _ => digest(bytes),
        };
        Self { bytes, digest }
    }

    #[inline(always)]
    pub(super) fn is(&self, other: &Word<'_>) -> bool {
        let (one, two) = (self.digest, other.digest);
        let difference = (one[0] ^ two[0]) | (one[1] ^ two[1]) | (self.bytes.len() ^ other.bytes.len()) as u64;
        difference == 0 && (self.bytes.len() <= 16 || self.bytes.eq_ignore_ascii_case(other.bytes))
    }

    #[inline(always)]
    pub(super) fn hash(&self) -> usize {
        let [low, high] = self.digest;
        (mix(low ^ high.rotate_left(32) ^ self.bytes.len() as u64) >> 32) as usize
    }
}

/// The first `length` of 16 bytes, folded. Reading all 16 and masking avoids a branch on the length, which a
/// processor cannot foresee and which would cost more than the rest.
#[inline(always)]
fn short_digest(sixteen: &[u8], length: usize) -> [u64; 2] {
    let (eights, _) = sixteen.as_chunks::<8>();
    let (low, high) = (u64::from_le_bytes(eights[0]), u64::from_le_bytes(eights[1]));
    let [low_mask, high_mask] = MASKS[length & 31];
    [fold(low & low_mask), fold(high & high_mask)]
}

/// Ones for the bytes of a word of each length up to 16; more lengths save a check.
pub(super) const MASKS: [[u64; 2]; 32] = {
    let mut masks = [[u64::MAX; 2]; 32];
    let mut length = 0;
    while length < 16 {
        let mask = (1_u128 << (length * 8)) - 1;
        masks[length] = [mask as u64, (mask >> 64) as u64];
        length += 1;
    }
    masks
};

/// Digest of a word at the end of the text, or of one longer than 16 bytes.
fn digest(word: &[u8]) -> [u64; 2] {
    let mut digest = [0; 2];
    for block in word.chunks(16) {
        let mut sixteen = [0; 16];
        sixteen[..block.len()].copy_from_slice(block);
        let [low, high] = short_digest(&sixteen, 16);
        digest = [mix(digest[0]) ^ low, mix(digest[1]) ^ high];
    }
    digest
}

/// Lower-cases the ASCII letters among eight bytes; all other bytes stay.
#[inline(always)]
fn fold(eight: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low_bits = eight & (EACH * 127);
    let at_least = |limit: u8| low_bits + EACH * (128 - u64::from(limit));
    let is_upper = (at_least(b'A') ^ at_least(b'Z' + 1)) & !eight & (EACH * 128);
    eight | is_upper >> 2
}

/// Multiplication by an odd constant, the high half folded back; zero stays zero.
#[inline(always)]
pub(super) fn mix(value: u64) -> u64 {
    let product = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ product >> 32
}
