//! Buttons that open pages. Each says where it leads: a page's host stands in its label, so that no address hides behind
//! another name. Only pages of the AWS console, whose hosts belong to AWS, are called by what they are.

use crate::alert::{Alert, Link, LinkKind, Origin};
use crate::intake::link::host;
use crate::intake::origin::is_console;

/// How much of a host a label shows, in characters.
const HOST: usize = 45;

/// Label and address of each page to open.
pub(super) fn buttons(alert: &Alert) -> Vec<(String, String)> {
    let mut buttons: Vec<(String, String)> = Vec::new();
    for link in &alert.links {
        let label = label(link, alert.origin);
        // Two pages of one host are told apart by their order in the text.
        let same = buttons.iter().filter(|(other, _)| is_numbered(other, &label)).count();
        let label = if same == 0 { label } else { format!("{label} ({})", same + 1) };
        buttons.push((label, link.url.clone()));
    }
    buttons
}

/// Whether `other` is `label`, or `label` with a number behind it.
fn is_numbered(other: &str, label: &str) -> bool {
    other.strip_prefix(label).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
}

fn label(link: &Link, origin: Origin) -> String {
    let host = host(&link.url);
    match (link.kind, origin) {
        (LinkKind::Console, Origin::Health) => "Open in AWS Health".to_owned(),
        (LinkKind::Console, _) => "Open in CloudWatch".to_owned(),
        (LinkKind::Report, _) if is_console(&host) => "Open report".to_owned(),
        (LinkKind::Report, _) => format!("Open report at {}", end_of(&host)),
        (LinkKind::Runbook, _) => format!("Open runbook at {}", end_of(&host)),
        (LinkKind::Page, _) => format!("Open {}", end_of(&host)),
    }
}

/// A host, without its beginning where it is too long: its end tells whose it is.
fn end_of(host: &str) -> String {
    let length = host.chars().count();
    if length <= HOST {
        return host.to_owned();
    }
    let end: String = host.chars().skip(length - HOST + 1).collect();
    format!("…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(kind: LinkKind, url: &str) -> String {
        label(&Link { kind, url: url.to_owned() }, Origin::Text)
    }

    #[test]
    fn a_label_says_where_a_page_is() {
        for (url, expected) in [
            ("https://evil.example", "Open evil.example"),
            ("http://Wiki.EXAMPLE:8080/a?b#c", "Open wiki.example:8080"),
            ("https://xn--bcher-kva.example#x", "Open xn--bcher-kva.example"),
            ("https://evil.example?https://bank.example/", "Open evil.example"),
        ] {
            assert_eq!(labelled(LinkKind::Page, url), expected);
        }
    }

    #[test]
    fn a_long_host_keeps_its_end() {
        // 63 is the longest part of a host; its end says whose it is.
        let url = format!("https://bank.example.{}.evil.example/x", "a".repeat(63));
        // 45 characters: the mark of what is left out, 31 letters, and the 13 of `.evil.example`.
        let expected = format!("Open …{}.evil.example", "a".repeat(31));
        assert_eq!(labelled(LinkKind::Page, &url), expected);
    }

    #[test]
    fn only_a_report_in_the_console_needs_no_host() {
        let console = "https://eu-central-1.console.aws.amazon.com/s3/object/b?prefix=r.html";
        assert_eq!(labelled(LinkKind::Report, console), "Open report");
        let other = "https://eu-central-1.console.aws.amazon.com.evil.example/s3";
        assert_eq!(labelled(LinkKind::Report, other), "Open report at …entral-1.console.aws.amazon.com.evil.example");
        assert_eq!(labelled(LinkKind::Runbook, "https://wiki.example/r"), "Open runbook at wiki.example");
    }
}
