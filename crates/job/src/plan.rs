//! From a suite's spec to the jobs of one run: their names, models and places.
//!
//! Reading the dataset is left to `input`, asking the service to `start`.

use crate::context::JobContext;
use crate::input::{JobSurvey, PartKeys};
use crate::model_identifier::{Account, evaluator, generator};
use crate::name::job_name;
use crate::request::{JobRequest, RequestedDataset, RequestedModel};
use assay_core::spec::{
    DatasetIdentity, Execution, JobKind, JobSpec, ModelSpec, RunError, RunSpec, SpecFile, spec_digest,
};
use assay_problem::Problem;
use assay_store::Place;
use assay_store::keys::{JOB_INPUT, JOB_OUTPUT, RunKeys};
use object_store::path::Path;
use std::collections::BTreeMap;

/// A run whose answers and scores come from managed jobs.
#[derive(Debug, Clone)]
pub struct JobRun {
    /// Its id. The same dataset, spec and job give the same id.
    pub run: String,
    /// Its suite.
    pub suite: String,
    /// The application that the suite belongs to.
    pub application: String,
    /// The suite's spec.
    pub spec: RunSpec,
    /// The job.
    pub job: JobSpec,
    /// What is evaluated.
    pub dataset: DatasetIdentity,
}

/// What the service would refuse of one job.
struct Refusals {
    place: String,
    problems: Vec<Problem>,
}

impl Refusals {
    fn add(&mut self, field: &str, message: String, remedy: &str) {
        self.problems.push(Problem::error(&self.place, message).in_field(field).remedy(remedy));
    }
}

/// One job of a run, with where its input lies.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedJob {
    /// What the service is asked.
    pub request: JobRequest,
    /// Which part of the dataset it gets, from 0; none for datasets of the service.
    pub part: Option<u32>,
}

impl JobRun {
    /// The run of `job` over a dataset. `stamp` is when the dataset was written, or whatever else tells this time from
    /// others, as at the beginning of a run's id.
    pub fn of(
        stamp: &str,
        dataset: &DatasetIdentity,
        (suite, application): (&str, &str),
        spec: &RunSpec,
        job: &JobSpec,
    ) -> Self {
        // Another job is another run. A struct serialises its fields in one order, so equal jobs give equal text.
        let text = serde_json::to_string(job).unwrap_or_default();
        let state = format!("{}, job {text}", dataset.state.as_deref().unwrap_or_default());
        let asked = DatasetIdentity { state: Some(state), ..dataset.clone() };
        let own = job.datasets.is_empty().then(|| dataset.clone());
        Self {
            run: format!("{stamp}-{}", spec_digest(&asked, spec)),
            suite: suite.to_owned(),
            application: application.to_owned(),
            spec: spec.clone(),
            job: job.clone(),
            dataset: own.unwrap_or_else(|| DatasetIdentity {
                bucket: "bedrock".to_owned(),
                key: job.datasets.join(","),
                state: None,
            }),
        }
    }

    /// The run of `job` beside the one of `execution`.
    pub fn beside(execution: &Execution, job: &JobSpec) -> Self {
        let stamp = execution.run.split('-').next().unwrap_or_default();
        let suite = (execution.suite.as_str(), execution.application.as_str());
        Self::of(stamp, &execution.identity, suite, &execution.spec, job)
    }

    /// Where the run lies.
    pub fn keys(&self) -> RunKeys {
        RunKeys::new(&self.suite, &self.run)
    }

    /// Writes `spec.json` into the run's folder, unless it is there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn write_spec(&self, place: &Place) -> Result<(), RunError> {
        let Self { run, suite, application, spec, job, dataset } = self;
        let file = SpecFile { run, suite, application, dataset, limit: None, spec, job: Some(job) };
        file.write(place, &self.keys()).await
    }

    /// The name of its first job.
    pub fn first_job(&self) -> String {
        job_name(&self.suite, &self.run, 0)
    }

    /// Where the part `part` of its dataset lies, from 0.
    pub fn part(&self, part: u32) -> PartKeys {
        let folder = Path::from_iter([JOB_INPUT.trim_end_matches('/'), &self.suite, &self.run]);
        PartKeys {
            input: folder.clone().join(format!("part-{:02}.jsonl", part + 1)),
            samples: folder.join(format!("part-{:02}.samples.jsonl", part + 1)),
        }
    }

    /// The models that answer: the job's, else the suite's.
    fn models(&self) -> &[ModelSpec] {
        if self.job.models.is_empty() { &self.spec.models } else { &self.job.models }
    }

    /// Its jobs, one for each model and part; people are shown both models in one.
    ///
    /// # Errors
    /// Everything that the service would refuse.
    pub fn jobs(&self, survey: &JobSurvey, context: &JobContext) -> Result<Vec<PlannedJob>, Vec<Problem>> {
        let mut refusals = Refusals { place: format!("jobs[{}]", self.job.name()), problems: Vec::new() };
        let role = self.job.role.clone().or_else(|| context.role.clone()).unwrap_or_default();
        let account = account(&role, &context.region, &mut refusals);
        let models = self.requested_models(&account, &mut refusals);
        let judge = self.job.evaluator.as_deref().and_then(|id| {
            let judge = evaluator(id, &account);
            judge.map_err(|refused| refusals.add("evaluator", refused.message, &refused.remedy)).ok()
        });
        self.check_models(models.len(), &mut refusals);
        let output = format!("s3://{}/{JOB_OUTPUT}{}/", context.bucket, self.suite);
        if !crate::s3_uri::is_accepted(&output) {
            let message = format!("the service takes no output place `{output}`");
            refusals.add("suite", message, "rename the suite or the bucket");
        }
        if !refusals.problems.is_empty() {
            return Err(refusals.problems);
        }
        let groups: Vec<Vec<RequestedModel>> = match (self.job.kind, models.len()) {
            (JobKind::Human, _) | (_, 0) => vec![models],
            _ => models.into_iter().map(|model| vec![model]).collect(),
        };
        let parts: Vec<Option<u32>> = match self.job.datasets.is_empty() {
            true => (0..survey.parts).map(Some).collect(),
            false => vec![None],
        };
        let members = groups.iter().flat_map(|models| parts.iter().map(move |part| (models, *part)));
        let planned = members.enumerate().map(|(member, (models, part))| PlannedJob {
            request: JobRequest {
                name: job_name(&self.suite, &self.run, member),
                role: role.clone(),
                region: context.region.clone(),
                spec: self.job.clone(),
                models: models.clone(),
                sources: survey.sources.clone(),
                evaluator: judge.clone(),
                datasets: self.datasets(part, survey.parts, &context.bucket),
                output: output.clone(),
                tags: self.tags(),
            },
            part,
        });
        Ok(planned.collect())
    }

    /// Whether models respond in the job: they do not where responses are recorded or nothing is generated.
    fn calls_models(&self) -> bool {
        let only_retrieves = self.job.kind == JobKind::Rag && self.job.retrieve_only;
        !self.job.recorded && !only_retrieves
    }

    /// The models that respond, as the service names them.
    fn requested_models(&self, account: &Account, refusals: &mut Refusals) -> Vec<RequestedModel> {
        let mut models = Vec::new();
        for model in self.models().iter().filter(|_| self.calls_models()) {
            match generator(&model.id, account) {
                Ok(identifier) => models.push(RequestedModel {
                    id: model.id.clone(),
                    identifier,
                    inference: model.inference.clone(),
                    additional_model_request_fields: model.additional_model_request_fields.clone(),
                }),
                Err(refused) => refusals.add("models", refused.message, &refused.remedy),
            }
        }
        models
    }

    /// Checks that the job can have `count` models.
    fn check_models(&self, count: usize, refusals: &mut Refusals) {
        if self.calls_models() && self.models().is_empty() {
            let remedy = "name `models` in the job or in the suite";
            refusals.add("models", "there is no model to ask".to_owned(), remedy);
        }
        if self.job.kind == JobKind::Human && count > 2 {
            let message = format!("people compare two models at most, not {count}");
            refusals.add("models", message, "name one or two `models` in the job");
        }
        // The suite's own models are checked with the spec; here the stack's may stand in for them.
        if self.job.kind == JobKind::Human && count == 1 && self.job.compares() {
            let message = "people compare two answers, and there is one model".to_owned();
            refusals.add("models", message, "name two `models` in the job, or take the ratings that compare out");
        }
        if self.job.kind == JobKind::Rag && count > 1 {
            let message = format!("a RAG job has one model that answers, not {count}");
            refusals.add("models", message, "name one of `models` in the job");
        }
    }

    fn datasets(&self, part: Option<u32>, parts: u32, bucket: &str) -> Vec<RequestedDataset> {
        let Some(part) = part else {
            let named = self.job.datasets.iter();
            return named.map(|name| RequestedDataset { name: name.clone(), uri: None }).collect();
        };
        let file = self.dataset.key.rsplit('/').next().unwrap_or_default();
        let stem = file.strip_suffix(".jsonl").unwrap_or(file);
        let safe = stem.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' });
        let mut name: String = safe.take(50).collect();
        if name.is_empty() {
            name.push_str("dataset");
        }
        if parts > 1 {
            name.push_str(&format!("-{}of{parts}", part + 1));
        }
        vec![RequestedDataset { name, uri: Some(format!("s3://{bucket}/{}", self.part(part).input)) }]
    }

    fn tags(&self) -> BTreeMap<String, String> {
        let tags = [("assay:suite", &self.suite), ("assay:run", &self.run)];
        tags.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }
}

/// The account that the service role `role` belongs to.
fn account(role: &str, region: &str, refusals: &mut Refusals) -> Account {
    Account::of_role(role, region).unwrap_or_else(|refused| {
        match role {
            "" => {
                let remedy = "give the job `role`, or --role; the stack's output JobRoleArn names one";
                refusals.add("role", "there is no service role that the job could run as".to_owned(), remedy);
            }
            _ => refusals.add("role", refused.message, &refused.remedy),
        }
        // What else is wrong is told with it; no request is made in this one.
        Account { partition: "aws".to_owned(), region: region.to_owned(), id: "000000000000".to_owned() }
    })
}
