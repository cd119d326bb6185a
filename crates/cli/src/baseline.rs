//! `assay baseline`: which run later ones are compared with. It moves only here.

use crate::arguments::{BaselineCommand, Format, SetBaseline, ShowBaseline};
use crate::error::Result;
use crate::exit::{Exit, UsageError};
use crate::{aws, output, run_of};
use assay_core::compare::{BASELINE_FORMAT, Baseline, BaselineRun, baseline_run};
use assay_core::spec::Gate;
use assay_core::summary::read_summary;
use assay_store::Place;
use assay_store::keys::{self, RunKeys};
use jiff::Timestamp;

/// Sets or shows a baseline.
pub(crate) async fn baseline(command: BaselineCommand) -> Result<Exit> {
    match command {
        BaselineCommand::Set(arguments) => set(arguments).await,
        BaselineCommand::Show(arguments) => show(arguments).await,
    }
}

async fn set(arguments: SetBaseline) -> Result<Exit> {
    let named = run_of::find(&arguments.run).await?;
    let Some(summary) = read_summary(&*named.place.store, &named.keys).await? else {
        let message = format!("the run `{}` has no summary yet; finish it with `assay run` first", arguments.run);
        return Err(UsageError(message).into());
    };
    let suite = arguments.suite.unwrap_or(summary.suite);
    if keys::suite_name(&suite) != suite {
        return Err(
            UsageError(format!("--suite `{suite}` is no suite's name; use letters, digits, `.`, `_`, `-`")).into()
        );
    }
    let home = match named.home {
        Some(home) => home,
        None => run_of::open(".").await?,
    };
    let before = Baseline::read(&*home.store, &suite).await?;
    let baseline = Baseline {
        format: BASELINE_FORMAT,
        suite,
        run: summary.run,
        place: named.address,
        set_at: Timestamp::now(),
        note: arguments.note,
    };
    baseline.set(&*home.store).await?;
    let instead = match before {
        Some(Ok(before)) if before.run != baseline.run => format!(", in place of {}", before.run),
        _ => String::new(),
    };
    let place = home.name_of(&keys::baseline(&baseline.suite));
    output::note(format!("the baseline of {} is {}{instead}; written to {place}", baseline.suite, baseline.run));
    Ok(Exit::Done)
}

async fn show(arguments: ShowBaseline) -> Result<Exit> {
    let home = run_of::open(&arguments.place).await?;
    let suite = &arguments.suite;
    let place = home.name_of(&keys::baseline(suite));
    let baseline = match Baseline::read(&*home.store, suite).await? {
        Some(Ok(baseline)) => baseline,
        Some(Err(reason)) => return Err(UsageError(format!("`{place}` cannot be used: {reason}")).into()),
        None => {
            let message = format!("`{suite}` has no baseline in {}; set one with `assay baseline set RUN`", home.name);
            return Err(UsageError(message).into());
        }
    };
    match arguments.format {
        Format::Json => output::json(&baseline)?,
        Format::Text => {
            let Baseline { suite, run, place, set_at, note, .. } = &baseline;
            output::line(format!("{suite}: {run} in {place}, set at {set_at}"))?;
            if let Some(note) = note {
                output::line(note)?;
            }
        }
    }
    Ok(Exit::Done)
}

/// What a run of `suite` begun here is compared with. A run in S3 is entered.
///
/// # Errors
/// When the baseline or its place cannot be read. Where the gate does not ask for the comparison, a place in S3 that
/// cannot be entered is no error.
pub(crate) async fn of_suite(suite: &str, gate: Option<&Gate>) -> Result<BaselineRun> {
    let is_asked = gate.is_some_and(|gate| gate.no_regression.is_some());
    in_home(&run_of::open(".").await?, suite, is_asked).await
}

/// The baseline of `suite` in `home`. One in S3 that cannot be entered is an error where it `is_asked` for.
///
/// # Errors
/// When the baseline or its place cannot be read.
pub(crate) async fn in_home(home: &Place, suite: &str, is_asked: bool) -> Result<BaselineRun> {
    if let Some(Ok(baseline)) = Baseline::read(&*home.store, suite).await?
        && Place::is_s3(&baseline.place)
    {
        return match Place::s3(&baseline.place, aws::settings().await) {
            Ok(place) => Ok(BaselineRun::Run(place, RunKeys::alone())),
            Err(error) if is_asked => Err(error.into()),
            Err(error) => Ok(BaselineRun::Unusable(error.to_string())),
        };
    }
    Ok(baseline_run(home, suite).await?)
}
