//! A dataset that lies somewhere, and what comes of it.

use assay_core::dataset::Dataset;
use assay_core::spec::{JobKind, JobSpec, RunSpec};
use assay_job::input::{JobSurvey, PartKeys, WrittenParts, survey_for_job, write_parts};
use assay_store::{Place, read};
use object_store::ObjectStoreExt;
use object_store::memory::InMemory;
use object_store::path::Path;
use std::sync::Arc;

/// A dataset, the place of its parts, and what they are for.
pub(crate) struct Dropped {
    pub dataset: Dataset,
    pub place: Place,
    pub spec: RunSpec,
    pub job: JobSpec,
}

pub(crate) fn job(kind: JobKind, metrics: &[&str]) -> JobSpec {
    JobSpec { metrics: metrics.iter().map(|metric| (*metric).to_owned()).collect(), ..JobSpec::new(kind) }
}

pub(crate) fn memory() -> Place {
    Place { store: Arc::new(InMemory::new()), folder: None, name: "memory".to_owned() }
}

/// The keys of a part; the number stands in them.
pub(crate) fn keys(part: u32) -> PartKeys {
    PartKeys {
        input: Path::from(format!("job-input/part-{part}.jsonl")),
        samples: Path::from(format!("job-input/part-{part}.samples.jsonl")),
    }
}

impl Dropped {
    pub(crate) async fn new(job: JobSpec, body: impl Into<Vec<u8>>) -> Self {
        Self::into(memory(), job, body).await
    }

    pub(crate) async fn into(place: Place, job: JobSpec, body: impl Into<Vec<u8>>) -> Self {
        let path = Path::from("cases.jsonl");
        place.store.put(&path, body.into().into()).await.unwrap();
        let store = Arc::clone(&place.store);
        let dataset = Dataset { store, path, version: None, place: "cases.jsonl".to_owned() };
        Self { dataset, place, spec: RunSpec::default(), job }
    }

    pub(crate) fn with_prompt(mut self, template: &str) -> Self {
        self.spec.prompt = template.to_owned();
        self
    }

    /// The survey, and what was told on the way.
    pub(crate) async fn survey(&self) -> (JobSurvey, Vec<String>) {
        let mut told = Vec::new();
        let survey = survey_for_job(&self.dataset, &self.spec, &self.job, |problem| told.push(problem.to_string()));
        let survey = survey.await.unwrap();
        assert_eq!(survey.problems.errors + survey.problems.warnings, told.len() as u64);
        (survey, told)
    }

    pub(crate) async fn write(&self) -> WrittenParts {
        write_parts(&self.dataset, &self.spec, &self.job, &self.place, keys).await.unwrap()
    }

    pub(crate) async fn text(&self, path: &Path) -> String {
        let body = read(&*self.place.store, path).await.unwrap().unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    /// The only part that the job reads.
    pub(crate) async fn input(&self) -> String {
        assert_eq!(self.write().await.parts, 1);
        self.text(&keys(0).input).await
    }
}

/// That exactly this was told, each beginning with its place and containing its remedy.
#[track_caller]
pub(crate) fn assert_told(told: &[String], expected: &[(&str, &str)]) {
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, (beginning, remedy)) in told.iter().zip(expected) {
        assert!(told.starts_with(beginning) && told.contains(remedy), "{beginning} … {remedy} is not {told}");
    }
}
