//! Price tables, and which price in them is meant by a model id, an inference profile or an ARN.

use super::{Charge, Cost, Decimal, Price, Rate};
use crate::Usage;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The version of the table's format. A reader refuses a higher one.
const TABLE_FORMAT: u32 = 1;

/// Beginnings of inference profile ids that stand before the id of the model.
const GEOGRAPHIES: [&str; 5] = ["us", "eu", "apac", "jp", "au"];

/// The table that comes with Assay, read when a price is first asked for.
static BUILT_IN: LazyLock<Arc<PriceTable>> =
    LazyLock::new(|| Arc::new(PriceTable::read(include_str!("../../prices.json")).unwrap_or_default()));

/// Prices by model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceTable {
    format: u32,
    models: BTreeMap<String, Price>,
}

/// A price table that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Not JSON of the right shape.
    #[error("not a price table: {0}; docs/formats.md shows one")]
    Shape(#[from] serde_json::Error),
    /// A format of a later version.
    #[error("a price table of format {0}, this version reads up to {TABLE_FORMAT}")]
    Format(u32),
}

impl PriceTable {
    /// Reads a table from JSON.
    ///
    /// # Errors
    /// What is wrong with it, with line and column.
    pub fn read(text: &str) -> Result<Self, TableError> {
        let table: Self = serde_json::from_str(text)?;
        if table.format > TABLE_FORMAT { Err(TableError::Format(table.format)) } else { Ok(table) }
    }

    /// The rate of `model`: of the endpoint or ARN by its own name, else of the model behind it.
    fn rate(&self, model: &str) -> Option<Rate> {
        let (id, is_global) = model_behind(model).unzip();
        if let Some(price) = self.models.get(model).filter(|_| id != Some(model)) {
            return Some(Rate { price: price.clone(), factor: Decimal::ONE });
        }
        let price = self.models.get(id?)?.clone();
        let factor = price.geo_factor.filter(|_| is_global != Some(true)).unwrap_or(Decimal::ONE);
        Some(Rate { price, factor })
    }
}

/// The id of the model behind a model id, inference profile id or ARN, and whether the global endpoint is meant.
pub fn model_behind(model: &str) -> Option<(&str, bool)> {
    let id = id_of(model)?;
    Some(match id.split_once('.') {
        Some(("global", rest)) => (rest, true),
        Some((geography, rest)) if GEOGRAPHIES.contains(&geography) => (rest, false),
        _ => (id, false),
    })
}

/// The model or profile id that a name holds: itself, or the last part of an ARN that tells the model. Other ARNs, such
/// as those of application inference profiles, do not tell it.
fn id_of(model: &str) -> Option<&str> {
    if !model.starts_with("arn:") {
        return Some(model);
    }
    let (kind, id) = model.splitn(6, ':').nth(5)?.split_once('/')?;
    ["foundation-model", "inference-profile"].contains(&kind).then_some(id)
}

/// Several price tables, of which the first that knows a model counts.
#[derive(Debug, Clone, Default)]
pub struct Prices {
    /// The table that was added last comes last.
    added: Vec<Arc<PriceTable>>,
}

impl Prices {
    /// The same with a table that goes before all that are there.
    pub fn with(mut self, table: PriceTable) -> Self {
        self.added.push(Arc::new(table));
        self
    }

    /// The same with prices that go before all that are there.
    pub fn with_models(self, models: BTreeMap<String, Price>) -> Self {
        if models.is_empty() { self } else { self.with(PriceTable { format: TABLE_FORMAT, models }) }
    }

    /// The rate of `model`, a model id, inference profile id or ARN; none when no table knows it.
    pub fn rate(&self, model: &str) -> Option<Rate> {
        self.added.iter().rev().chain([&*BUILT_IN]).find_map(|table| table.rate(model))
    }

    /// What `usage` of `model` costs; none when the price is unknown.
    pub fn charge(&self, model: &str, usage: &Usage) -> Option<Charge> {
        self.rate(model)?.charge(usage)
    }

    /// What `usage` of `model` costs, told with its price; `answers` were had for it. None when the price is unknown.
    pub fn cost(&self, model: &str, usage: &Usage, answers: u64) -> Option<Cost> {
        let rate = self.rate(model)?;
        Some(Cost::new(rate.charge(usage)?, answers, &rate.price))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn million(model: &str, prices: &Prices) -> Option<(String, String)> {
        let usage = Usage { input_tokens: 1_000_000, output_tokens: 1_000_000, ..Usage::default() };
        let charge = prices.charge(model, &usage)?;
        Some((charge.input.to_string(), charge.output.to_string()))
    }

    #[test]
    fn the_table_that_comes_along_can_be_read_and_names_its_source() {
        assert!(BUILT_IN.models.len() >= 7);
        for (model, price) in &BUILT_IN.models {
            assert!(price.source.contains("not verified against AWS's price page"), "{model}");
            assert_eq!(price.date, "2026-11", "{model}");
        }
    }

    #[test]
    fn every_way_to_name_a_model_finds_its_price() {
        let prices = Prices::default();
        let lite = Some(("0.06".to_owned(), "0.24".to_owned()));
        for model in [
            "amazon.nova-lite-v1:0",
            "us.amazon.nova-lite-v1:0",
            "eu.amazon.nova-lite-v1:0",
            "apac.amazon.nova-lite-v1:0",
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
            "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0",
        ] {
            assert_eq!(million(model, &prices), lite, "{model}");
        }
        let sonnet = "anthropic.claude-sonnet-4-6";
        assert_eq!(million(&format!("global.{sonnet}"), &prices), Some(("3".to_owned(), "15".to_owned())));
        for geography in ["us.", "eu.", "jp.", "au.", ""] {
            let price = million(&format!("{geography}{sonnet}"), &prices);
            assert_eq!(price, Some(("3.3".to_owned(), "16.5".to_owned())), "{geography}");
        }
    }

    #[test]
    fn what_is_not_known_has_no_price() {
        for model in [
            "us.example.first-v1:0",
            "xx.amazon.nova-lite-v1:0",
            "us-gov.amazon.nova-lite-v1:0",
            "us.us.amazon.nova-lite-v1:0",
            "amazon.nova-lite-v1:0:300k",
            "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/amazon.nova-lite-v1:0",
            "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abc",
            "arn:aws",
            "",
        ] {
            assert_eq!(million(model, &Prices::default()), None, "{model}");
        }
    }

    #[test]
    fn cached_tokens_without_a_price_make_the_cost_unknown() {
        let prices = Prices::default();
        let cached = Usage { input_tokens: 10, cache_read_input_tokens: 1_000_000, ..Usage::default() };
        assert_eq!(prices.charge("amazon.nova-lite-v1:0", &cached), None);
        let charge = prices.charge("global.anthropic.claude-sonnet-4-6", &cached).unwrap();
        assert_eq!((charge.cache_read.to_string().as_str(), charge.total().to_string().as_str()), ("0.3", "0.30003"));
        let written = Usage { cache_write_input_tokens: 1_000_000, ..Usage::default() };
        let charge = prices.charge("us.anthropic.claude-sonnet-4-6", &written).unwrap();
        assert_eq!(charge.total().to_string(), "4.125");
    }

    #[test]
    fn the_table_that_was_added_last_counts() {
        let table = |price: &str, model: &str| {
            let text = format!(
                "{{\"format\": 1, \"models\": {{\"{model}\": {{\"input\": {price}, \"output\": 1, \"source\": \"contract\", \"date\": \"2026-11-01\"}}}}}}"
            );
            PriceTable::read(&text).unwrap()
        };
        let profile = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc";
        let prices = Prices::default().with(table("7", "amazon.nova-lite-v1:0")).with(table("8", profile));
        let input = |model: &str| million(model, &prices).unwrap().0;
        assert_eq!((input("us.amazon.nova-lite-v1:0"), input(profile)), ("7".to_owned(), "8".to_owned()));
        let prices = prices.with(table("9", "us.amazon.nova-lite-v1:0"));
        let input = |model: &str| million(model, &prices).unwrap().0;
        assert_eq!((input("us.amazon.nova-lite-v1:0"), input("amazon.nova-lite-v1:0")), ("9".into(), "7".into()));
    }

    #[test]
    fn a_table_of_another_shape_is_refused() {
        for (text, said) in [
            ("{\"format\": 2, \"models\": {}}", "format 2"),
            ("{\"format\": 1, \"models\": {\"m\": {\"input\": 1}}}", "output"),
            ("{\"format\": 1, \"models\": {\"m\": {\"input\": -1}}}", "line 1"),
            ("[]", "docs/formats.md"),
        ] {
            let error = PriceTable::read(text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
