//! Money: what tokens cost, and what a run may spend.
//!
//! Prices are decimal numbers that people publish, so costs are computed in integers and become floating point where
//! they are written, correctly rounded: the costs of samples add up to the cost of the run, to the last digit. Where a
//! price comes from is part of it; a model without a price has an unknown cost, never a cost of nothing.

mod amount;
mod budget;
mod budgeted;
mod cost;
mod decimal;
mod price;
mod prices;
mod spending;
mod tokens;

pub use amount::Amount;
pub use budget::Budget;
pub use budgeted::Budgeted;
pub use cost::{Cost, TotalCost, usd_text};
pub use decimal::Decimal;
pub use price::{Charge, Price, Rate};
pub use prices::{PriceTable, Prices, TableError, model_behind};
pub use spending::{Reservation, Spending, Spent};
pub use tokens::{ASSUMED_ANSWER, CHARACTERS_PER_TOKEN, longest_answer, most_input_tokens};
