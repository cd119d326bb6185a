//! Where things are: the workspace that is deployed, and the target folder that everything made on the way goes into.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// The workspace's root folder, where `template.yaml` is.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).to_path_buf()
}

/// The folder for what is built: `CARGO_TARGET_DIR`, else the workspace's `target`.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) if !folder.is_empty() => workspace().join(folder),
        _ => workspace().join("target"),
    }
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("failed to make the folder `{}`", folder.display()))
}
