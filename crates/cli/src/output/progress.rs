//! How far a run is: a bar on a terminal, a line now and then elsewhere. Always on standard error.

use super::note;
use assay_core::collect::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::AbortOnDropHandle;

/// Shows `progress` while the handle lives.
pub(crate) fn show(progress: &Arc<Progress>) -> Shown {
    let bar = is_on_terminal().then(|| {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} [{elapsed} gone, {eta} left]");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar
    });
    let task = {
        let (progress, bar) = (Arc::clone(progress), bar.clone());
        tokio::spawn(async move {
            let pause = if bar.is_some() { Duration::from_millis(100) } else { Duration::from_secs(5) };
            loop {
                tokio::time::sleep(pause).await;
                match &bar {
                    Some(bar) => update(bar, &progress),
                    None if Progress::read(&progress.total) > 0 => note(line(&progress)),
                    None => {}
                }
            }
        })
    };
    Shown { bar, progress: Arc::clone(progress), _task: AbortOnDropHandle::new(task) }
}

/// Progress that is being shown.
pub(crate) struct Shown {
    bar: Option<ProgressBar>,
    progress: Arc<Progress>,
    _task: AbortOnDropHandle<()>,
}

impl Drop for Shown {
    fn drop(&mut self) {
        match &self.bar {
            Some(bar) => {
                update(bar, &self.progress);
                bar.abandon();
            }
            None if Progress::read(&self.progress.total) > 0 => note(line(&self.progress)),
            None => {}
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "looks at standard error, and writes nothing")]
fn is_on_terminal() -> bool {
    std::io::stderr().is_terminal()
}

fn update(bar: &ProgressBar, progress: &Progress) {
    let failed = Progress::read(&progress.failed);
    bar.set_length(Progress::read(&progress.total));
    bar.set_position(Progress::read(&progress.answered) + failed);
    bar.set_message(format!(
        "{}answered, {failed} failed, {} waiting, {} tokens",
        source(progress),
        Progress::read(&progress.waiting),
        Progress::read(&progress.tokens)
    ));
}

fn line(progress: &Progress) -> String {
    format!(
        "{}{} of {} answered, {} failed, {} waiting, {} tokens",
        source(progress),
        Progress::read(&progress.answered),
        Progress::read(&progress.total),
        Progress::read(&progress.failed),
        Progress::read(&progress.waiting),
        Progress::read(&progress.tokens)
    )
}

/// Says so when answers come from the dataset.
fn source(progress: &Progress) -> &'static str {
    if Progress::read(&progress.recorded) > 0 { "recorded answers, no model is called: " } else { "" }
}
