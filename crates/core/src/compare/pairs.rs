//! Samples that both sides have, put side by side, and the measures that both sides know.

use super::answers::{Answers, Scored};
use assay_score::{Direction, Measure, Scale};

/// One sample on both sides.
pub(super) struct Pair<'a> {
    pub id: &'a str,
    pub before: &'a Scored,
    pub after: &'a Scored,
}

/// A score that both sides have, with the places of its name on each.
pub(super) struct Shared<'a> {
    pub name: &'a str,
    pub direction: Direction,
    pub scale: Scale,
    pub before: usize,
    pub after: usize,
}

/// Both sides, joined by the samples' ids.
pub(super) struct Pairs<'a> {
    /// The samples whose question is the same on both sides, by id.
    pub shared: Vec<Pair<'a>>,
    pub changed: u64,
    pub only_before: u64,
    pub only_after: u64,
    /// The scores, in the order of reports.
    pub scores: Vec<Shared<'a>>,
}

impl<'a> Pairs<'a> {
    pub(super) fn of(before: &'a Answers, after: &'a Answers) -> Self {
        let (mut shared, mut changed, mut only_before) = (Vec::new(), 0, 0);
        for (id, one) in before.scored() {
            match after.get(id) {
                Some(other) if other.answer.question == one.answer.question => {
                    shared.push(Pair { id, before: one, after: other });
                }
                Some(_) => changed += 1,
                None => only_before += 1,
            }
        }
        let only_after = after.len() as u64 - shared.len() as u64 - changed;
        Self { shared, changed, only_before, only_after, scores: scores(before, after) }
    }
}

fn scores<'a>(before: &'a Answers, after: &'a Answers) -> Vec<Shared<'a>> {
    let mut scores: Vec<(Option<Measure>, Shared<'a>)> = Vec::new();
    for (place, name) in before.names() {
        let Some((other, _)) = after.names().find(|(_, other)| *other == name) else { continue };
        let measure = name.parse::<Measure>().ok();
        // A score of another version, of which nothing is known, is compared without a direction.
        let direction = measure.as_ref().map_or(Direction::Neither, Measure::direction);
        let scale = measure.as_ref().map_or(Scale::Unbounded, Measure::scale);
        scores.push((measure, Shared { name, direction, scale, before: place, after: other }));
    }
    scores.sort_by(|(left, one), (right, other)| {
        (left.is_none(), left, one.name).cmp(&(right.is_none(), right, other.name))
    });
    scores.into_iter().map(|(_, score)| score).collect()
}

impl Pair<'_> {
    /// The values of a score, where both sides have one.
    pub(super) fn values(&self, score: &Shared<'_>) -> Option<(f64, f64)> {
        Some((self.before.value(score.before)?, self.after.value(score.after)?))
    }

    /// Whether each side passed its checks, where both are checked.
    pub(super) fn passed(&self) -> Option<(bool, bool)> {
        Some((self.before.answer.passed?, self.after.answer.passed?))
    }
}
