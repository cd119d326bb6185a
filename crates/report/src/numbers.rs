//! Numbers as people read them.

use assay_core::compare::Conclusion;
use assay_core::summary::{ModelSummary, ScoreSummary, Summary};
use assay_model::pricing::usd_text;
use assay_score::stats::Interval;
use jiff::Timestamp;

/// A score: four digits after the point below 10, one above.
pub(crate) fn score(value: f64) -> String {
    if value.abs() < 10.0 { format!("{value:.3}") } else { format!("{value:.1}") }
}

/// A mean with its interval: `0.612 [0.540, 0.684]`, `-` where there is none.
pub(crate) fn mean(summary: &ScoreSummary) -> String {
    match (summary.mean, summary.interval) {
        (Some(mean), Some(interval)) => {
            format!("{} [{}, {}]", score(mean), score(interval.low), score(interval.high))
        }
        (Some(mean), None) => score(mean),
        (None, _) => "-".to_owned(),
    }
}

/// A share as a percentage with its interval.
pub(crate) fn pass_rate(model: &ModelSummary) -> Option<String> {
    let rate = format!("{:.1} %", model.pass_rate? * 100.0);
    Some(match model.pass_rate_interval {
        Some(interval) => format!("{rate} [{:.1}, {:.1}]", interval.low * 100.0, interval.high * 100.0),
        None => rate,
    })
}

/// Tokens in and out: `12,345 in, 678 out`.
pub(crate) fn tokens(model: &ModelSummary) -> String {
    match model.usage {
        Some(usage) => format!("{} in, {} out", thousands(usage.input_tokens), thousands(usage.output_tokens)),
        None => "-".to_owned(),
    }
}

/// What the answers cost: `unknown` for a model without a price, `-` for one that was not asked.
pub(crate) fn cost(model: &ModelSummary) -> String {
    match (&model.cost, model.usage) {
        (Some(cost), _) => usd_text(cost.usd),
        (None, Some(_)) => "unknown".to_owned(),
        (None, None) => "-".to_owned(),
    }
}

/// What a run cost, and of whom that is not known.
pub(crate) fn total_cost(summary: &Summary) -> Option<String> {
    let total = summary.cost.as_ref()?;
    let unknown = total.unknown.join(", ");
    Some(match total.usd {
        Some(usd) if total.complete => usd_text(usd),
        Some(usd) => format!("{} without {unknown}, whose price is unknown", usd_text(usd)),
        None => format!("unknown, as the price of {unknown} is"),
    })
}

/// Where the price of a model was read, and when.
pub(crate) fn price_source(model: &ModelSummary) -> Option<String> {
    let cost = model.cost.as_ref()?;
    Some(format!("{} ({})", cost.price_source, cost.price_date))
}

/// Latency: median and 90th percentile.
pub(crate) fn latency(model: &ModelSummary) -> String {
    match &model.latency {
        Some(latency) => format!("p50 {:.0} ms, p90 {:.0} ms", latency.p50_ms, latency.p90_ms),
        None => "-".to_owned(),
    }
}

/// A count with commas.
pub(crate) fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A p-value: three digits after the point, never zero.
pub(crate) fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

/// A difference, with its sign.
pub(crate) fn signed(value: f64) -> String {
    let text = score(value);
    // What rounds to zero has no sign.
    let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    match text.strip_prefix('-') {
        _ if is_zero => text.trim_start_matches('-').to_owned(),
        Some(size) => format!("−{size}"),
        None => format!("+{text}"),
    }
}

/// An interval: `0.540 to 0.684`.
pub(crate) fn interval(found: Interval) -> String {
    format!("{} to {}", score(found.low), score(found.high))
}

/// A moment to the minute, in UTC.
pub(crate) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A day in UTC.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// What a difference amounts to, in words.
pub(crate) fn verdict(verdict: Conclusion) -> &'static str {
    match verdict {
        Conclusion::Better => "▲ better",
        Conclusion::Worse => "▼ worse",
        Conclusion::Different => "◆ different",
        Conclusion::NoEvidence => "no evidence of a difference",
        Conclusion::TooFew => "too few samples to tell",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_get_commas() {
        let texts = [0, 999, 1000, 12_345, 1_234_567].map(thousands);
        assert_eq!(texts, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn differences_have_a_sign_unless_they_are_none() {
        assert_eq!([signed(0.25), signed(-0.25), signed(-0.0001), signed(0.0)], ["+0.250", "−0.250", "0.000", "0.000"]);
    }

    #[test]
    fn a_p_value_is_never_zero() {
        assert_eq!([p_value(0.0), p_value(0.0009), p_value(0.0304)], ["< 0.001", "< 0.001", "0.030"]);
    }

    #[test]
    fn scores_keep_their_telling_digits() {
        assert_eq!([score(0.0), score(0.12345), score(1.0), score(212.25)], ["0.000", "0.123", "1.000", "212.2"]);
    }
}
