//! The Content-Security-Policy of the pages.
//!
//! The digests are constants, so that nothing needs to be hashed when a page is written; a test holds them to the
//! files.

/// The digest of `templates/style.css`.
pub(super) const STYLE_DIGEST: &str = "sha256-vCWbTGI0351dzbQtnUoWk0upNLo8CXx1zhUCL5cd2EQ=";
/// The digest of `templates/script.js`.
pub(super) const SCRIPT_DIGEST: &str = "sha256-PmE7YIt2n0xr13Z+8QSwFVIVtS5moiWpX2jVNUDlUJQ=";

/// The policy: nothing is loaded and nothing is sent, and only the project's own style and script count. The one
/// picture is the page's icon, which is in the page.
pub(super) fn policy() -> String {
    format!(
        "default-src 'none'; style-src '{STYLE_DIGEST}'; script-src '{SCRIPT_DIGEST}'; img-src data:; base-uri 'none'; \
         form-action 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{SCRIPT, STYLE};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_digests_are_those_of_the_files() {
        for (text, digest) in [(STYLE, STYLE_DIGEST), (SCRIPT, SCRIPT_DIGEST)] {
            assert_eq!(
                digest,
                format!("sha256-{}", STANDARD.encode(Sha256::digest(text))),
                "write the new digest down"
            );
            // In the page each stands between its tags, unchanged.
            assert!(!text.contains("</") && !text.contains("<!--") && !text.contains('\r'));
        }
    }

    #[test]
    fn nothing_unsafe_is_allowed() {
        assert!(policy().starts_with("default-src 'none';") && !policy().contains("unsafe"));
    }
}
