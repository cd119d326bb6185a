//! The folder of one running stack, and the sweeping of those whose stack is gone.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;

use crate::places;

/// How many folders of ended stacks are kept, for reading their logs.
const KEPT: usize = 2;

/// A new folder that is locked while its stack runs.
#[derive(Debug)]
pub struct StackFolder {
    path: PathBuf,
    _lock: File,
}

impl StackFolder {
    /// Makes a folder below `parent`, and removes older ones that no running stack holds.
    pub fn make(parent: &Path) -> anyhow::Result<Self> {
        places::make_folder(parent)?;
        let sweeping = File::create(parent.join("lock")).context("failed to open the lock of the local stacks")?;
        // One at a time, so that nobody sweeps a folder between its making and its locking.
        sweeping.lock().context("failed to lock the local stacks")?;
        sweep(parent)?;

        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        // Names sort by time.
        let path = parent.join(format!("{time:020}-{}", std::process::id()));
        places::make_folder(&path)?;
        let lock = File::create(path.join("lock")).context("failed to make the lock of the local stack")?;
        lock.lock().context("failed to lock the local stack")?;
        Ok(Self { path, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn sweep(parent: &Path) -> anyhow::Result<()> {
    let entries = fs::read_dir(parent).with_context(|| format!("failed to list `{}`", parent.display()))?;
    let mut ended: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| has_ended(path)).collect();
    ended.sort();
    let removable = ended.len().saturating_sub(KEPT);
    for path in &ended[..removable] {
        fs::remove_dir_all(path).with_context(|| format!("failed to remove `{}`", path.display()))?;
    }
    Ok(())
}

fn has_ended(path: &Path) -> bool {
    path.is_dir() && File::open(path.join("lock")).is_ok_and(|lock| lock.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ended_folders_are_swept_and_running_ones_are_not() {
        let parent = tempfile::tempdir().unwrap();
        let running = StackFolder::make(parent.path()).unwrap();
        let ended: Vec<PathBuf> =
            (0..4).map(|_| StackFolder::make(parent.path()).unwrap().path().to_path_buf()).collect();
        let last = StackFolder::make(parent.path()).unwrap();
        assert!(running.path().exists() && last.path().exists());
        let left: Vec<bool> = ended.iter().map(|path| path.exists()).collect();
        assert_eq!(left, [false, false, true, true]);
    }
}
