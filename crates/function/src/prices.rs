//! The prices that a stack knows.

use assay_model::pricing::{PriceTable, Prices};
use assay_store::{self as store, Place, StoreError, keys};

/// The prices: those of the stack's own table at `key` in its bucket, where it names one, before those that come along. A
/// table that is not there or broken is told in the log and keeps nothing from being evaluated.
///
/// # Errors
/// When the store fails.
pub async fn stack_prices(place: &Place, key: Option<&str>) -> Result<Prices, StoreError> {
    let prices = Prices::default();
    let Some(key) = key else { return Ok(prices) };
    let found = store::read(&*place.store, &keys::parse(key)?).await?;
    let text = found.as_deref().map(String::from_utf8_lossy);
    match text.as_deref().map(PriceTable::read) {
        Some(Ok(table)) => return Ok(prices.with(table)),
        Some(Err(error)) => tracing::error!(key, %error, "the stack's price table cannot be used"),
        None => tracing::error!(key, "the stack's price table is not in the bucket"),
    }
    Ok(prices)
}
