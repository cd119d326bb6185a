//! The median and the median absolute deviation: a middle and a spread that a few odd values do not move.
//!
//! F. R. Hampel, "The influence curve and its role in robust estimation", Journal of the American Statistical Association
//! 69 (1974), 383-393. The deviation is the raw one, without the factor 1.4826 that would make it an estimate of a normal
//! distribution's standard deviation.

/// The middle value, or the mean of the two in the middle. None for no values, and where one is not a finite number.
pub fn median(values: &[f64]) -> Option<f64> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    // Half of each, where their sum would be too large.
    let sum = lower + upper;
    Some(if sum.is_finite() { sum / 2.0 } else { lower / 2.0 + upper / 2.0 })
}

/// The median of the distances from the median, in the unit of the values. None where there is no median, or a distance
/// is too large to be a number.
pub fn median_absolute_deviation(values: &[f64]) -> Option<f64> {
    let middle = median(values)?;
    let distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    median(&distances)
}
