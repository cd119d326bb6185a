//! `assay check`: every problem of a dataset, a spec or a suite.
//!
//! What managed jobs take is checked in `for_job`; how problems are printed is in `told`.

mod for_job;
mod spec;
mod told;

use self::spec::{spec, spec_name};
use self::told::{Counts, Told};
use crate::arguments::Check;
use crate::error::Result;
use crate::exit::Exit;
use crate::input::{self, Input};
use assay_core::dataset::{Survey, survey};

/// Tells the problems. The exit code is 2 when there is an error among them.
pub(crate) async fn check(arguments: Check) -> Result<Exit> {
    let mut told = Told::new(arguments.format);
    let name = arguments.file.as_str();
    let counts = match arguments.for_job {
        Some(kind) => for_job::check(name, kind.map(Into::into), &mut told).await?,
        None => Counts::Dataset(plain(name, &mut told).await?),
    };
    let has_errors = told.has_errors();
    told.finish(&counts)?;
    Ok(if has_errors { Exit::Usage } else { Exit::Done })
}

/// Checks what `name` names; of a folder, the spec and the dataset.
async fn plain(name: &str, told: &mut Told) -> Result<Option<Survey>> {
    if name.ends_with(".jsonl") {
        return dataset(name, told).await.map(Some);
    }
    let spec = spec(&spec_name(name), told).await?;
    match spec.and_then(|spec| spec.dataset).filter(|_| !input::is_spec(name)) {
        Some(dataset_name) => dataset(&input::beside(name, &dataset_name), told).await.map(Some),
        None => Ok(None),
    }
}

async fn dataset(name: &str, told: &mut Told) -> Result<Survey> {
    let input = Input::open(name).await?;
    input.meta().await?;
    Ok(survey(&input.dataset(), None, |problem| told.tell(problem)).await?)
}
