//! `assay report`: the reports of a finished run, made again from its records and its summary.

use crate::arguments::Report;
use crate::exit::{Exit, UsageError};
use crate::{aws, baseline, output, run_of};
use anyhow::{Context, Result};
use assay_core::compare::{Comparison, compare_finished};
use assay_core::publish::history::read_history;
use assay_core::summary::{Summary, read_summary};
use assay_model::pricing::Prices;
use assay_report::{Published, ReportError, RunReports, markdown_compared, publish};
use assay_store::keys::RunKeys;
use assay_store::{Place, overwrite};
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Writes the files that were named; all into the run's folder where none was. Prints the summary, unless standard
/// output is one of the files.
pub(crate) async fn report(arguments: Report) -> Result<Exit> {
    let (place, keys) = run_at(&arguments.run).await?;
    let summary = read_summary(&*place.store, &keys).await?;
    let summary = summary.ok_or_else(|| {
        UsageError(format!("`{}` holds no summary.json; name the folder of a finished run", arguments.run))
    })?;
    let files = [&arguments.html, &arguments.junit, &arguments.markdown, &arguments.csv];
    let to_output = files.iter().filter(|file| file.as_deref() == Some("-")).count();
    if to_output > 1 {
        return Err(UsageError("only one of the reports can go to standard output".to_owned()).into());
    }
    let comparisons = compared(&place, &keys, &summary).await?;
    if files.iter().all(|file| file.is_none()) {
        overwrite(&*place.store, &keys.summary_markdown(), markdown_compared(&summary, &comparisons)).await?;
        let published = publish(&place, &keys, &summary, &comparisons).await.map_err(told)?;
        tell(&place, &published);
    } else {
        let reports = RunReports::open(&place, &keys, &summary).await.map_err(told)?;
        if let Some(name) = &arguments.html {
            let history = if keys.is_alone() { Vec::new() } else { read_history(&place, &summary.suite).await? };
            write(name, &reports.html(&comparisons, &history).await.map_err(told)?).await?;
        }
        if let Some(name) = &arguments.markdown {
            write(name, &markdown_compared(&summary, &comparisons)).await?;
        }
        if let Some(name) = &arguments.junit {
            let mut file = output::open(Some(name)).await?;
            reports.junit(&mut *file).await.map_err(told)?;
            finish(name, file).await?;
        }
        if let Some(name) = &arguments.csv {
            let mut file = output::open(Some(name)).await?;
            reports.csv(&mut *file, &Prices::default()).await.map_err(told)?;
            finish(name, file).await?;
        }
    }
    if to_output == 0 {
        output::summary(&summary, arguments.format)?;
    }
    Ok(Exit::Done)
}

/// Each model of the run against the baseline of its suite as it stands now, where there is one; then the first model of
/// the run against each other one. The baseline of a run that is alone in its folder lies here.
async fn compared(place: &Place, keys: &RunKeys, summary: &Summary) -> Result<Vec<Comparison>> {
    let home = if keys.is_alone() { run_of::open(".").await? } else { place.clone() };
    let baseline = baseline::in_home(&home, &summary.suite, false).await?;
    let found = compare_finished((place, keys), &baseline, summary.models.len(), false).await?;
    if let Some(broken) = found.regression.broken {
        output::note(format!("nothing is compared: {broken}"));
    }
    Ok(found.comparisons)
}

/// Says where the reports are.
pub(crate) fn tell(place: &Place, published: &Published) {
    output::note(format!("report {}", place.name_of(&published.report)));
    if let Some(index) = &published.index {
        output::note(format!("suite  {}", place.name_of(index)));
    }
}

/// The run in the folder `name`. Of a run in `runs/<suite>/<run>` the place is what holds `runs`, so that its suite is
/// found beside.
async fn run_at(name: &str) -> Result<(Place, RunKeys)> {
    let name = name.trim_end_matches('/');
    let found = match Place::is_s3(name) {
        true => (open(name).await?, RunKeys::alone()),
        false => {
            if !std::path::Path::new(name).is_dir() {
                return Err(UsageError(format!("`{name}` is no folder; name that of a finished run")).into());
            }
            (Place::folder(name)?, RunKeys::alone())
        }
    };
    let whole = match &found.0.folder {
        Some(folder) => folder.display().to_string(),
        None => name.to_owned(),
    };
    let parts: Vec<&str> = whole.rsplitn(4, '/').collect();
    let &[run, suite, "runs", root] = parts.as_slice() else { return Ok(found) };
    // A name as it was typed where it leads there too.
    let typed = name.strip_suffix(&format!("/runs/{suite}/{run}"));
    let here = (name == format!("runs/{suite}/{run}")).then_some(".");
    let root = typed.or(here).filter(|typed| !typed.is_empty()).unwrap_or(if root.is_empty() { "/" } else { root });
    if Place::is_s3(name) && root == "s3:/" {
        return Ok(found);
    }
    Ok((open(root).await?, RunKeys::new(suite, run)))
}

async fn open(name: &str) -> Result<Place> {
    Ok(if Place::is_s3(name) { Place::s3(name, aws::settings().await)? } else { Place::folder(name)? })
}

async fn write(name: &str, text: &str) -> Result<()> {
    let mut file = output::open(Some(name)).await?;
    let written = file.write_all(text.as_bytes()).await;
    written.map_err(|error| output::unwritten(error, name))?;
    finish(name, file).await
}

async fn finish(name: &str, mut file: Box<dyn AsyncWrite + Send + Unpin>) -> Result<()> {
    let done = file.shutdown().await.map_err(|error| output::unwritten(error, name));
    done.with_context(|| format!("failed to write `{name}`"))
}

/// A store's error by itself, as exit codes are told by it.
fn told(error: ReportError) -> anyhow::Error {
    match error {
        ReportError::Run(error) => error.into(),
        ReportError::Store(error) => error.into(),
        ReportError::Output(error) => output::unwritten(error, "the report").context("failed to write the report"),
    }
}
