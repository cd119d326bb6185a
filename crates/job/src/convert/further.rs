//! What further files of a dataset say of answers that the first one has.

use crate::input::prompt_key;
use crate::output::JudgedAnswer;
use assay_core::record::Evaluation;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// What tells answers apart: the question, its turn, and who answered.
type Key = (String, Option<u32>, String);

/// Evaluations by what they are of, and by the file that they are from. The answers themselves are not kept: the first file has them.
#[derive(Debug, Default)]
pub(super) struct Further {
    evaluations: HashMap<Key, BTreeMap<usize, VecDeque<Vec<Evaluation>>>>,
}

impl Further {
    /// Takes what the file number `file` says of an answer.
    pub(super) fn add(&mut self, file: usize, answer: JudgedAnswer) {
        let of_answer = self.evaluations.entry(key(&answer)).or_default();
        of_answer.entry(file).or_default().push_back(answer.evaluations);
    }

    /// Gives an answer of the first file what each other file says of it. Of answers that are alike, the first gets what a
    /// file says first.
    pub(super) fn give(&mut self, answer: &mut JudgedAnswer) {
        let Some(files) = self.evaluations.get_mut(&key(answer)) else { return };
        for found in files.values_mut().filter_map(VecDeque::pop_front) {
            answer.evaluations.extend(found);
        }
    }

    /// Answers that the first file does not have.
    pub(super) fn left(&self) -> usize {
        self.evaluations.values().flat_map(BTreeMap::values).map(VecDeque::len).sum()
    }
}

fn key(answer: &JudgedAnswer) -> Key {
    (prompt_key(&answer.prompt), answer.turn, answer.model.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(prompt: &str, metric: &str, value: f64) -> JudgedAnswer {
        let (metric, value) = (metric.to_owned(), Some(value));
        let evaluations = vec![Evaluation { metric, value, ..Evaluation::default() }];
        JudgedAnswer { prompt: prompt.to_owned(), evaluations, ..JudgedAnswer::default() }
    }

    #[test]
    fn each_answer_gets_what_every_file_says_of_it() {
        let mut further = Further::default();
        // Two files of a metric each; one question was asked twice.
        for (file, metric, value) in
            [(1, "Robustness", 1.0), (1, "Robustness", 2.0), (2, "Toxicity", 3.0), (2, "Toxicity", 4.0)]
        {
            further.add(file, answer("a", metric, value));
        }
        further.add(2, answer("b", "Toxicity", 5.0));
        let mut values = |accuracy| {
            let mut next = answer("a", "Accuracy", accuracy);
            further.give(&mut next);
            next.evaluations.iter().filter_map(|found| found.value).collect::<Vec<_>>()
        };
        assert_eq!(values(0.0), [0.0, 1.0, 3.0]);
        assert_eq!(values(0.5), [0.5, 2.0, 4.0]);
        assert_eq!(values(0.9), [0.9], "nobody said more");
        assert_eq!(further.left(), 1, "of `b`");
    }
}
