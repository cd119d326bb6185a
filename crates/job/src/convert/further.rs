//! What further files of a dataset say of answers that the first one has.

use crate::input::prompt_key;
use crate::output::JudgedAnswer;
use assay_core::run::Evaluation;
use std::collections::{HashMap, VecDeque};

/// Evaluations by what they are of. The answers themselves are not kept: the first file has them.
#[derive(Debug, Default)]
pub struct Further {
    evaluations: HashMap<(String, Option<u32>, String), VecDeque<Vec<Evaluation>>>,
}

impl Further {
    /// Takes what another file says of an answer.
    pub fn add(&mut self, answer: JudgedAnswer) {
        self.evaluations.entry(key(&answer)).or_default().push_back(answer.evaluations);
    }

    /// Gives an answer of the first file what the others say of it by metrics that it has not yet; of questions that were
    /// asked alike, in order.
    pub fn give(&mut self, answer: &mut JudgedAnswer) {
        if self.evaluations.is_empty() {
            return;
        }
        let Some(queue) = self.evaluations.get_mut(&key(answer)) else { return };
        // Each file says something; metrics tell the files apart.
        while let Some(next) = queue.front() {
            let is_known = next.iter().any(|found| {
                answer.evaluations.iter().any(|known| known.metric == found.metric && known.rater == found.rater)
            });
            if is_known {
                break;
            }
            answer.evaluations.extend(queue.pop_front().unwrap_or_default());
        }
    }

    /// Answers that the first file does not have.
    pub fn left(&self) -> usize {
        self.evaluations.values().map(VecDeque::len).sum()
    }
}

fn key(answer: &JudgedAnswer) -> (String, Option<u32>, String) {
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
        for (prompt, metric, value) in
            [("a", "Robustness", 1.0), ("a", "Robustness", 2.0), ("a", "Toxicity", 3.0), ("a", "Toxicity", 4.0)]
        {
            further.add(answer(prompt, metric, value));
        }
        further.add(answer("b", "Toxicity", 5.0));
        let mut first = answer("a", "Accuracy", 0.0);
        further.give(&mut first);
        let values: Vec<_> = first.evaluations.iter().filter_map(|found| found.value).collect();
        assert_eq!(
            (values, further.left()),
            (vec![0.0, 1.0], 4),
            "the second of the same metric is the next question's"
        );
    }
}
