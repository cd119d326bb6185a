//! Random numbers that are the same on every machine and in every version.
//!
//! By hand, because the crates for it keep the right to change their streams: a run must be repeatable years later.

use sha2::{Digest, Sha256};

/// A stream of numbers between 0 and 1: SplitMix64 (Steele, Lea and Flood, 2014), started from a hash.
#[derive(Debug, Clone)]
pub struct Draws(u64);

impl Draws {
    /// The stream of one variant. The start is the first 8 bytes (little-endian) of the SHA-256 of `seed` as 8 bytes,
    /// the length of `sample_id` as 8 bytes, `sample_id`, the kind's name and the index as 8 bytes, so it does not
    /// matter which variants are made before.
    pub fn of(seed: u64, sample_id: &str, kind: &str, index: u64) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update((sample_id.len() as u64).to_le_bytes());
        hash.update(sample_id);
        hash.update(kind);
        hash.update(index.to_le_bytes());
        let mut start = [0; 8];
        start.copy_from_slice(&hash.finalize()[..8]);
        Self(u64::from_le_bytes(start))
    }

    /// The next number: at least 0, below 1, a multiple of 2^-53.
    pub fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that the authors' program gives for the seed 1234567, as published with it.
    #[test]
    fn the_stream_is_splitmix64() {
        let mut draws = Draws(1_234_567);
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(std::array::from_fn(|_| draws.next()), expected);
    }

    /// Computed in Python from the definition.
    #[test]
    fn the_start_is_the_documented_hash() {
        let mut draws = Draws::of(7, "q1", "typos", 3);
        assert_eq!([draws.uniform(), draws.uniform()], [0.8306700793033079, 0.01896345738682692]);
    }

    #[test]
    fn every_part_of_the_name_matters() {
        let first = |seed, id, kind, index| Draws::of(seed, id, kind, index).next();
        let all = [
            first(1, "a", "case", 0),
            first(2, "a", "case", 0),
            first(1, "b", "case", 0),
            first(1, "a", "typos", 0),
            first(1, "a", "case", 1),
            first(1, "ac", "ase", 0),
        ];
        let different: std::collections::BTreeSet<u64> = all.into_iter().collect();
        assert_eq!(different.len(), all.len());
    }
}
