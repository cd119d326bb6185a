//! `assay monitor lifecycle`: how long models live.

use crate::arguments::MonitorLifecycle;
use crate::error::Result;
use crate::exit::{Exit, UsageError};
use crate::{aws, output, run_of};
use assay_core::spec::parse_spec;
use assay_monitor::lifecycle::{Catalogue, LifeState, ModelLife, models_of};
use assay_store::{Place, StoreError, keys, read};
use jiff::Timestamp;
use object_store::path::Path;

/// Shows the lives of the models that were typed, and of those that specs name.
pub(super) async fn lifecycle(arguments: MonitorLifecycle) -> Result<Exit> {
    let settings = aws::signed_in().await.map_err(UsageError)?;
    let mut models = arguments.models;
    let mut unread = Vec::new();
    if let Some(name) = &arguments.place {
        let place = run_of::open(name).await?;
        for folder in ["probes", "datasets"] {
            of_specs(&place, Path::from(folder), &mut models, &mut unread).await?;
        }
        unread.iter().for_each(|reason| output::note(format!("error: {reason}")));
        if models.is_empty() && unread.is_empty() {
            let message = format!("no spec below `probes/` and `datasets/` in {name} names a model; give --model");
            return Err(UsageError(message).into());
        }
    }
    let lives = Catalogue::new(settings).look(models.iter().map(String::as_str), Timestamp::now()).await;
    output::print(&lives, arguments.format, || text(&lives))?;
    let unread = if unread.is_empty() { Exit::Done } else { Exit::Incomplete };
    Ok(Exit::worst(lives.iter().map(exit_of).chain([unread])))
}

fn exit_of(life: &ModelLife) -> Exit {
    match life.state {
        LifeState::Denied { .. } => Exit::Usage,
        LifeState::Unavailable { .. } => Exit::Incomplete,
        _ if life.needs_somebody() => Exit::GateFailed,
        _ => Exit::Done,
    }
}

/// Adds the models of every spec below `folder`, and what cannot be read. Folder by folder, so that a key that cannot be
/// addressed keeps only its own folder from being read.
async fn of_specs(place: &Place, folder: Path, models: &mut Vec<String>, unread: &mut Vec<String>) -> Result<()> {
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        let listed = match place.store.list_with_delimiter(Some(&folder)).await {
            Ok(listed) => listed,
            Err(error) => match StoreError::new(folder.as_ref(), error) {
                StoreError::Missing { .. } => continue,
                error @ StoreError::Denied { .. } => return Err(error.into()),
                error => {
                    unread.push(format!("`{}` cannot be listed: {error}", place.name_of(&folder)));
                    continue;
                }
            },
        };
        folders.extend(listed.common_prefixes);
        let specs = listed.objects.iter().filter(|meta| meta.location.filename() == Some(keys::SPEC_FILE));
        for meta in specs {
            let name = place.name_of(&meta.location);
            let Some(body) = read(&*place.store, &meta.location).await? else { continue };
            match parse_spec(&name, &String::from_utf8_lossy(&body)) {
                Ok(spec) => models.extend(models_of(&spec)),
                Err(problems) => unread.extend(problems.iter().map(ToString::to_string)),
            }
        }
    }
    Ok(())
}

fn text(lives: &[ModelLife]) -> String {
    let header = ["model", "foundation model", "state", "legacy since", "costs more since", "end of life", "days left"];
    let day = |at: Option<Timestamp>| at.map_or("-".to_owned(), |at| at.strftime("%Y-%m-%d").to_string());
    let rows = lives.iter().map(|life| {
        let state = match &life.state {
            LifeState::Active => "active".to_owned(),
            LifeState::Legacy => "Legacy".to_owned(),
            LifeState::Unclear { said } => format!("unclear: {said}"),
            LifeState::Missing { said } => format!("MISSING: {said}"),
            LifeState::WithoutLife { what } => format!("{what}: no end is announced for such"),
            LifeState::Denied { said } => format!("denied: {said}"),
            LifeState::Unavailable { said } => format!("unavailable: {said}"),
        };
        let left = match life.days_left {
            Some(_) if life.has_ended() => "ENDED".to_owned(),
            Some(days) => format!("{days:.0}"),
            None => "-".to_owned(),
        };
        let behind = life.foundation_model.clone().unwrap_or_else(|| "-".to_owned());
        let moments = [life.legacy_since, life.extended_access_since, life.end_of_life].map(day);
        [vec![life.model.clone(), behind, state], moments.to_vec(), vec![left]].concat()
    });
    format!("{}\n", output::table(&header, rows, output::width(240)))
}
