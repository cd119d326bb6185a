use super::score::{Evidence, Score};

pub(super) fn any(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}

pub(super) fn all(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}

pub(super) fn quasi_any(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}

pub(super) fn quasi_all(_evidence: &Evidence<'_>) -> Score {
    Score::Unscored("stub".to_owned())
}
