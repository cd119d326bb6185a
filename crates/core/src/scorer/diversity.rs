use super::score::{Evidence, Score};

pub(super) fn distinct_1(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}

pub(super) fn distinct_2(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}

pub(super) fn distinct_3(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}

pub(super) fn repetition_4(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}
