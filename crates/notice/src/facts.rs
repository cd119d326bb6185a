//! Facts that fit into a notice: of bounded length, number and size together.

use assay_problem::clip;

/// The longest fact, in characters.
pub const LONGEST_FACT: usize = 500;
/// The longest title, in characters.
const LONGEST_TITLE: usize = 300;
/// All facts of a notice as JSON, in bytes. The topic takes 256 KiB in all.
const LARGEST: usize = 180_000;

/// The facts, each clipped, as many as there is room for; how many are left out is the last.
pub(crate) fn bounded(facts: Vec<String>) -> Vec<String> {
    let all = facts.len();
    let (mut size, mut kept) = (0, Vec::new());
    for fact in facts {
        let fact = clip(fact, LONGEST_FACT);
        // Quotes, and what surrounds a line of JSON.
        size += serde_json::to_string(&fact).map_or(0, |text| text.len()) + 8;
        if size > LARGEST {
            kept.push(format!("and {} more", all - kept.len()));
            break;
        }
        kept.push(fact);
    }
    kept
}

/// A title on one line.
pub(crate) fn line(title: String) -> String {
    clip(title.replace(['\n', '\r'], " "), LONGEST_TITLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_counted() {
        // Each of these characters takes six bytes as JSON: 60 facts of 500 fit into 180,000 bytes less than whole.
        let facts = bounded(vec!["\u{1}".repeat(1000); 100]);
        let told = serde_json::to_string_pretty(&facts).map_or(0, |text| text.len());
        assert!(told < 200_000, "{told} bytes");
        assert_eq!(facts.len(), 60, "59 facts and their count");
        assert_eq!(facts.last().map(String::as_str), Some("and 41 more"));
        assert_eq!(line("a\nb".to_owned()), "a b");
    }
}
