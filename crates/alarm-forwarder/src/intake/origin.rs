//! Where in AWS something comes from, and the console's pages there.

use super::json;
use super::link::LONGEST_ADDRESS;
use crate::alert::{Link, LinkKind, Place};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// What stands in a name in the console's addresses as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The domains of the console: of the partitions `aws`, `aws-cn` and `aws-us-gov`.
const CONSOLES: [&str; 3] = ["console.aws.amazon.com", "console.amazonaws.cn", "console.amazonaws-us-gov.com"];

/// Partition, Region and account of an ARN; what it does not say is none.
pub(super) fn place_of(arn: &str) -> Place {
    let mut parts = arn.split(':');
    if parts.next() != Some("arn") {
        return Place::default();
    }
    let mut next = || parts.next().map(str::trim).filter(|part| is_name(part)).map(str::to_owned);
    let partition = next();
    let _service = next();
    Place { partition, region: next(), account: next() }
}

/// Region and account of an event of the event bus.
pub(super) fn place_of_event(event: &Value) -> Place {
    Place {
        partition: None,
        region: json::text(event, "region").filter(|region| is_region(region)),
        account: json::text(event, "account"),
    }
}

/// `place`, and what is missing in it from `other`.
pub(super) fn completed(place: Place, other: Place) -> Place {
    Place {
        partition: place.partition.or(other.partition),
        region: place.region.or(other.region),
        account: place.account.or(other.account),
    }
}

/// Whether `text` is a Region's id, and no name for people such as `US East (N. Virginia)`.
pub(super) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lower = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
    parts.len() >= 3
        && parts[..parts.len() - 1].iter().all(lower)
        && parts.last().is_some_and(|end| !end.is_empty() && end.chars().all(|c| c.is_ascii_digit()))
}

/// The name that an alarm's ARN ends with; a name is itself.
pub(super) fn alarm_name(arn: &str) -> &str {
    match arn.split_once(":alarm:") {
        Some((before, name)) if before.starts_with("arn:") => name,
        _ => arn,
    }
}

/// The page of an alarm in the console of its partition and Region.
pub(super) fn alarm_page(place: &Place, name: &str) -> Option<Link> {
    let region = place.region.as_deref().filter(|region| is_name(region))?;
    let domain = console(place)?;
    let name = utf8_percent_encode(name, ESCAPED);
    let url = format!("https://{region}.{domain}/cloudwatch/home?region={region}#alarmsV2:alarm/{name}");
    console_link(url)
}

/// The page of a health event. There is one such page, in the commercial partition.
pub(super) fn health_page(place: &Place, event_arn: &str) -> Option<Link> {
    if console(place)? != "console.aws.amazon.com" {
        return None;
    }
    let event = utf8_percent_encode(event_arn, ESCAPED);
    let url = format!(
        "https://health.aws.amazon.com/health/home#/account/event-log?eventID={event}&eventTab=details&layout=vertical"
    );
    console_link(url)
}

/// A page of the console; none where its address is longer than a button takes: a name of 255 emoji is.
fn console_link(url: String) -> Option<Link> {
    (url.len() <= LONGEST_ADDRESS).then_some(Link { kind: LinkKind::Console, url })
}

/// The domain of the partition's console; where the partition is not known, the Region tells.
fn console(place: &Place) -> Option<&'static str> {
    let region = place.region.as_deref().unwrap_or_default();
    let by_region = match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ if region.starts_with("us-iso") || region.starts_with("eu-iso") || region.starts_with("eusc-") => "other",
        _ => "aws",
    };
    match place.partition.as_deref().unwrap_or(by_region) {
        "aws" => Some(CONSOLES[0]),
        "aws-cn" => Some(CONSOLES[1]),
        "aws-us-gov" => Some(CONSOLES[2]),
        _ => None,
    }
}

/// Whether `host` belongs to the AWS console, of any partition.
pub(crate) fn is_console(host: &str) -> bool {
    CONSOLES
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

/// Whether `text` is made of what Regions, partitions and accounts are made of.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_partition_has_a_console_of_its_own() {
        for (arn, host) in [
            ("arn:aws:cloudwatch:eu-central-1:1:alarm:x", "eu-central-1.console.aws.amazon.com"),
            ("arn:aws-cn:cloudwatch:cn-north-1:1:alarm:x", "cn-north-1.console.amazonaws.cn"),
            ("arn:aws-us-gov:cloudwatch:us-gov-west-1:1:alarm:x", "us-gov-west-1.console.amazonaws-us-gov.com"),
        ] {
            let place = place_of(arn);
            let region = place.region.clone().unwrap_or_default();
            let url = format!("https://{host}/cloudwatch/home?region={region}#alarmsV2:alarm/a%2Fb%20c%3A%25%7C%3E");
            let expected = Some(Link { kind: LinkKind::Console, url });
            assert_eq!(alarm_page(&place, "a/b c:%|>"), expected, "{arn}");
            // The Region alone tells as much.
            assert_eq!(alarm_page(&Place { partition: None, ..place }, "a/b c:%|>"), expected);
        }
        for arn in [
            "arn:aws-iso:cloudwatch:us-iso-east-1:1:alarm:x",
            "arn:aws:cloudwatch::1:alarm:x",
            "x",
            "arn:aws:s:a.b/@:1:",
        ] {
            assert_eq!(alarm_page(&place_of(arn), "x"), None, "{arn}");
        }
    }

    #[test]
    fn only_hosts_of_the_console_belong_to_it() {
        for host in ["console.aws.amazon.com", "eu-central-1.console.aws.amazon.com", "x.console.amazonaws.cn"] {
            assert!(is_console(host), "{host}");
        }
        for host in ["evilconsole.aws.amazon.com", "console.aws.amazon.com.evil.example", "aws.amazon.com", ""] {
            assert!(!is_console(host), "{host}");
        }
    }

    #[test]
    fn a_region_is_told_from_its_name_for_people() {
        for id in ["us-east-1", "us-gov-west-1", "cn-north-1", "ap-southeast-7"] {
            assert!(is_region(id), "{id}");
        }
        for name in ["US East (N. Virginia)", "EU (Ireland)", "", "us-east", "--1", "a-b-c"] {
            assert!(!is_region(name), "{name}");
        }
    }

    #[test]
    fn the_name_of_an_alarm_may_hold_anything() {
        assert_eq!(alarm_name("arn:aws:cloudwatch:us-east-1:1:alarm:a:alarm:b"), "a:alarm:b");
        assert_eq!(alarm_name("not:alarm:arn"), "not:alarm:arn");
    }
}
