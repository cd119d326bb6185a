//! The spec that is checked, by itself or for its dataset.

use super::told::Told;
use crate::error::Result;
use crate::input;
use assay_core::spec::{RunSpec, parse_spec};

/// The spec of the file `name`, unless there is something wrong with it.
pub(super) async fn spec(name: &str, told: &mut Told) -> Result<Option<RunSpec>> {
    let text = input::text_of(name).await?.ok_or_else(|| input::no_spec(name))?;
    Ok(match parse_spec(name, &text) {
        Ok(spec) => Some(spec),
        Err(problems) => {
            problems.iter().for_each(|problem| told.tell(problem));
            None
        }
    })
}

/// The spec's file, where `name` may be that of a folder.
pub(super) fn spec_name(name: &str) -> String {
    if input::is_spec(name) { name.to_owned() } else { input::spec_of_folder(name) }
}
