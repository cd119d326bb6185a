//! The sample that a line of output is about: one of those that the job was given, or, for a job that somebody else started,
//! one made from the line.

use crate::context::{JobContext, JobError};
use crate::input::{SampleIndex, prompt_key};
use crate::note::JobNote;
use crate::output::JudgedAnswer;
use assay_core::dataset::Sample;
use assay_store::keys;
use std::collections::HashMap;

/// Where samples come from.
pub(super) struct Samples {
    given: Option<SampleIndex>,
    /// How often a question has come that is none of the given.
    made: HashMap<(String, Option<u32>), u32>,
}

impl Samples {
    /// Those of the job.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) async fn of(context: &JobContext, note: &JobNote) -> Result<Self, JobError> {
        let given = match &note.samples_key {
            Some(key) => Some(SampleIndex::read(&*context.place.store, &keys::parse(key)?).await?),
            None => None,
        };
        Ok(Self { given, made: HashMap::new() })
    }

    /// The sample that `answer` on `line` is about, and whether the job was given it. Where nothing is known of what it was
    /// given, every question is as good as known.
    pub(super) fn of_answer(&mut self, answer: &JudgedAnswer, line: u64) -> (Sample, bool) {
        let found = self.given.as_mut().and_then(|given| given.find(&answer.prompt, answer.turn));
        match found {
            Some(sample) => (sample, true),
            None => (self.make(answer, line), self.given.is_none()),
        }
    }

    fn make(&mut self, answer: &JudgedAnswer, line: u64) -> Sample {
        let key = prompt_key(&answer.prompt);
        let times = self.made.entry((key.clone(), answer.turn)).or_insert(0);
        *times += 1;
        let mut id = format!("q-{}", key.get(..12).unwrap_or(&key));
        if let Some(turn) = answer.turn {
            id.push_str(&format!("#{}", turn + 1));
        }
        if *times > 1 {
            id.push_str(&format!("-{times}"));
        }
        Sample {
            id,
            line,
            prompt: answer.prompt.clone(),
            references: answer.references.clone(),
            category: answer.category.clone(),
            ..Sample::default()
        }
    }

    /// Those that no answer was about.
    pub(super) fn unfound(&self) -> impl Iterator<Item = &Sample> {
        self.given.iter().flat_map(SampleIndex::unfound)
    }
}
