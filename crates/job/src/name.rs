//! Names of jobs: one for each member of a run, which the service takes and people recognise.
//!
//! A name is also the token that makes asking twice harmless, so the same suite, run and member give the same name.

use sha2::{Digest, Sha256};

/// The longest name, in characters.
const LONGEST: usize = 63;

/// How much of it names the suite.
const LONGEST_SUITE: usize = 24;

/// `<suite>-<run>-<member>`: small letters, digits and single hyphens. The suite is cut at 24 characters; a run whose id
/// does not fit is cut too, and a digest of it then stands at its end.
pub fn job_name(suite: &str, run: &str, member: usize) -> String {
    let member = format!("{member:02}");
    let suite = cut(&slug(suite, "suite"), LONGEST_SUITE);
    let room = LONGEST - suite.len() - member.len() - 2;
    let mut part = slug(run, "run");
    if part.len() > room {
        let digest = Sha256::digest(run.as_bytes());
        let digest: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        part = format!("{}-{digest}", cut(&part, room - digest.len() - 1));
    }
    format!("{suite}-{part}-{member}")
}

/// Whether the service takes `name` for a job: `[a-z0-9](-*[a-z0-9]){0,62}`, at most 63 characters.
pub fn is_valid_name(name: &str) -> bool {
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    bytes.len() <= LONGEST
        && bytes.first().is_some_and(plain)
        && bytes.last().is_some_and(plain)
        && bytes.iter().all(|byte| plain(byte) || *byte == b'-')
}

/// What is left of `text` in small letters, digits and single hyphens between them; `otherwise` where nothing is.
fn slug(text: &str, otherwise: &str) -> String {
    let lowered = text.to_lowercase();
    let words = lowered.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    if slug.is_empty() { otherwise.to_owned() } else { slug }
}

/// At most the first `longest` characters of a slug.
fn cut(slug: &str, longest: usize) -> String {
    slug.chars().take(longest).collect::<String>().trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;

    #[test]
    fn names_tell_suite_run_and_member() {
        for (suite, run, member, name) in [
            ("support-faq", "20261123T040506Z-0a1b2c3d", 0, "support-faq-20261123t040506z-0a1b2c3d-00"),
            ("Support_FAQ.v2", "R", 12, "support-faq-v2-r-12"),
            ("a-suite-with-a-very-long-name", "r", 100, "a-suite-with-a-very-long-r-100"),
            ("--ä--", "", 1, "suite-run-01"),
        ] {
            assert_eq!(job_name(suite, run, member), name);
        }
        let long = |last: &str| job_name("faq", &format!("{}{last}", "x".repeat(80)), 3);
        assert!(long("a").len() == 63 && long("a") != long("b"), "{}", long("a"));
    }

    #[test]
    fn names_are_judged_as_the_service_does() {
        for (name, valid) in [
            ("a", true),
            ("a--b", true),
            ("0-9", true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("A", false),
            ("a_b", false),
            ("ä", false),
        ] {
            assert_eq!(is_valid_name(name), valid, "{name}");
        }
        assert!(is_valid_name(&"a".repeat(63)) && !is_valid_name(&"a".repeat(64)));
    }

    proptest! {
        #[test]
        fn every_name_is_valid(suite in ".{0,40}", run in ".{0,80}", member in any::<usize>()) {
            let name = job_name(&suite, &run, member);
            prop_assert!(is_valid_name(&name), "{}", name);
            prop_assert_eq!(&name, &job_name(&suite, &run, member));
        }

        #[test]
        fn names_are_judged_by_the_pattern(name in "[a-bA0_-]{0,66}") {
            let pattern = Regex::new(r"\A[a-z0-9](-*[a-z0-9]){0,62}\z").unwrap();
            prop_assert_eq!(is_valid_name(&name), pattern.is_match(&name) && name.len() <= 63);
        }
    }
}
