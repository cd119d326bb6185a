//! The RunSpec: what to ask whom and how to judge, as people write it in `assay.yaml`.
//!
//! Reading the file and telling what is wrong with it is left to `spec_file.rs`; these types are also the source of
//! the published JSON Schema.

use super::findings::Findings;
use super::job::{self, JobSpec};
use super::judge::JudgeSpec;
use super::model::ModelSpec;
use super::robustness::RobustnessSpec;
use super::similarity::SimilaritySpec;
use super::toxicity::ToxicitySpec;
use crate::spec::gate::Gate;
use assay_model::pricing::{Budget, Price};
use assay_score::{Check, Measure, Scorer, Synonyms};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What to ask whom, and how to judge the answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunSpec {
    /// The name under which datasets, runs and a baseline belong together; letters, digits, `.`, `_`, `-`. Left out,
    /// it is the dataset's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"))]
    pub suite: Option<String>,
    /// The CloudWatch dimension `Application` of this suite's metrics; printable ASCII. Left out, it is the stack's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[!-9;-~][ -~]{0,254}$"))]
    pub application: Option<String>,
    /// The dataset, beside the spec. Left out where a dropped file is the dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub dataset: Option<String>,
    /// The system prompt, unless a line has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// What is asked: a text with `{{prompt}}`, `{{context}}`, `{{category}}`, `{{id}}` or `{{metadata.name}}`.
    #[serde(default = "whole_prompt")]
    #[schemars(length(min = 1))]
    pub prompt: String,
    /// The models that are asked. A line with recorded answers asks none. Left out, they are the stack's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<ModelSpec>,
    /// How often each question is asked. A score is the mean over the repeats.
    #[serde(default = "once")]
    #[schemars(range(min = 1, max = 100))]
    pub repeats: u32,
    /// How answers are scored.
    #[serde(default = "default_scorers")]
    pub scorers: Vec<Scorer>,
    /// Assertions that every answer should pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// The class labels that may be answered, for `classification_accuracy`. Left out, they are the dataset's labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 1000), inner(length(min = 1)))]
    pub labels: Vec<String>,
    /// Which words may stand for each other, for `meteor`: `{happi: [glad, cheer]}`. Words are looked up in lower case and
    /// stemmed. Left out, words match by their form and their stem alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synonyms: Option<Synonyms>,
    /// How nearness of meaning is measured; switches `semantic_similarity` on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similarity: Option<SimilaritySpec>,
    /// How much answers change when questions are worded differently.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robustness: Option<RobustnessSpec>,
    /// Which harmful content is looked for in answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toxicity: Option<ToxicitySpec>,
    /// A model that judges answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<JudgeSpec>,
    /// Evaluation jobs that Bedrock manages, started beside the run. Each has a run of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jobs: Vec<JobSpec>,
    /// Whether the suite is run here too. With `false` its `jobs` are all there is.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub online: bool,
    /// What has to hold for the run to pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// Whether one bad line of the dataset fails the run before any model is asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// The share of samples, from 0 to 1, that may fail to be answered before the tool's exit code tells of it.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub failure_limit: f64,
    /// The most that the run may spend. It stops before it spends more; with a higher budget the same run goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// Prices of models that no table has, or that are others for you, by model id, inference profile id or ARN.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub prices: BTreeMap<String, Price>,
}

impl RunSpec {
    /// How nearness of meaning is measured, if it is.
    pub fn similarity(&self) -> Option<SimilaritySpec> {
        let scored = self.scorers.contains(&Scorer::SemanticSimilarity);
        self.similarity.clone().or_else(|| scored.then(SimilaritySpec::default))
    }

    /// Notes what is wrong with the keys that ask for more than answers, beyond the schema.
    pub(super) fn check_evidence(&self, found: &mut Findings<'_>) {
        if let Some(similarity) = &self.similarity {
            found.in_part("similarity", |found| similarity.check(found));
        }
        if let Some(robustness) = &self.robustness {
            found.in_part("robustness", |found| robustness.check(found));
        }
        if let Some(toxicity) = &self.toxicity {
            found.in_part("toxicity", |found| toxicity.check(found));
        }
        if let Some(judge) = &self.judge {
            found.in_part("judge", |found| judge.check(found));
        }
        job::check(&self.jobs, &self.models, self.online, found);
    }

    /// Everybody whose tokens are paid for: the models, the judge, and whoever makes embeddings.
    pub fn metered_models(&self) -> impl Iterator<Item = String> {
        let models = self.models.iter().map(|model| model.id.clone());
        models.chain(self.metered_examiners())
    }

    /// Returns whether the judge compares the responses of each two models.
    pub(crate) fn compares_pairs(&self) -> bool {
        self.judge.as_ref().is_some_and(|judge| judge.pairwise.is_some())
    }

    /// Those of them who are asked about answers, recorded ones too.
    pub fn metered_examiners(&self) -> impl Iterator<Item = String> {
        let judge = self.judge.as_ref().map(|judge| judge.model.clone());
        judge.into_iter().chain(self.similarity().map(|similarity| similarity.model))
    }

    /// Every number that an answer gets from the managed jobs.
    pub fn job_measures(&self) -> impl Iterator<Item = Measure> {
        self.jobs.iter().flat_map(JobSpec::measures)
    }

    /// Every number that an answer gets from a run here.
    pub fn measures(&self) -> Vec<Measure> {
        let mut measures: Vec<Measure> = self.scorers.iter().copied().map(Measure::Scorer).collect();
        if self.similarity.is_some() && !self.scorers.contains(&Scorer::SemanticSimilarity) {
            measures.push(Measure::Scorer(Scorer::SemanticSimilarity));
        }
        if let Some(robustness) = &self.robustness {
            measures.push(Measure::Robustness(None));
            measures.extend(robustness.kinds.iter().map(|kind| Measure::Robustness(Some(kind.name().to_owned()))));
        }
        if let Some(toxicity) = &self.toxicity {
            measures.push(Measure::Toxicity(None));
            let categories = toxicity.categories.iter();
            measures.extend(categories.map(|category| Measure::Toxicity(Some(category.name().to_owned()))));
        }
        if let Some(judge) = &self.judge {
            measures.extend(judge.rubrics.iter().map(|rubric| Measure::Judge(rubric.name.clone())));
        }
        measures
    }
}

impl Default for RunSpec {
    /// The spec of a dataset that has none.
    fn default() -> Self {
        Self {
            suite: None,
            application: None,
            dataset: None,
            system: None,
            prompt: whole_prompt(),
            models: Vec::new(),
            repeats: once(),
            scorers: default_scorers(),
            checks: Vec::new(),
            labels: Vec::new(),
            synonyms: None,
            similarity: None,
            robustness: None,
            toxicity: None,
            judge: None,
            jobs: Vec::new(),
            online: true,
            gate: None,
            strict: false,
            failure_limit: 0.0,
            budget: None,
            prices: BTreeMap::new(),
        }
    }
}

fn whole_prompt() -> String {
    "{{prompt}}".to_owned()
}

fn yes() -> bool {
    true
}

fn is_yes(online: &bool) -> bool {
    *online
}

fn once() -> u32 {
    1
}

fn default_scorers() -> Vec<Scorer> {
    Scorer::DEFAULT.to_vec()
}
