use super::score::{Evidence, Score};

pub(super) fn reading_ease(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}

pub(super) fn grade(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}
