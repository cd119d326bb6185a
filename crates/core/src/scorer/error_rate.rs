use super::score::{Evidence, Score};

pub(super) fn words(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}

pub(super) fn characters(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}
