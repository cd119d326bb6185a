//! Has answers rated by a judge.

use super::texts::texts;
use crate::collect::halt::{Halt, first_halt};
use crate::collect::requests::verdict;
use crate::collect::respondent::{Asking, Respondent};
use crate::judge::rating;
use crate::record::{Draft, Piece, RubricVerdict};
use crate::spec::{Execution, JudgeSpec, RubricSpec};
use assay_model::{Backend, ModelError, Request, Response, Structured};
use futures::future::join_all;

/// Asks the judge.
pub(super) struct VerdictExaminer<'a> {
    pub(super) respondent: Respondent<'a>,
    execution: &'a Execution,
    spec: JudgeSpec,
}

impl<'a> VerdictExaminer<'a> {
    /// By the rubrics of the spec.
    pub(super) fn new(asking: Asking<'a>, spec: &JudgeSpec) -> Self {
        let respondent = Respondent::new(asking, (Backend::Converse, &spec.model), spec.requests_per_minute);
        Self { respondent, execution: asking.execution, spec: spec.clone() }
    }

    /// Asks for the verdicts that are missing.
    pub(super) async fn examine(&self, draft: &Draft<'_>) -> Result<(), Halt> {
        let mut missing = Vec::new();
        for (index, text) in texts(draft) {
            for rubric in &self.spec.rubrics {
                for repeat in 0..self.spec.repeats {
                    let is_this = |found: &RubricVerdict| {
                        found.rubric == rubric.name && found.response == index && found.repeat == repeat
                    };
                    if !draft.look(|record| record.evidence.verdicts.iter().any(is_this)) {
                        missing.push((index, text.clone(), rubric, repeat));
                    }
                }
            }
        }
        let asked = missing.into_iter().map(|(index, text, rubric, repeat)| async move {
            let mut found = RubricVerdict {
                rubric: rubric.name.clone(),
                judge: self.spec.model.clone(),
                response: index,
                repeat,
                scale: rubric.scale,
                rating: None,
                explanation: None,
                usage: None,
                latency_ms: None,
                failure: None,
            };
            let answer = self.respondent.ask_for_evidence(&self.request(draft, rubric, &text)).await?;
            match answer.and_then(|response| read(response, rubric, &mut found)) {
                Ok(()) => draft.keep(Piece::Verdict(found)).await?,
                Err(error) => {
                    found.usage = error.usage();
                    found.failure = Some((&error).into());
                    draft.note(Piece::Verdict(found));
                }
            }
            Ok(())
        });
        first_halt(join_all(asked).await)
    }

    fn request(&self, draft: &Draft<'_>, rubric: &RubricSpec, answer: &str) -> Request {
        let request = draft.look(|record| verdict(&self.execution.spec, &self.spec, rubric, &record.sample, answer));
        Request { metadata: self.respondent.marks(Some("judge")), ..request }
    }
}

/// Takes what the judge said into `found`.
fn read(response: Response, rubric: &RubricSpec, found: &mut RubricVerdict) -> Result<(), ModelError> {
    let form = match &response.structured {
        Some(Structured::Tool(form)) => rating(form, rubric.scale),
        _ => None,
    };
    let form = form.ok_or_else(|| ModelError::Malformed {
        message: "the verdict cannot be read".to_owned(),
        usage: response.usage,
    })?;
    found.rating = Some(form.rating);
    found.explanation = Some(form.explanation);
    found.usage = response.usage;
    found.latency_ms = response.latency_ms;
    Ok(())
}
