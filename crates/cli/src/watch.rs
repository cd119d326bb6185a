//! `assay watch`: a folder as the bucket.

use crate::arguments::Watch;
use crate::error::{Result, ToolError};
use crate::exit::{Exit, UsageError};
use crate::interrupt::stop_at_interrupt;
use crate::run::{watched, write_up};
use crate::{aws, output};
use assay_core::collect::Stop;
use assay_core::run::Outcome;
use assay_core::run::dropped::{Dropped, Surroundings, prepare};
use assay_core::spec::DEFAULT_APPLICATION;
use assay_core::summary::read_summary;
use assay_model::pricing::Prices;
use assay_store::{Place, keys};
use futures::TryStreamExt;
use object_store::path::Path;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// How often the folder is looked at. A file is taken once it has not changed from one look to the next.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause before a dataset that met an error is tried again.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What came of a dataset in one state.
struct Taken {
    state: String,
    exit: Exit,
    again: Option<Again>,
}

/// When a dataset that met an error is tried again. What was wrong may be mended without a change of the file.
struct Again {
    at: Instant,
    pause: Duration,
    said: String,
}

/// Evaluates what is dropped until Ctrl-C, or what is there with `--once`.
pub(crate) async fn watch(arguments: Watch) -> Result<Exit> {
    let name = arguments.folder.to_string_lossy();
    if Place::is_s3(&name) {
        let message = format!("`{name}` is no folder; the deployed function watches buckets, so name a folder here");
        return Err(UsageError(message).into());
    }
    let place = Place::folder(&arguments.folder)?;
    std::fs::create_dir_all(arguments.folder.join(keys::DATASETS))?;
    let around = Surroundings {
        place: place.clone(),
        model_ids: arguments.models.clone(),
        application: DEFAULT_APPLICATION.to_owned(),
        concurrency: usize::from(arguments.concurrency),
        prices: Prices::default(),
        models: aws::models(),
        holder: format!("process {}", std::process::id()),
    };
    let stop = Stop::default();
    let _interrupt = stop_at_interrupt(&stop);
    if !arguments.once {
        output::note(format!("watching {}/{}; Ctrl-C ends", place.name, keys::DATASETS));
    }
    let mut seen = BTreeMap::new();
    let mut taken: HashMap<String, Taken> = HashMap::new();
    loop {
        let now = look(&place).await?;
        for (key, state) in &now {
            if stop.asking.is_cancelled() {
                break;
            }
            let settled = arguments.once || seen.get(key) == Some(state);
            let before = taken.get(key).filter(|taken| taken.state == *state);
            if settled && before.is_none_or(Taken::is_due) {
                let next = take(key, state, before, &around, &stop, &arguments).await;
                taken.insert(key.clone(), next);
            }
        }
        let left = now.keys().filter(|key| !taken.contains_key(*key)).count();
        seen = now;
        if arguments.once && left > 0 {
            output::note(format!("{left} datasets are left; the same command goes on with them"));
            return Ok(Exit::Incomplete);
        }
        if arguments.once || stop.asking.is_cancelled() {
            return Ok(Exit::worst(taken.values().map(|taken| taken.exit)));
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.asking.cancelled() => {}
        }
    }
}

impl Taken {
    fn is_due(&self) -> bool {
        self.again.as_ref().is_some_and(|again| again.at <= Instant::now())
    }
}

/// Evaluates one dataset. An error is told once, however often it comes again.
async fn take(
    key: &str,
    state: &str,
    before: Option<&Taken>,
    around: &Surroundings,
    stop: &Stop,
    arguments: &Watch,
) -> Taken {
    let (exit, again) = match evaluate(key, around, stop, arguments).await {
        Ok(exit) => (exit, None),
        Err(error) => {
            let before = before.and_then(|before| before.again.as_ref());
            let said = format!("error: {key}: {error}");
            if before.is_none_or(|before| before.said != said) {
                output::note(&said);
            }
            let pause = before.map_or(PAUSE, |before| before.pause * 2).min(LONGEST_PAUSE);
            (Exit::of(&error), Some(Again { at: Instant::now() + pause, pause, said }))
        }
    };
    Taken { state: state.to_owned(), exit, again }
}

/// Every dataset in the folder, with what tells its state.
async fn look(place: &Place) -> Result<BTreeMap<String, String>> {
    let found = place.store.list(Some(&Path::from(keys::DATASETS.trim_end_matches('/'))));
    let found: Vec<_> = found.try_collect().await.map_err(ToolError::unsorted)?;
    let datasets = found.into_iter().filter(|meta| keys::is_dataset(meta.location.as_ref()));
    Ok(datasets.map(|meta| (meta.location.to_string(), meta.e_tag.unwrap_or_default())).collect())
}

async fn evaluate(key: &str, around: &Surroundings, stop: &Stop, arguments: &Watch) -> Result<Exit> {
    let dropped = Dropped { bucket: "local".to_owned(), key: key.to_owned(), ..Dropped::default() };
    let Some(run) = prepare(&dropped, around).await? else { return Ok(Exit::Done) };
    let execution = &run.execution;
    let say = |text: &str| output::note(format!("{key}: {text}"));
    if !execution.spec.jobs.is_empty() {
        say("managed jobs are not started for a folder; the deployed function and `assay job start` do");
    }
    if !execution.spec.online && execution.problems.errors == 0 {
        return Ok(Exit::Done);
    }
    match watched(&run, stop).await? {
        Outcome::Finished(finished) => {
            write_up(&finished, &execution.place, &execution.keys).await?;
            say(&format!("written to {}", around.place.name_of(execution.keys.root())));
            output::summary(&finished.summary, arguments.format)?;
            Ok(Exit::of_run(&finished.summary, execution.spec.failure_limit))
        }
        Outcome::Incomplete { answered, total, reasons } => {
            reasons.iter().for_each(|reason| say(reason));
            say(&format!("saved {answered} of {total} answers; watching again goes on from there"));
            Ok(Exit::Incomplete)
        }
        Outcome::Busy => {
            say("another process works on it");
            Ok(Exit::Incomplete)
        }
        Outcome::Done => {
            let summary = read_summary(&*execution.place.store, &execution.keys).await?;
            let summary =
                summary.ok_or_else(|| ToolError::unexpected("the run is marked as done, but its summary is gone"))?;
            let exit = Exit::of_run(&summary, execution.spec.failure_limit);
            if exit != Exit::Done {
                say(&format!("evaluated already; see {}", around.place.name_of(execution.keys.root())));
            }
            Ok(exit)
        }
    }
}
