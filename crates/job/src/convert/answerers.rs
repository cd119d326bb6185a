//! Who gave the answers of a job: names of the output to those of records and metrics.

use crate::model_identifier::short_name;
use crate::note::JobNote;

/// The names that a job's output may use, each with the one that records use.
#[derive(Debug, Default)]
pub(super) struct Answerers {
    known: Vec<(String, String)>,
    recorded: bool,
}

impl Answerers {
    /// Those of the job's request; of a job that somebody else started, those that the service tells.
    pub(super) fn of(note: &JobNote) -> Self {
        let Some(request) = &note.request else {
            let told = note.answerers.iter().map(|name| (name.clone(), short_name(name).to_owned()));
            return Self { known: told.collect(), recorded: false };
        };
        let models = request.models.iter().map(|model| (model.identifier.clone(), model.id.clone()));
        let sources = request.sources.iter().map(|source| (source.identifier.clone(), source.name.clone()));
        let base = request.spec.knowledge_base.as_ref().filter(|_| request.models.is_empty());
        let base = base.map(|base| (base.id.clone(), base.id.clone()));
        Self { known: models.chain(sources).chain(base).collect(), recorded: request.spec.recorded }
    }

    /// The name for records. A job with a single answerer has no other, whatever its output calls it.
    pub(super) fn name_of(&self, written: &str) -> String {
        if let [(_, only)] = self.known.as_slice() {
            return only.clone();
        }
        let short = short_name(written);
        let known = self.known.iter().find(|(identifier, name)| {
            identifier == written || name == written || short_name(identifier) == short || name == short
        });
        known.map_or_else(|| short.to_owned(), |(_, name)| name.clone())
    }

    /// Everybody who had to answer, where that is known.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(|(_, name)| name.as_str())
    }

    /// Whether the answers came with the dataset.
    pub(super) fn are_recorded(&self) -> bool {
        self.recorded
    }
}
