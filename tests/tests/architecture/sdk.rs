//! AWS SDK crates are named in adapters alone, and what is pure does nothing else.

use super::sources::Sources;

/// The crates of clients and what belongs to them.
const CLIENTS: [&str; 3] = ["aws_sdk_", "aws_smithy", "aws_credential_types"];

/// For each crate, the files that may name them. A folder stands for all its files.
const ADAPTERS: [(&str, &[&str]); 9] = [
    ("alarm-forwarder", &["secret/source.rs"]),
    ("cli", &["aws.rs"]),
    ("core", &["publish/metrics/cloudwatch.rs", "publish/notice/topic.rs"]),
    ("job", &["control/"]),
    (
        "model",
        &[
            "call_error.rs",
            "client.rs",
            "converse.rs",
            "embedding.rs",
            "guardrail.rs",
            "guardrail_checks.rs",
            "service_error.rs",
            "token_counter.rs",
        ],
    ),
    ("monitor", &["cloudwatch/", "invocation_logging/control.rs", "lifecycle/catalogue.rs", "logs/insights.rs"]),
    ("store", &["aws.rs", "error.rs"]),
    // What tests look at from outside.
    ("testing", &["services.rs"]),
    // Nothing at all.
    ("score", &[]),
];

/// Files and folders of the forwarder that are pure: no client, no clock, nothing async.
const PURE: [&str; 6] = ["alert", "amend", "intake", "render", "routes", "slack/answer"];

#[test]
fn clients_of_aws_are_named_in_adapters_alone() {
    for folder in super::crate_folders() {
        let (name, sources) = (super::name(&folder), Sources::read(&folder));
        let naming = sources.naming(&CLIENTS);
        let allowed = ADAPTERS.iter().find(|(found, _)| *found == name).map(|(_, files)| *files).unwrap_or_default();
        let is_allowed = |file: &&str| allowed.iter().any(|adapter| file.starts_with(adapter));
        let wrong: Vec<&&str> = naming.iter().filter(|file| !is_allowed(file)).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
        let moved: Vec<&&str> =
            allowed.iter().filter(|adapter| !naming.iter().any(|file| file.starts_with(**adapter))).collect();
        assert!(moved.is_empty(), "{name}: these name no client any more: {moved:?}");
    }
}

#[test]
fn what_the_forwarder_keeps_pure_is_pure() {
    let folder = super::workspace().join("crates/alarm-forwarder");
    let sources = Sources::read(&folder);
    let asking = sources.containing(&["async fn", "reqwest :: Client", "Timestamp :: now", "Instant :: now"]);
    let wrong: Vec<&&str> = asking.iter().filter(|file| PURE.iter().any(|pure| file.starts_with(pure))).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(asking.contains(&"slack/client.rs"), "the client has moved: {asking:?}");
}
