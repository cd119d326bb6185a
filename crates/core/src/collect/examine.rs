//! Gathers evidence about answers that are there: embeddings, severities, verdicts. One file for each kind.
//!
//! A call that comes to nothing leaves its evidence without a number and the answer as it is.

mod similarity;
mod texts;
mod toxicity;
mod verdicts;

use super::collection::Collection;
use super::halt::{Halt, first_halt};
use super::respondent::Respondent;
use crate::record::Draft;
use assay_problem::Problem;
use similarity::SimilarityExaminer;
use toxicity::ToxicityExaminer;
use verdicts::VerdictExaminer;

/// Everything that a spec wants to be known about answers.
pub(super) struct Examination<'a> {
    similarity: Option<SimilarityExaminer<'a>>,
    toxicity: Option<ToxicityExaminer<'a>>,
    verdicts: Option<VerdictExaminer<'a>>,
}

impl<'a> Examination<'a> {
    /// What the spec wants; nothing where only recorded answers are used, since all of it needs calls.
    pub(super) fn new(collection: &Collection<'a>) -> Self {
        let execution = collection.execution;
        if execution.recorded_only {
            return Self { similarity: None, toxicity: None, verdicts: None };
        }
        let asking = collection.asking();
        let examination = Self {
            similarity: execution.spec.similarity().map(|spec| SimilarityExaminer::new(asking, &spec)),
            toxicity: execution.spec.toxicity.as_ref().map(|spec| ToxicityExaminer::new(asking, spec)),
            verdicts: execution.spec.judge.as_ref().map(|spec| VerdictExaminer::new(asking, spec)),
        };
        examination.respondents().for_each(|(respondent, _)| respondent.recall(&collection.earlier.answerers));
        examination
    }

    /// Whether anything is to be gathered.
    pub(super) fn is_needed(&self) -> bool {
        self.similarity.is_some() || self.toxicity.is_some() || self.verdicts.is_some()
    }

    /// Gathers what is missing about the answers of a draft.
    ///
    /// # Errors
    /// When the run stops, or a piece cannot be written.
    pub(super) async fn examine(&self, draft: &Draft<'_>) -> Result<(), Halt> {
        let similarity = async {
            match &self.similarity {
                Some(examiner) => examiner.examine(draft).await,
                None => Ok(()),
            }
        };
        let toxicity = async {
            match &self.toxicity {
                Some(examiner) => examiner.examine(draft).await,
                None => Ok(()),
            }
        };
        let verdicts = async {
            match &self.verdicts {
                Some(examiner) => examiner.examine(draft).await,
                None => Ok(()),
            }
        };
        // All are let come to their end: what is under way when one stops is paid for.
        let (similarity, toxicity, verdicts) = tokio::join!(similarity, toxicity, verdicts);
        first_halt(vec![similarity, toxicity, verdicts])
    }

    fn respondents(&self) -> impl Iterator<Item = (&Respondent<'a>, &'static str)> {
        let similarity = self.similarity.as_ref().map(|examiner| (&examiner.respondent, "similarity is not measured"));
        let toxicity = self.toxicity.as_ref().map(|examiner| (&examiner.respondent, "toxicity is not measured"));
        let verdicts = self.verdicts.as_ref().map(|examiner| (&examiner.respondent, "the judge cannot be asked"));
        similarity.into_iter().chain(toxicity).chain(verdicts)
    }

    /// Whether something was left undone because the run stops.
    pub(super) fn is_stopped(&self) -> bool {
        self.respondents().any(|(respondent, _)| respondent.is_stopped())
    }

    /// Who cannot be asked, and why.
    pub(super) fn warnings(&self) -> Vec<Problem> {
        self.respondents().filter_map(|(respondent, what)| respondent.warning(what)).collect()
    }
}
