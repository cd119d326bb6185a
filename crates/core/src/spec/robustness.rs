//! The spec key `robustness`.

use super::findings::Findings;
use assay_score::Scorer;
use assay_score::perturbation::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How much answers change when questions are worded differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RobustnessSpec {
    /// How questions are changed.
    #[serde(default = "usual_kinds")]
    #[schemars(length(min = 1, max = 5))]
    pub kinds: Vec<Kind>,
    /// How many variants there are of each kind. `lower_case` and `number_words` have one at most.
    #[serde(default = "five")]
    #[schemars(range(min = 1, max = 100))]
    pub variants: u32,
    /// The scorer whose change is measured; `word_error_rate` is between the answers themselves and needs no reference.
    #[serde(default = "f1")]
    pub of: Scorer,
    /// What the random changes are drawn from: the same seed gives the same variants.
    #[serde(default = "seven")]
    pub seed: u64,
    /// How often the unchanged question is asked again, to subtract how much answers vary by themselves.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    #[schemars(range(max = 100))]
    pub baseline_samples: u32,
}

impl RobustnessSpec {
    /// Notes what is wrong with it beyond its schema.
    pub(super) fn check(&self, found: &mut Findings<'_>) {
        let mut seen = BTreeSet::new();
        for (index, kind) in self.kinds.iter().enumerate() {
            if !seen.insert(*kind) {
                let message = format!("the kind `{kind}` is listed twice");
                found.wrong(&format!("kinds/{index}"), message, "list each kind once");
            }
        }
        if !holds_answers_to_something(self.of) {
            let message = format!("`{}` does not hold an answer to a reference", self.of);
            let remedy = "name a scorer that does, such as `f1`, or `word_error_rate` for free text";
            found.wrong("of", message, remedy);
        }
    }
}

/// Whether the scorer compares the answer's words with what is expected. Embeddings are not made of variants.
fn holds_answers_to_something(scorer: Scorer) -> bool {
    use Scorer::{
        Distinct1, Distinct2, Distinct3, FleschKincaidGrade, FleschReadingEase, Refusal, Repetition4, ResponseLength,
        SemanticSimilarity,
    };
    let others = [
        Distinct1,
        Distinct2,
        Distinct3,
        FleschKincaidGrade,
        FleschReadingEase,
        Refusal,
        Repetition4,
        ResponseLength,
        SemanticSimilarity,
    ];
    !others.contains(&scorer)
}

fn usual_kinds() -> Vec<Kind> {
    vec![Kind::Typos, Kind::Case, Kind::Whitespace]
}

fn five() -> u32 {
    5
}

fn f1() -> Scorer {
    Scorer::F1
}

fn seven() -> u64 {
    7
}
