//! Random indices that are the same on every machine.
//!
//! A linear congruential generator of 64 bits with the multiplier of Knuth's MMIX, of which the upper 31 bits are
//! used: `state = state * 6364136223846793005 + 1442695040888963407 mod 2^64`, then `((state >> 33) * n) >> 31`.
//! Not for secrets.

/// A source of random indices.
#[derive(Debug, Clone)]
pub struct Draws(u64);

impl Draws {
    /// The source that begins at `seed`.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// The next index below `n`, for an `n` of at most 2^31; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (((self.0 >> 33) * n as u64) >> 31) as usize
    }
}
