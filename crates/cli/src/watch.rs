//! `assay watch`: a folder as the bucket.

use crate::arguments::Watch;
use crate::aws;
use crate::exit::Exit;
use crate::interrupt::stop_at_interrupt;
use crate::run::{print, watched, write_up};
use anyhow::Result;
use assay_core::report::clean;
use assay_core::run::dropped::{Dropped, Surroundings, prepare};
use assay_core::run::{Outcome, Stop};
use assay_core::settings::DEFAULT_APPLICATION;
use assay_core::store::{Place, keys};
use futures::TryStreamExt;
use object_store::path::Path;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// How often the folder is looked at. A file is taken once it has not changed from one look to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// Evaluates what is dropped until Ctrl-C, or what is there with `--once`.
pub async fn watch(arguments: Watch) -> Result<Exit> {
    let place = Place::folder(&arguments.folder)?;
    std::fs::create_dir_all(arguments.folder.join(keys::DATASETS))?;
    let around = Surroundings {
        place: place.clone(),
        model_ids: arguments.models.clone(),
        application: DEFAULT_APPLICATION.to_owned(),
        concurrency: usize::from(arguments.concurrency),
        models: aws::models(),
        holder: format!("process {}", std::process::id()),
    };
    let stop = Stop::default();
    let _interrupt = stop_at_interrupt(&stop);
    if !arguments.once {
        eprintln!("watching {}/{}; Ctrl-C ends", place.name, keys::DATASETS);
    }
    let (mut seen, mut taken) = (HashMap::new(), HashSet::new());
    let mut exit = Exit::Done;
    loop {
        let now = look(&place).await?;
        for (key, state) in &now {
            let settled = arguments.once || seen.get(key) == Some(state);
            if !settled || !taken.insert((key.clone(), state.clone())) {
                continue;
            }
            match evaluate(key, &around, &stop, &arguments).await {
                Ok(Exit::Done) => {}
                Ok(other) => exit = other,
                Err(error) => {
                    eprintln!("{}", clean(&format!("error: {key}: {error:#}")));
                    exit = Exit::Unexpected;
                }
            }
        }
        seen = now;
        if arguments.once || stop.asking.is_cancelled() {
            return Ok(exit);
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.asking.cancelled() => return Ok(exit),
        }
    }
}

/// Every dataset in the folder, with what tells its state.
async fn look(place: &Place) -> Result<HashMap<String, String>> {
    let found = place.store.list(Some(&Path::from(keys::DATASETS.trim_end_matches('/'))));
    let found: Vec<_> = found.try_collect().await?;
    let datasets = found.into_iter().filter(|meta| keys::is_dataset(meta.location.as_ref()));
    Ok(datasets.map(|meta| (meta.location.to_string(), meta.e_tag.unwrap_or_default())).collect())
}

async fn evaluate(key: &str, around: &Surroundings, stop: &Stop, arguments: &Watch) -> Result<Exit> {
    let dropped = Dropped { bucket: "local".to_owned(), key: key.to_owned(), ..Dropped::default() };
    let Some(execution) = prepare(&dropped, around).await? else { return Ok(Exit::Done) };
    let key = clean(key);
    match watched(&execution, stop).await? {
        Outcome::Finished(finished) => {
            write_up(&finished, &execution).await?;
            eprintln!("{key}: written to {}", around.place.name_of(execution.keys.root()));
            print(&finished.summary, arguments.format)?;
            Ok(Exit::of_run(&finished.summary, execution.spec.failure_limit))
        }
        Outcome::Incomplete { answered, total } => {
            eprintln!("{key}: saved {answered} of {total} answers; watching again goes on from there");
            Ok(Exit::Incomplete)
        }
        Outcome::Busy => {
            eprintln!("{key}: another process works on it");
            Ok(Exit::Incomplete)
        }
        Outcome::Done => Ok(Exit::Done),
    }
}
