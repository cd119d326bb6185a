//! What was posted, written down in the stack's bucket below `monitor/posted/`: so a second delivery of the same thing is not
//! posted twice, and an older state never takes the place of a newer one.
//!
//! Slack has no way to ask "did you get this already", so a message may still come twice when a process dies between posting
//! and writing that down. While the bucket cannot be reached messages are posted all the same: twice is better than never.

mod change;
mod ledger;
mod mark;
mod recent;

pub use change::{Change, Recorded};
pub use ledger::Ledger;
pub use mark::{Begun, Mark};

use crate::alert::Identity;
use assay_store::keys::MONITOR;
use object_store::path::Path;
use sha2::{Digest as _, Sha256};

/// The version of these files' format.
pub(crate) const POSTED_FORMAT: u32 = 1;

fn folder() -> Path {
    Path::from_iter([MONITOR.trim_end_matches('/'), "posted"])
}

/// A digest of several texts that no other texts have.
fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The lengths keep the borders: "a", "bc" is not "ab", "c".
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where it is written down that this was posted to `destination`.
pub(crate) fn mark_path(destination: &str, identity: &Identity) -> Path {
    let Identity { subject, state, changed, contributor } = identity;
    folder().join("messages").join(format!("{}.json", digest(&[destination, subject, state, changed, contributor])))
}

/// Where the last change of this alarm that was posted to `destination` is written down.
pub(crate) fn change_path(destination: &str, identity: &Identity) -> Path {
    let Identity { subject, contributor, .. } = identity;
    folder().join("alarms").join(format!("{}.json", digest(&[destination, subject, contributor])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(parts: [&str; 4]) -> Identity {
        let [subject, state, changed, contributor] = parts.map(str::to_owned);
        Identity { subject, state, changed, contributor }
    }

    #[test]
    fn every_part_of_an_identity_counts_and_borders_are_kept() {
        let all = ["arn", "ALARM", "2026-11-20T08:15:42Z", "c"];
        let mut paths = vec![mark_path("d", &identity(all)), mark_path("e", &identity(all))];
        for part in 0..4 {
            let mut other = all;
            other[part] = "x";
            paths.push(mark_path("d", &identity(other)));
        }
        paths.push(mark_path("d", &identity(["arnA", "LARM", all[2], all[3]])));
        paths.sort();
        let count = paths.len();
        paths.dedup();
        assert_eq!(paths.len(), count);
        assert!(paths.iter().all(|path| path.as_ref().starts_with("monitor/posted/messages/")));
        assert_eq!(mark_path("d", &identity(all)), mark_path("d", &identity(all)));
    }

    #[test]
    fn an_alarm_is_the_same_whatever_its_state() {
        let at = |state, changed| change_path("d", &identity(["arn", state, changed, ""]));
        assert_eq!(at("ALARM", "1"), at("OK", "2"));
        assert_ne!(at("ALARM", "1"), change_path("d", &identity(["arn", "ALARM", "1", "contributor"])));
    }
}
