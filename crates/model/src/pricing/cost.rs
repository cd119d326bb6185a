//! What something cost, as summaries tell it.

use super::{Amount, Charge, Price};
use serde::{Deserialize, Serialize};

/// What the answers of one model cost, in US dollars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Everything.
    pub usd: f64,
    /// For each sample that the model answered; none when it answered none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_answer: Option<f64>,
    /// Tokens read.
    pub input_usd: f64,
    /// Tokens written.
    pub output_usd: f64,
    /// Tokens read from the prompt cache.
    #[serde(default, skip_serializing_if = "crate::is_default")]
    pub cache_read_usd: f64,
    /// Tokens written to the prompt cache.
    #[serde(default, skip_serializing_if = "crate::is_default")]
    pub cache_write_usd: f64,
    /// Where the price was read.
    pub price_source: String,
    /// When it was read.
    pub price_date: String,
}

impl Cost {
    /// A charge for so many answers at a price.
    pub fn new(charge: Charge, answers: u64, price: &Price) -> Self {
        Self {
            usd: charge.total().usd(),
            usd_per_answer: charge.total().mean_usd(answers),
            input_usd: charge.input.usd(),
            output_usd: charge.output.usd(),
            cache_read_usd: charge.cache_read.usd(),
            cache_write_usd: charge.cache_write.usd(),
            price_source: price.source.clone(),
            price_date: price.date.clone(),
        }
    }
}

/// What several models cost together, in US dollars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TotalCost {
    /// What is known; none when nothing is.
    pub usd: Option<f64>,
    /// Whether everything is known.
    pub complete: bool,
    /// The models whose cost is unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

impl TotalCost {
    /// The total of what each model cost, where that is known; none when there is no model.
    pub fn of<'a>(costs: impl IntoIterator<Item = (&'a str, Option<Amount>)>) -> Option<Self> {
        let (mut sum, mut unknown, mut any) = (None, Vec::new(), false);
        for (model, amount) in costs {
            any = true;
            match amount {
                Some(amount) => *sum.get_or_insert(Amount::ZERO) += amount,
                None => unknown.push(model.to_owned()),
            }
        }
        any.then(|| Self { usd: sum.map(Amount::usd), complete: unknown.is_empty(), unknown })
    }
}

/// Dollars as people read them: four digits after the point, two for large amounts, three that tell for small ones.
pub fn usd_text(usd: f64) -> String {
    let digits = match usd {
        usd if usd >= 100.0 => 2,
        usd if usd >= 0.01 => 4,
        usd if usd > 0.0 => 2 + (-usd.log10()).ceil().clamp(0.0, 20.0) as usize,
        _ => 0,
    };
    format!("{usd:.digits$} USD")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_keep_the_digits_that_tell() {
        let texts = [0.0, 0.00000123456, 0.0123456, 5.0, 12345.678].map(usd_text);
        assert_eq!(texts, ["0 USD", "0.00000123 USD", "0.0123 USD", "5.0000 USD", "12345.68 USD"]);
    }

    #[test]
    fn what_is_unknown_is_not_nothing() {
        let known = Amount::of_usd(super::super::Decimal::ONE);
        assert_eq!(TotalCost::of([]), None);
        let total = TotalCost::of([("a", Some(known)), ("b", None), ("c", Some(known))]);
        assert_eq!(total, Some(TotalCost { usd: Some(2.0), complete: false, unknown: vec!["b".to_owned()] }));
        assert_eq!(TotalCost::of([("b", None)]).and_then(|total| total.usd), None);
    }
}
