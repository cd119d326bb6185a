//! What this process has posted last. It outlives no process, but it is there when the bucket is not.

use object_store::path::Path;
use std::collections::{HashSet, VecDeque};

/// How many are remembered.
const MOST: usize = 2048;

#[derive(Debug, Default)]
pub(super) struct Recent {
    order: VecDeque<Path>,
    known: HashSet<Path>,
}

impl Recent {
    pub(super) fn has(&self, path: &Path) -> bool {
        self.known.contains(path)
    }

    pub(super) fn add(&mut self, path: &Path) {
        if !self.known.insert(path.clone()) {
            return;
        }
        self.order.push_back(path.clone());
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten() {
        let mut recent = Recent::default();
        let path = |number: usize| Path::from(format!("{number}"));
        (0..=MOST).for_each(|number| recent.add(&path(number)));
        recent.add(&path(MOST));
        assert!(!recent.has(&path(0)) && recent.has(&path(1)) && recent.has(&path(MOST)));
        assert_eq!((recent.order.len(), recent.known.len()), (MOST, MOST));
    }
}
