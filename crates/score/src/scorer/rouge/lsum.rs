//! ROUGE-Lsum's hits: for each line of the reference, the tokens that a longest common subsequence with any line of
//! the response takes, as often as the response has them.

use super::lcs;
use super::tokens::Lines;
use crate::scorer::vocabulary::{Scratch, WordId};

/// Number of tokens of the reference that are hit. Each hit uses up one occurrence of the token in the response.
///
/// A line of the response that shares no token with the reference's line, or none that is left, is passed over: what
/// it would mark does not count. So a text of very many short lines does not compare all with all.
pub(super) fn hits(reference: &Lines, response: &Lines, scratch: &mut Scratch) -> usize {
    let Scratch { counts: left, masks } = scratch;
    response.tokens.iter().for_each(|token| left[*token as usize] += 1);
    let lines: Vec<&[WordId]> = response.iter().collect();
    let occurrences = occurrences(&lines);
    let (mut hits, mut marks) = (0, Vec::new());
    for line in reference.iter() {
        marks.clear();
        marks.resize(line.len(), false);
        let open = line.iter().filter(|token| left[**token as usize] > 0);
        for other in lines_with(open, &occurrences) {
            lcs::mark(line, lines[other], masks, &mut marks);
        }
        for (token, _) in line.iter().zip(&marks).filter(|(_, marked)| **marked) {
            let left = &mut left[*token as usize];
            hits += usize::from(*left > 0);
            *left = left.saturating_sub(1);
        }
    }
    response.tokens.iter().for_each(|token| left[*token as usize] = 0);
    hits
}

/// Which lines have which tokens, in the order of the tokens.
fn occurrences(lines: &[&[WordId]]) -> Vec<(WordId, usize)> {
    let of_line =
        |(number, line): (usize, &&[WordId])| line.iter().map(move |token| (*token, number)).collect::<Vec<_>>();
    let mut occurrences: Vec<(WordId, usize)> = lines.iter().enumerate().flat_map(of_line).collect();
    occurrences.sort_unstable();
    occurrences.dedup();
    occurrences
}

/// The lines that have any of the tokens.
fn lines_with<'a>(tokens: impl Iterator<Item = &'a WordId>, occurrences: &[(WordId, usize)]) -> Vec<usize> {
    let mut lines = Vec::new();
    for token in tokens {
        let start = occurrences.partition_point(|(other, _)| other < token);
        let same = occurrences[start..].iter().take_while(|(other, _)| other == token);
        lines.extend(same.map(|(_, line)| *line));
    }
    lines.sort_unstable();
    lines.dedup();
    lines
}
