//! Has answers and references embedded, and keeps the cosines. The vectors themselves are not kept.

use super::texts::texts;
use crate::collect::halt::{Halt, first_halt};
use crate::collect::requests::{acceptable_answers, embedding};
use crate::collect::respondent::{Asking, Respondent};
use crate::record::{Draft, Piece, Purpose, Similarity, Wasted};
use crate::spec::SimilaritySpec;
use assay_model::{Backend, ModelError, Request, Structured};
use assay_score::cosine;
use futures::future::join_all;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// So many embeddings are remembered: at 1024 numbers each, eight megabytes.
const REMEMBERED: usize = 1000;

/// Measures similarity.
pub(super) struct SimilarityExaminer<'a> {
    pub(super) respondent: Respondent<'a>,
    model: String,
    memory: Mutex<Memory>,
}

type Vector = Arc<OnceCell<Vec<f64>>>;

/// The latest embeddings, so that a reference that several answers are held to is embedded once.
#[derive(Debug, Default)]
struct Memory {
    vectors: HashMap<[u8; 32], Vector>,
    order: VecDeque<[u8; 32]>,
}

impl Memory {
    fn of(&mut self, text: &str) -> Vector {
        let key: [u8; 32] = Sha256::digest(text).into();
        if let Some(known) = self.vectors.get(&key) {
            return Arc::clone(known);
        }
        if self.order.len() == REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.vectors.remove(&oldest);
        }
        self.order.push_back(key);
        Arc::clone(self.vectors.entry(key).or_default())
    }
}

/// Why a text has no vector.
enum Missing {
    Halt(Halt),
    Failed(ModelError),
}

impl<'a> SimilarityExaminer<'a> {
    /// By the embeddings model of the spec.
    pub(super) fn new(asking: Asking<'a>, spec: &SimilaritySpec) -> Self {
        let backend = Backend::Embedding { dimensions: spec.dimensions };
        Self {
            respondent: Respondent::new(asking, (backend, &spec.model), None),
            model: spec.model.clone(),
            memory: Mutex::default(),
        }
    }

    /// Compares the answers that were not yet compared.
    pub(super) async fn examine(&self, draft: &Draft<'_>) -> Result<(), Halt> {
        let targets: Vec<String> = draft.look(|record| acceptable_answers(&record.sample).map(str::to_owned).collect());
        if targets.is_empty() {
            return Ok(());
        }
        let missing = texts(draft).into_iter().filter(|(index, _)| {
            draft.look(|record| !record.evidence.similarity.iter().any(|found| found.response == *index))
        });
        let targets = &targets;
        let compared = missing.map(|(index, text)| async move {
            let mut found = Similarity {
                response: index,
                model: self.model.clone(),
                cosines: Vec::new(),
                usage: None,
                unmetered: false,
                failure: None,
            };
            match self.compare(&text, targets, &mut found).await {
                Ok(cosines) => {
                    found.cosines = cosines;
                    draft.keep(Piece::Similarity(found)).await?;
                }
                Err(Missing::Halt(halt)) => {
                    if let Some(usage) = found.usage {
                        let (purpose, model) = (Purpose::Similarity, found.model);
                        draft.keep(Piece::Wasted(Wasted { purpose, model, usage })).await?;
                    }
                    return Err(halt);
                }
                Err(Missing::Failed(error)) => {
                    found.failure = Some((&error).into());
                    draft.note(Piece::Similarity(found));
                }
            }
            Ok(())
        });
        first_halt(join_all(compared).await)
    }

    async fn compare(&self, text: &str, targets: &[String], found: &mut Similarity) -> Result<Vec<f64>, Missing> {
        let answer = self.vector(text, found).await?;
        let mut cosines = Vec::with_capacity(targets.len());
        for target in targets {
            let target = self.vector(target, found).await?;
            let (Some(one), Some(other)) = (answer.get(), target.get()) else { continue };
            let without = || ModelError::malformed("an embedding has no direction");
            cosines.push(cosine(one, other).ok_or_else(|| Missing::Failed(without()))?);
        }
        Ok(cosines)
    }

    async fn vector(&self, text: &str, found: &mut Similarity) -> Result<Vector, Missing> {
        if text.trim().is_empty() {
            let message = "an empty text has no embedding".to_owned();
            return Err(Missing::Failed(ModelError::Rejected { message }));
        }
        let vector = self.memory.lock().unwrap_or_else(PoisonError::into_inner).of(text);
        let asking = vector.get_or_try_init(|| async {
            let metadata = self.respondent.marks(Some("similarity"));
            let request = Request { metadata, ..embedding(text) };
            let answer = self.respondent.ask_for_evidence(&request).await.map_err(Missing::Halt)?;
            let used = answer.as_ref().map_or_else(ModelError::usage, |response| response.usage);
            if let Some(used) = used {
                *found.usage.get_or_insert_default() += used;
            }
            let response = answer.map_err(Missing::Failed)?;
            found.unmetered |= response.usage.is_none();
            match response.structured {
                Some(Structured::Vector(vector)) => Ok(vector),
                _ => Err(Missing::Failed(ModelError::malformed("there is no embedding"))),
            }
        });
        asking.await?;
        Ok(vector)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_vectors_are_remembered_and_no_more() {
        let mut memory = Memory::default();
        let first = memory.of("0");
        assert!(Arc::ptr_eq(&first, &memory.of("0")));
        (1..=REMEMBERED).for_each(|number| drop(memory.of(&number.to_string())));
        assert_eq!((memory.vectors.len(), memory.order.len()), (REMEMBERED, REMEMBERED));
        assert!(!Arc::ptr_eq(&first, &memory.of("0")), "the oldest makes room");
    }
}
