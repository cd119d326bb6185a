//! What scorers are shown of a record, and what stands for evidence that is missing.

use super::parts::{mean, no_text};
use super::{checks, evaluations, examined, robustness};
use crate::dataset::Sample;
use crate::record::Record;
use crate::spec::{JudgeSpec, RobustnessSpec, RunSpec, ToxicitySpec};
use assay_score::{CheckSet, Evidence, Measure, Score, Scorer, Synonyms};

/// How the answers of a run are judged.
#[derive(Debug, Clone, Default)]
pub struct Scoring {
    scorers: Vec<Scorer>,
    checks: CheckSet,
    labels: Vec<String>,
    synonyms: Option<Synonyms>,
    robustness: Option<RobustnessSpec>,
    toxicity: Option<ToxicitySpec>,
    judge: Option<JudgeSpec>,
}

impl Scoring {
    /// By scorers alone.
    pub fn by(scorers: &[Scorer]) -> Self {
        Self { scorers: scorers.to_vec(), ..Self::default() }
    }

    /// By everything that a spec asks for.
    ///
    /// # Errors
    /// Every check that cannot be used.
    pub fn of(spec: &RunSpec) -> Result<Self, Vec<String>> {
        let mut scorers = spec.scorers.clone();
        if spec.similarity.is_some() && !scorers.contains(&Scorer::SemanticSimilarity) {
            scorers.push(Scorer::SemanticSimilarity);
        }
        Ok(Self {
            scorers,
            checks: CheckSet::compile(&spec.checks)?,
            labels: spec.labels.clone(),
            synonyms: spec.synonyms.clone(),
            robustness: spec.robustness.clone(),
            toxicity: spec.toxicity.clone(),
            judge: spec.judge.clone(),
        })
    }

    /// With these class labels, unless the spec has its own.
    #[must_use]
    pub fn with_labels(mut self, labels: impl IntoIterator<Item = String>) -> Self {
        if self.labels.is_empty() {
            self.labels = labels.into_iter().collect();
        }
        self
    }

    /// Scores a record anew from what it holds; whatever scores it had are replaced.
    pub fn judge(&self, record: &mut Record) {
        record.scores.clear();
        record.checks.clear();
        if record.failure.is_some() {
            return;
        }
        // One evidence for all scorers of an answer: they share what they make of its text.
        let cosines = self.cosines(record);
        let answers: Vec<Result<Evidence<'_>, String>> = record
            .evidence
            .responses
            .iter()
            .zip(&cosines)
            .map(|(response, cosines)| {
                let text = response.text.as_deref().ok_or_else(|| no_text(response))?;
                let similarities = cosines.as_ref().map(|found| found.as_deref().map_err(String::as_str));
                Ok(Evidence { similarities, ..self.evidence(text, &record.sample) })
            })
            .collect();
        for scorer in &self.scorers {
            let score = |answer: &Result<Evidence<'_>, String>| match answer {
                Ok(evidence) => scorer.score(evidence),
                Err(reason) => Score::Unscored(reason.clone()),
            };
            let score = mean(answers.iter().map(score).collect());
            record.scores.insert(Measure::Scorer(*scorer).to_string(), score);
        }
        drop(answers);
        let mut more = evaluations::scores(record);
        if let Some(spec) = &self.robustness {
            more.extend(robustness::robustness(record, spec, &|text| self.score_text(spec.of, text, &record.sample)));
        }
        if let Some(spec) = &self.toxicity {
            more.extend(examined::toxicity(record, spec));
        }
        if let Some(spec) = &self.judge {
            more.extend(examined::ratings(record, spec));
        }
        record.scores.extend(more.into_iter().map(|(measure, score)| (measure.to_string(), score)));
        record.checks = checks::check(&self.checks, &record.sample.checks, &record.evidence.responses);
    }

    /// The cosines of each response, or why there are none; nothing where no scorer asks for them.
    fn cosines(&self, record: &Record) -> Vec<Option<Result<Vec<f64>, String>>> {
        let is_wanted = self.scorers.contains(&Scorer::SemanticSimilarity);
        let of = |index| is_wanted.then(|| examined::cosines(record, index));
        (0..).zip(&record.evidence.responses).map(|(index, _)| of(index)).collect()
    }

    fn score_text(&self, scorer: Scorer, text: &str, sample: &Sample) -> Score {
        scorer.score(&self.evidence(text, sample))
    }

    fn evidence<'a>(&'a self, text: &'a str, sample: &'a Sample) -> Evidence<'a> {
        Evidence {
            labels: &sample.labels,
            valid_labels: &self.labels,
            synonyms: self.synonyms.as_ref(),
            ..Evidence::new(text, &sample.references)
        }
    }
}
