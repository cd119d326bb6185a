//! What one side answered, as ids and numbers: no texts, so that large runs fit into memory.

use std::collections::BTreeMap;

/// What one model made of one sample.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// The sample's line in its dataset.
    pub line: u64,
    /// A digest of the question and of what is known about the right answer. Samples are paired only where both sides
    /// have the same.
    pub question: u128,
    /// Whether there is an answer; a sample that failed has no values.
    pub answered: bool,
    /// Whether the answer came with the dataset.
    pub recorded: bool,
    /// Whether every check passed; none where nothing is checked. A sample without an answer has not passed.
    pub passed: Option<bool>,
    /// How many checks failed.
    pub failing: u32,
}

/// An answer with its scores, each by the place of its name.
#[derive(Debug, Clone)]
pub(super) struct Scored {
    pub answer: Answer,
    values: Vec<(usize, f64)>,
}

/// What one model made of all samples.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    names: Vec<String>,
    samples: BTreeMap<String, Scored>,
}

impl Answers {
    /// Takes an answer to the sample `id` with its scores by name. An answer that comes twice counts once; a failure
    /// counts unless an answer comes too.
    pub fn add<'a>(&mut self, id: &str, answer: Answer, scores: impl Iterator<Item = (&'a str, f64)>) {
        if self.samples.get(id).is_some_and(|before| before.answer.answered) {
            return;
        }
        let mut values = Vec::new();
        for (name, value) in scores.filter(|(_, value)| value.is_finite()) {
            let place = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
                self.names.push(name.to_owned());
                self.names.len() - 1
            });
            values.push((place, value));
        }
        self.samples.insert(id.to_owned(), Scored { answer, values });
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The samples by their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.samples.iter().map(|(id, scored)| (id.as_str(), &scored.answer))
    }

    pub(super) fn scored(&self) -> impl Iterator<Item = (&str, &Scored)> {
        self.samples.iter().map(|(id, scored)| (id.as_str(), scored))
    }

    pub(super) fn get(&self, id: &str) -> Option<&Scored> {
        self.samples.get(id)
    }

    /// The names of all scores.
    pub(super) fn names(&self) -> impl Iterator<Item = (usize, &str)> {
        self.names.iter().map(String::as_str).enumerate()
    }
}

impl Scored {
    /// The score whose name has this place among the names.
    pub(super) fn value(&self, place: usize) -> Option<f64> {
        self.values.iter().find(|(known, _)| *known == place).map(|(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_once_and_a_failure_unless_answered() {
        let answered = |line| Answer { line, answered: true, ..Answer::default() };
        let mut answers = Answers::default();
        answers.add("a", Answer::default(), [].into_iter());
        answers.add("a", answered(1), [("f1", 0.5), ("bleu", f64::NAN)].into_iter());
        answers.add("a", answered(2), [("f1", 1.0)].into_iter());
        answers.add("a", Answer::default(), [].into_iter());
        let found = answers.get("a").unwrap();
        assert_eq!((answers.len(), found.answer.line, found.value(0), found.value(1)), (1, 1, Some(0.5), None));
    }
}
