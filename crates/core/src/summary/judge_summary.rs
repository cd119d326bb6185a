//! What `summary.json` holds about the judge of a run: how far it can be relied on, and which answers it preferred.

use assay_model::Usage;
use assay_model::pricing::Cost;
use assay_score::stats::Interval;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far the judge of a run can be relied on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeSummary {
    /// The judge's model.
    pub model: String,
    /// Each rubric, by its name.
    pub rubrics: BTreeMap<String, RubricSummary>,
    /// The judge's tokens. They are not among those of the models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// What they cost, where the price is known; for an answer: for a verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// Each pair of models whose answers were compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<PairSummary>,
}

/// How far the judge can be relied on by one rubric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RubricSummary {
    /// Ratings.
    pub n: u64,
    /// Verdicts that came to nothing.
    #[serde(default)]
    pub failed: u64,
    /// Ratings of people that could not be used: no whole number on the scale.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    pub unusable: u64,
    /// Krippendorff's alpha (ordinal) over the judge's repeats; absent without repeats, or where all ratings are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_agreement: Option<AgreementSummary>,
    /// Cohen's kappa with quadratic weights between the judge and people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub human_agreement: Option<AgreementSummary>,
    /// Whether every agreement that is known reaches the spec's minimum, and one is known.
    pub trusted: bool,
}

/// An agreement beyond chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgreementSummary {
    /// 1 for full agreement, 0 for what chance would give.
    pub value: f64,
    /// Answers it is over.
    pub n: u64,
}

/// Two models whose answers to the same questions were compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairSummary {
    /// The model that stands first.
    pub first: String,
    /// The other one.
    pub second: String,
    /// Questions where the first model's answer was preferred in both orders.
    pub wins: u64,
    /// Questions where the second model's was.
    pub losses: u64,
    /// Questions where neither was.
    pub ties: u64,
    /// Questions that could not be judged in both orders.
    pub failed: u64,
    /// 95 % interval of the share of wins among all that were judged (Wilson).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub win_interval: Option<Interval>,
    /// 95 % interval of the share of losses (Wilson).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss_interval: Option<Interval>,
    /// The share of questions where both orders led to the same preference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position_consistency: Option<f64>,
    /// The two-sided p-value of the exact sign test on wins and losses; ties are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_value: Option<f64>,
}
