//! An amount of money, exact.

use super::Decimal;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// Of these, one dollar has 10^24: a price for a million tokens and a factor have nine digits each after the point.
const DIGITS: usize = 24;

/// An amount of US dollars of at least 0, exact to 24 digits after the point. A sum that is too large to be held (some
/// hundred trillion dollars) stays at the largest amount.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(u128);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many tokens at a price for a million of them, times `factor`.
    pub fn of_tokens(tokens: u64, per_million: Decimal, factor: Decimal) -> Self {
        let each = u128::from(per_million.billionths()) * u128::from(factor.billionths());
        Self(each.saturating_mul(u128::from(tokens)))
    }

    /// So many dollars.
    pub fn of_usd(usd: Decimal) -> Self {
        Self(u128::from(usd.billionths()) * 1_000_000_000_000_000)
    }

    /// The floating point number nearest to the amount in dollars.
    pub fn usd(self) -> f64 {
        // Rounded once, by whoever reads decimal digits: a division would round a second time.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The mean of `count` equal parts, in dollars; none of nothing.
    pub fn mean_usd(self, count: u64) -> Option<f64> {
        (count > 0).then(|| self.usd() / count as f64)
    }
}

impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Amount {
    /// What is left when `other` is taken away; nothing where it is more.
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::add)
    }
}

impl fmt::Display for Amount {
    /// All digits, without zeros at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dollar = 10u128.pow(DIGITS as u32);
        let fraction = format!("{:0DIGITS$}", self.0 % dollar);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{}", self.0 / dollar),
            fraction => write!(f, "{}.{fraction}", self.0 / dollar),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn tokens_cost_what_a_pocket_calculator_says() {
        // 1,234,567 x 0.035 / 1,000,000.
        assert_eq!(Amount::of_tokens(1_234_567, decimal("0.035"), Decimal::ONE).to_string(), "0.043209845");
        // 7 x 0.06 x 1.1 / 1,000,000.
        assert_eq!(Amount::of_tokens(7, decimal("0.06"), decimal("1.1")).to_string(), "0.000000462");
        assert_eq!(Amount::of_tokens(7, decimal("0.06"), decimal("1.1")).usd(), 0.000000462);
        assert_eq!(Amount::of_usd(decimal("5.5")).to_string(), "5.5");
        assert_eq!(Amount::of_usd(decimal("4")).mean_usd(8), Some(0.5));
        assert_eq!(Amount::of_usd(decimal("4")).mean_usd(0), None);
    }

    #[test]
    fn many_small_amounts_add_up_exactly() {
        let each = Amount::of_tokens(1, decimal("0.1"), Decimal::ONE);
        let sum: Amount = std::iter::repeat_n(each, 10_000_000).sum();
        assert_eq!(sum.to_string(), "1");
        assert_eq!(Amount::of_tokens(u64::MAX, decimal("999999999"), decimal("999")) + each, Amount(u128::MAX));
    }
}
