//! S3 URIs as the service takes them, of datasets and of output.
//!
//! Making a copy under a key that it takes is left to whoever prepares a job's input.

/// The longest URI, in characters.
const LONGEST: usize = 1024;

/// Whether the service takes `uri` for a dataset or for output. It refuses keys with `=` (`dt=2026-01-01/`), spaces, `+`,
/// `%`, empty parts and anything beyond ASCII.
///
/// The pattern is the service's own:
/// ``s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:/[-!_*'().a-z0-9A-Z]+(?:/[-!_*'().a-z0-9A-Z]+)*)?/?``.
pub fn is_accepted(uri: &str) -> bool {
    let Some(path) = uri.strip_prefix("s3://").filter(|_| uri.len() <= LONGEST) else { return false };
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut parts = path.split('/');
    parts.next().is_some_and(is_bucket) && parts.all(is_part)
}

fn is_bucket(name: &str) -> bool {
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.first().is_some_and(plain)
        && bytes.last().is_some_and(plain)
        && bytes.iter().all(|byte| plain(byte) || b"-.".contains(byte))
}

fn is_part(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-!_*'().".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;
    use std::sync::LazyLock;

    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        let part = r"[-!_*'().a-z0-9A-Z]+";
        Regex::new(&format!(r"\As3://[a-z0-9][-.a-z0-9]{{1,61}}[a-z0-9](?:/{part}(?:/{part})*)?/?\z")).unwrap()
    });

    #[test]
    fn keys_that_jobs_cannot_name_are_found() {
        for (uri, accepted) in [
            ("s3://bucket", true),
            ("s3://bucket/", true),
            ("s3://bucket/job-output/support-faq/", true),
            ("s3://my.bucket-1/a/b_c/(d)!*'.jsonl", true),
            ("s3://bucket//", false),
            ("s3://bucket/a//b", false),
            ("s3://bucket/dt=2026-01-01/a.jsonl", false),
            ("s3://bucket/a b", false),
            ("s3://bucket/a+b", false),
            ("s3://bucket/a%20b", false),
            ("s3://bucket/ä", false),
            ("s3://bucket/a\n", false),
            ("s3://Bucket/a", false),
            ("s3://-bucket/a", false),
            ("s3://bu/a", false),
            ("s3:///a", false),
            ("bucket/a", false),
            ("", false),
        ] {
            assert_eq!(is_accepted(uri), accepted, "{uri}");
            assert_eq!(PATTERN.is_match(uri), accepted, "the pattern of {uri}");
        }
        assert!(is_accepted(&format!("s3://bucket/{}", "a".repeat(1011))), "1,023 and one more characters");
        assert!(is_accepted(&format!("s3://bucket/{}", "a".repeat(1012))));
        assert!(!is_accepted(&format!("s3://bucket/{}", "a".repeat(1013))));
    }

    proptest! {
        #[test]
        fn uris_are_judged_as_the_pattern_does(rest in "[-a-c./=A !]{0,12}", letters in "[a-z0-9./-]{0,70}") {
            for uri in [format!("s3://bucket{rest}"), format!("s3://{rest}"), format!("s3://{letters}")] {
                prop_assert_eq!(is_accepted(&uri), PATTERN.is_match(&uri), "{}", uri);
            }
        }
    }
}
