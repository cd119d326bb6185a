//! Has answers looked through for harmful content.

use super::texts::texts;
use crate::collect::halt::{Halt, first_halt};
use crate::collect::respondent::{Asking, Respondent};
use crate::record::{Draft, Piece, Toxicity};
use crate::spec::ToxicitySpec;
use assay_model::{Backend, GUARDRAIL_CHECKS, ModelError, Request, Structured};
use futures::future::join_all;

/// Measures toxicity.
pub(super) struct ToxicityExaminer<'a> {
    pub(super) respondent: Respondent<'a>,
    source: String,
}

impl<'a> ToxicityExaminer<'a> {
    /// By the guardrail of the spec, or without one.
    pub(super) fn new(asking: Asking<'a>, spec: &ToxicitySpec) -> Self {
        let (backend, source) = match &spec.guardrail {
            Some(guardrail) => (Backend::Guardrail { version: guardrail.version.clone() }, guardrail.id.clone()),
            None => (Backend::GuardrailChecks { categories: spec.categories.clone() }, GUARDRAIL_CHECKS.to_owned()),
        };
        Self { respondent: Respondent::new(asking, (backend, &source), None), source }
    }

    /// Looks through the answers that were not yet looked through.
    pub(super) async fn examine(&self, draft: &Draft<'_>) -> Result<(), Halt> {
        let missing = texts(draft).into_iter().filter(|(index, _)| {
            draft.look(|record| !record.evidence.toxicity.iter().any(|found| found.response == *index))
        });
        let asked = missing.map(|(index, text)| async move {
            let mut found =
                Toxicity { response: index, source: self.source.clone(), severities: [].into(), failure: None };
            let answer = match text.trim().is_empty() {
                // The service refuses it.
                true => Err(ModelError::Rejected { message: "the answer is empty".to_owned() }),
                false => {
                    let request = Request { prompt: text, ..Request::default() };
                    self.respondent.ask_for_evidence(&request).await?
                }
            };
            match answer {
                Ok(response) => {
                    if let Some(Structured::Severities(severities)) = response.structured {
                        found.severities = severities;
                    }
                    draft.keep(Piece::Toxicity(found)).await?;
                }
                Err(error) => {
                    found.failure = Some((&error).into());
                    draft.note(Piece::Toxicity(found));
                }
            }
            Ok(())
        });
        first_halt(join_all(asked).await)
    }
}
