//! Problems as they are printed, and the counts after them.

use crate::arguments::Format;
use crate::error::Result;
use crate::output;
use assay_core::dataset::Survey;
use assay_problem::{Problem, Severity};
use serde::Serialize;

/// How the JSON document begins.
const BEGINNING: &str = "{\"problems\":[";

/// What was checked, in numbers.
pub(super) enum Counts {
    /// A dataset, where there is one to check.
    Dataset(Option<Survey>),
    /// The jobs that a dataset is for.
    Jobs(Vec<JobCount>),
}

/// What a dataset gives one managed job.
#[derive(Serialize)]
pub(super) struct JobCount {
    /// The job's name in the spec; of a job that no spec has, its kind.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// Lines that go into it.
    pub samples: u64,
    /// Lines that cannot.
    pub bad_lines: u64,
    /// How many jobs of at most 1,000 prompts it takes for each model that answers.
    pub jobs: u32,
    /// How many models answer in jobs of their own.
    pub models: usize,
    /// Whether its datasets are those of the service, of which nothing is known.
    pub is_built_in: bool,
}

/// Problems, printed as they are found.
pub(super) struct Told {
    format: Format,
    errors: u64,
    warnings: u64,
    failed: Option<std::io::Error>,
}

impl Told {
    /// None so far.
    pub(super) fn new(format: Format) -> Self {
        Self { format, errors: 0, warnings: 0, failed: None }
    }

    /// Whether there was an error.
    pub(super) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Prints a problem.
    pub(super) fn tell(&mut self, problem: &Problem) {
        let first = self.errors + self.warnings == 0;
        match problem.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        let written = match self.format {
            Format::Text => output::line(problem),
            Format::Json => {
                // The document begins with its first problem: a file that cannot be read leaves none half written.
                let before = if first { BEGINNING } else { "," };
                let json = serde_json::to_string(problem).map_err(Into::into);
                json.and_then(|json| output::json_text(&format!("{before}{json}")))
            }
        };
        if let Err(error) = written {
            self.failed.get_or_insert(error);
        }
    }

    /// Prints the counts.
    ///
    /// # Errors
    /// When nobody takes what is printed.
    pub(super) fn finish(self, counts: &Counts) -> Result<()> {
        if let Some(error) = self.failed {
            return Err(error.into());
        }
        let (errors, warnings) = (self.errors, self.warnings);
        match self.format {
            Format::Json => {
                let before = if errors + warnings == 0 { BEGINNING } else { "" };
                let counted = match counts {
                    Counts::Dataset(survey) => {
                        let (samples, recorded) =
                            survey.as_ref().map_or((0, 0), |survey| (survey.samples, survey.recorded_samples));
                        format!("\"samples\":{samples},\"recorded\":{recorded}")
                    }
                    Counts::Jobs(jobs) => format!("\"jobs\":{}", serde_json::to_string(jobs)?),
                };
                let end = format!("{before}],\"errors\":{errors},\"warnings\":{warnings},{counted}}}\n");
                output::json_text(&end)?;
            }
            Format::Text => {
                let mut usable = String::new();
                match counts {
                    Counts::Dataset(None) => {}
                    Counts::Dataset(Some(survey)) => {
                        let (samples, recorded) = (survey.samples, survey.recorded_samples);
                        usable = format!("{samples} samples can be used, {recorded} of them with recorded answers; ");
                    }
                    Counts::Jobs(jobs) => jobs.iter().for_each(|job| output::note(job.text())),
                }
                output::note(format!("{usable}{errors} errors, {warnings} warnings"));
            }
        }
        Ok(())
    }
}

impl JobCount {
    fn text(&self) -> String {
        let Self { name, kind, samples, bad_lines, jobs, .. } = self;
        if self.is_built_in {
            return format!("job `{name}` ({kind}): its datasets are those of the service");
        }
        let each = if self.models > 1 { format!(" for each of {} models", self.models) } else { String::new() };
        let plural = if *jobs == 1 { "job" } else { "jobs" };
        format!(
            "job `{name}` ({kind}): {samples} lines can be used, {bad_lines} cannot; \
             it takes {jobs} {plural} of at most 1,000 prompts{each}"
        )
    }
}
