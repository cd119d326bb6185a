//! `assay check`: every problem of a dataset, a spec or a suite.

use crate::arguments::{Check, Format};
use crate::exit::Exit;
use crate::input::{self, Input};
use anyhow::Result;
use assay_core::dataset::{Survey, survey};
use assay_core::problem::{Problem, Severity};
use assay_core::run::{RunSpec, parse_spec};
use assay_report::{clean, clean_json};
use std::io::Write;

/// Tells the problems. The exit code is 2 when there is an error among them.
pub async fn check(arguments: Check) -> Result<Exit> {
    let mut told = Told { format: arguments.format, errors: 0, warnings: 0, failed: None };
    let name = arguments.file.as_str();
    let mut survey = None;
    if name.ends_with(".jsonl") {
        survey = Some(dataset(name, &mut told).await?);
    } else {
        let spec_name = if input::is_spec(name) { name.to_owned() } else { input::spec_of_folder(name) };
        let spec = spec(&spec_name, &mut told).await?;
        if !input::is_spec(name)
            && let Some(dataset_name) = spec.and_then(|spec| spec.dataset)
        {
            survey = Some(dataset(&input::beside(name, &dataset_name), &mut told).await?);
        }
    }
    told.finish(survey.as_ref())?;
    Ok(if told.errors == 0 { Exit::Done } else { Exit::Usage })
}

async fn dataset(name: &str, told: &mut Told) -> Result<Survey> {
    let input = Input::open(name).await?;
    input.meta().await?;
    Ok(survey(&input.dataset(), None, |problem| told.tell(problem)).await?)
}

async fn spec(name: &str, told: &mut Told) -> Result<Option<RunSpec>> {
    let text = input::text_of(name).await?.ok_or_else(|| input::no_spec(name))?;
    Ok(match parse_spec(name, &text) {
        Ok(spec) => Some(spec),
        Err(problems) => {
            problems.iter().for_each(|problem| told.tell(problem));
            None
        }
    })
}

/// How the JSON document begins.
const BEGINNING: &str = "{\"problems\":[";

/// Problems, printed as they are found.
struct Told {
    format: Format,
    errors: u64,
    warnings: u64,
    failed: Option<std::io::Error>,
}

impl Told {
    fn tell(&mut self, problem: &Problem) {
        let first = self.errors + self.warnings == 0;
        match problem.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        let mut out = std::io::stdout().lock();
        let written = match self.format {
            Format::Text => writeln!(out, "{}", clean(&problem.to_string())),
            Format::Json => {
                // The document begins with its first problem: a file that cannot be read leaves none half written.
                let before = if first { BEGINNING } else { "," };
                let json = serde_json::to_string(problem).map_err(Into::into);
                json.and_then(|json| write!(out, "{before}{}", clean_json(&json)))
            }
        };
        if let Err(error) = written {
            self.failed.get_or_insert(error);
        }
    }

    fn finish(&mut self, survey: Option<&Survey>) -> Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(error.into());
        }
        let (errors, warnings) = (self.errors, self.warnings);
        let (samples, recorded) = survey.map_or((0, 0), |survey| (survey.samples, survey.recorded_samples));
        match self.format {
            Format::Json => {
                let before = if errors + warnings == 0 { BEGINNING } else { "" };
                writeln!(
                    std::io::stdout(),
                    "{before}],\"errors\":{errors},\"warnings\":{warnings},\"samples\":{samples},\"recorded\":{recorded}}}"
                )?;
            }
            Format::Text => {
                if survey.is_some() {
                    eprint!("{samples} samples can be used, {recorded} of them with recorded answers; ");
                }
                eprintln!("{errors} errors, {warnings} warnings");
            }
        }
        Ok(())
    }
}
