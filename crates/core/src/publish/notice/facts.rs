//! Lists of facts that name the first and count the rest.

/// The first `most` facts, and how many of `what` are left out.
pub(super) fn shown(facts: impl ExactSizeIterator<Item = String>, most: usize, what: &str) -> Vec<String> {
    let rest = facts.len().saturating_sub(most);
    let mut first: Vec<String> = facts.take(most).collect();
    if rest > 0 {
        first.push(format!("and {rest} more {what}"));
    }
    first
}
