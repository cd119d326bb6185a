//! What people say, as numbers of which a higher one is better.
//!
//! Which answer of the record an id means is left to `human`.

use crate::output::context::Unreadable;
use crate::output::one_or_many::OneOrMany;
use crate::output::outcome::Outcome;
use crate::output::text::Text;
use serde::Deserialize;

/// What one person said, by the method of rating:
///
/// | method | number | range |
/// |---|---|---|
/// | `ThumbsUpDown` | up 1, down 0 | 0–1 |
/// | `IndividualLikertScale` | as given | 1–5 |
/// | `ComparisonChoice` | the chosen answer 1, every other 0 | 0–1 |
/// | `ComparisonLikertScale` | of a result `r`: left `(5 - r) / 4`, right `(r - 1) / 4` | 0–1 |
/// | `ComparisonRank` | of `n` ranked answers: `(n - rank) / (n - 1)`, so that the first has 1 and the last 0 | 0–1 |
///
/// Methods and their keys are those of the Bedrock user guide (model-evaluation-report-s3) and of the SageMaker guide
/// (clarify-foundation-model-evaluate-results-human). That a rank begins at 1 stands there; equal ranks are allowed.
///
/// UNVERIFIED: that a comparison on a scale has 1 for a strong preference of the left answer and 5 for one of the right.
/// The guides call it a five-point scale of preference, whose points the job's instructions define; no text of theirs
/// tells which end is whose.
///
/// A rating outside of its method's range (a comparison beyond 1 to 5, a rank beyond 1 to `n`, a rank of one answer alone)
/// has no number.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct EvaluationResults {
    // The guide's table of methods has capitals where its example has none.
    #[serde(alias = "ThumbsUpDown")]
    thumbs_up_down: OneOrMany<Single>,
    #[serde(alias = "IndividualLikertScale")]
    individual_likert_scale: OneOrMany<Single>,
    #[serde(alias = "ComparisonChoice")]
    comparison_choice: OneOrMany<Choice>,
    #[serde(alias = "ComparisonLikertScale")]
    comparison_likert_scale: OneOrMany<Preference>,
    #[serde(alias = "ComparisonRank")]
    comparison_rank: OneOrMany<Ranking>,
}

/// A rating of one answer.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Single {
    metric_name: Text,
    model_response_id: Text,
    result: Outcome,
}

/// Which answer is the best.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Choice {
    metric_name: Text,
    result: Option<Chosen>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chosen {
    #[serde(default)]
    model_response_id: Text,
}

/// Which of two answers is better, and how much.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Preference {
    metric_name: Text,
    left_model_response_id: Text,
    right_model_response_id: Text,
    result: Outcome,
}

/// The order of answers.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Ranking {
    metric_name: Text,
    result: OneOrMany<Ranked>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Ranked {
    model_response_id: Text,
    rank: Outcome,
}

/// A number that a person gives answers.
pub(super) struct Rating {
    /// What was rated, as the job names it.
    pub(super) metric: Option<String>,
    /// Whom it is given.
    pub(super) rated: Rated,
    /// The number; none where the person gave none.
    pub(super) value: Option<f64>,
    /// The word, where a person gave one in place of a number.
    pub(super) label: Option<String>,
}

/// Answers by their ids in the record.
pub(super) enum Rated {
    /// This one; without an id, the only one.
    Answer(Option<String>),
    /// All but this one.
    Others(String),
    /// All.
    All,
}

impl EvaluationResults {
    /// What was said, in the order of the table.
    pub(super) fn ratings(self) -> Result<Vec<Rating>, Unreadable> {
        let mut found = Vec::new();
        for single in self.thumbs_up_down.0.into_iter().chain(self.individual_likert_scale.0) {
            let (value, label) = single.result.value_and_label()?;
            let rated = Rated::Answer(single.model_response_id.filled());
            found.push(Rating { metric: single.metric_name.filled(), rated, value, label });
        }
        for choice in self.comparison_choice.0 {
            found.extend(choice.ratings());
        }
        for preference in self.comparison_likert_scale.0 {
            found.extend(preference.ratings()?);
        }
        for ranking in self.comparison_rank.0 {
            found.append(&mut ranking.ratings()?);
        }
        Ok(found)
    }
}

impl Choice {
    fn ratings(self) -> Vec<Rating> {
        let metric = self.metric_name.filled();
        let of = |rated, value| Rating { metric: metric.clone(), rated, value, label: None };
        match self.result.and_then(|chosen| chosen.model_response_id.filled()) {
            Some(id) => vec![of(Rated::Answer(Some(id.clone())), Some(1.0)), of(Rated::Others(id), Some(0.0))],
            None => vec![of(Rated::All, None)],
        }
    }
}

impl Preference {
    fn ratings(self) -> Result<[Rating; 2], Unreadable> {
        let metric = self.metric_name.filled();
        let (result, label) = self.result.value_and_label()?;
        let result = result.filter(|result| (1.0..=5.0).contains(result));
        let of = |id: Text, value| {
            let rated = Rated::Answer(id.filled());
            Rating { metric: metric.clone(), rated, value, label: label.clone() }
        };
        Ok([
            of(self.left_model_response_id, result.map(|result| (5.0 - result) / 4.0)),
            of(self.right_model_response_id, result.map(|result| (result - 1.0) / 4.0)),
        ])
    }
}

impl Ranking {
    fn ratings(self) -> Result<Vec<Rating>, Unreadable> {
        let metric = self.metric_name.filled();
        let count = self.result.0.len();
        let last = count as f64;
        let ratings = self.result.0.into_iter().map(|ranked| {
            let (rank, label) = ranked.rank.value_and_label()?;
            let rank = rank.filter(|rank| count > 1 && (1.0..=last).contains(rank));
            Ok(Rating {
                metric: metric.clone(),
                rated: Rated::Answer(ranked.model_response_id.filled()),
                value: rank.map(|rank| (last - rank) / (last - 1.0)),
                label,
            })
        });
        ratings.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who got which number: the id, `-` before the id of those who are not the chosen one, `*` for all.
    fn ratings(json: &str) -> Vec<(String, Option<f64>)> {
        let results: EvaluationResults = serde_json::from_str(json).unwrap();
        let name = |rated| match rated {
            Rated::Answer(id) => id.unwrap_or_default(),
            Rated::Others(id) => format!("-{id}"),
            Rated::All => "*".to_owned(),
        };
        results.ratings().unwrap().into_iter().map(|rating| (name(rating.rated), rating.value)).collect()
    }

    fn of(id: &str, value: f64) -> (String, Option<f64>) {
        (id.to_owned(), Some(value))
    }

    #[test]
    fn thumbs_and_scales_of_one_answer() {
        let json = r#"{"thumbsUpDown":[{"metricName":"M","modelResponseId":"0","result":true},
            {"metricName":"M","modelResponseId":"1","result":false},{"modelResponseId":1,"result":null}],
            "IndividualLikertScale":{"metricName":"M","modelResponseId":"0","result":4}}"#;
        assert_eq!(ratings(json), [of("0", 1.0), of("1", 0.0), ("1".to_owned(), None), of("0", 4.0)]);
    }

    #[test]
    fn the_chosen_answer_has_all() {
        let json = r#"{"comparisonChoice":[{"metricName":"M","result":{"modelResponseId":"1"}},{"result":null},
            {"result":{}}]}"#;
        let nobody = ("*".to_owned(), None);
        assert_eq!(ratings(json), [of("1", 1.0), of("-1", 0.0), nobody.clone(), nobody]);
    }

    #[test]
    fn a_preference_is_shared_between_left_and_right() {
        for (result, left, right) in
            [("1", 1.0, 0.0), ("2", 0.75, 0.25), ("3", 0.5, 0.5), ("4", 0.25, 0.75), ("5", 0.0, 1.0)]
        {
            let json = format!(
                r#"{{"comparisonLikertScale":[
                    {{"leftModelResponseId":"1","rightModelResponseId":"0","metricName":"M","result":{result}}}]}}"#
            );
            assert_eq!(ratings(&json), [of("1", left), of("0", right)], "{result}");
        }
        for result in ["0", "6", "null"] {
            let json = format!(
                r#"{{"comparisonLikertScale":[
                    {{"leftModelResponseId":"0","rightModelResponseId":"1","result":{result}}}]}}"#
            );
            assert_eq!(ratings(&json), [("0".to_owned(), None), ("1".to_owned(), None)], "{result}");
        }
    }

    #[test]
    fn the_first_of_a_ranking_has_all_and_the_last_nothing() {
        let ranked = |ranks: &[&str]| {
            let items: Vec<String> = (0..)
                .zip(ranks)
                .map(|(id, rank): (u32, _)| format!(r#"{{"modelResponseId":"{id}","rank":{rank}}}"#))
                .collect();
            ratings(&format!(r#"{{"comparisonRank":[{{"metricName":"M","result":[{}]}}]}}"#, items.join(",")))
        };
        assert_eq!(ranked(&["2", "1"]), [of("0", 0.0), of("1", 1.0)]);
        assert_eq!(ranked(&["1", "1"]), [of("0", 1.0), of("1", 1.0)]);
        assert_eq!(ranked(&["3", "1", "2"]), [of("0", 0.0), of("1", 1.0), of("2", 0.5)]);
        assert_eq!(ranked(&["1"]), [("0".to_owned(), None)], "there is nothing to be better than");
        assert_eq!(ranked(&["0", "3"]), [("0".to_owned(), None), ("1".to_owned(), None)]);
        assert_eq!(ranked(&["null", "2"]), [("0".to_owned(), None), of("1", 0.0)]);
    }

    #[test]
    fn a_result_that_is_no_number_is_told() {
        let results: EvaluationResults = serde_json::from_str(r#"{"thumbsUpDown":[{"result":{"a":1}}]}"#).unwrap();
        assert!(matches!(results.ratings(), Err(Unreadable::ScoreIsNoNumber)));
    }
}
