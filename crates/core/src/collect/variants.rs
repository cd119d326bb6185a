//! Asks a model the same question in other words, and the very same question again, to see how much its answers change.

use super::asker::Asker;
use super::halt::{Halt, first_halt};
use crate::dataset::Sample;
use crate::record::{Draft, Noise, Piece, Purpose, Variant, Wasted};
use crate::spec::RobustnessSpec;
use assay_model::ModelError;
use assay_score::perturbation::variants;
use futures::future::join_all;

impl Asker<'_> {
    /// Asks for the variants and the repeats that are missing in `draft`.
    ///
    /// # Errors
    /// When the run stops, or a piece cannot be written.
    pub(super) async fn vary(&self, spec: &RobustnessSpec, draft: &Draft<'_>) -> Result<(), Halt> {
        let sample = draft.look(|record| record.sample.clone());
        let mut missing: Vec<Variant> = wanted(spec, &sample);
        draft.look(|record| {
            missing.retain(|wanted| {
                !record.evidence.variants.iter().any(|found| found.kind == wanted.kind && found.index == wanted.index)
            });
        });
        let asked = missing.into_iter().map(|mut variant| {
            let sample = &sample;
            async move {
                let perturbed = Sample { prompt: variant.prompt.clone(), ..sample.clone() };
                match self.respondent().ask_for_evidence(&self.request(&perturbed)).await? {
                    Ok(response) => {
                        variant.response = Some(response);
                        draft.keep(Piece::Variant(variant)).await?;
                    }
                    Err(error) => {
                        self.note_wasted(&error, draft);
                        variant.failure = Some((&error).into());
                        draft.note(Piece::Variant(variant));
                    }
                }
                Ok(())
            }
        });
        let again = (0..spec.baseline_samples)
            .filter(|index| draft.look(|record| !record.evidence.noise.iter().any(|found| found.index == *index)));
        let again = again.map(|index| {
            let sample = &sample;
            async move {
                match self.respondent().ask_for_evidence(&self.request(sample)).await? {
                    Ok(response) => {
                        draft.keep(Piece::Noise(Noise { index, response: Some(response), failure: None })).await?;
                    }
                    Err(error) => {
                        self.note_wasted(&error, draft);
                        draft.note(Piece::Noise(Noise { index, response: None, failure: Some((&error).into()) }));
                    }
                }
                Ok(())
            }
        });
        let (asked, again) = tokio::join!(join_all(asked), join_all(again));
        first_halt(asked.into_iter().chain(again).collect())
    }

    /// Notes the tokens of answers that could not be understood.
    pub(super) fn note_wasted(&self, error: &ModelError, draft: &Draft<'_>) {
        if let Some(wasted) = Wasted::by(error, Purpose::Answer, self.respondent().id()) {
            draft.note(Piece::Wasted(wasted));
        }
    }
}

/// The variants of a sample's question. A variant that changes nothing is one all the same: it was drawn, and its
/// answer may differ.
pub(crate) fn wanted(spec: &RobustnessSpec, sample: &Sample) -> Vec<Variant> {
    let mut wanted = Vec::new();
    for kind in &spec.kinds {
        let prompts = variants(*kind, &sample.prompt, spec.seed, &sample.id, spec.variants as usize);
        wanted.extend((0..).zip(prompts).map(|(index, prompt)| Variant {
            kind: kind.name().to_owned(),
            index,
            prompt,
            response: None,
            failure: None,
        }));
    }
    // Taking whitespace out may leave nothing to ask.
    wanted.retain(|variant| !variant.prompt.trim().is_empty());
    wanted
}
