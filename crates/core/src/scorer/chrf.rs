use super::score::{Evidence, Score};

pub(super) fn chrf(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}

pub(super) fn chrf_plus_plus(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}
