//! What a run's parts come to beside means, as lines of plain text: classes, corpus scores, judge, pairs, embeddings.
//!
//! Terminal, Markdown and page show the same lines; escaping is left to them.

use crate::numbers::{score, thousands};
use assay_core::summary::{AgreementSummary, ModelSummary, PairSummary, RubricSummary, Summary};
use assay_model::pricing::usd_text;

/// What stands for a cost that is not known.
const UNKNOWN: &str = "cost unknown";

/// Every line of a summary: first those of the models, then those of judge and embeddings.
pub(crate) fn lines(summary: &Summary) -> Vec<String> {
    let mut lines: Vec<String> = summary.models.iter().flat_map(of_model).collect();
    if let Some(judge) = &summary.judge {
        let cost = judge.cost.as_ref().map_or(UNKNOWN.to_owned(), |cost| usd_text(cost.usd));
        match judge.usage {
            Some(_) => lines.push(format!("judge {}: {cost}", judge.model)),
            None => lines.push(format!("judge {}", judge.model)),
        }
        lines.extend(judge.rubrics.iter().map(|(name, rubric)| of_rubric(name, rubric)));
        lines.extend(judge.pairs.iter().map(of_pair));
    }
    if let Some(found) = &summary.similarity {
        let cost = found.cost.as_ref().map_or(UNKNOWN.to_owned(), |cost| usd_text(cost.usd));
        lines.extend(found.usage.map(|_| format!("embeddings {}: {cost}", found.model)));
    }
    lines
}

fn of_model(model: &ModelSummary) -> Vec<String> {
    let name = &model.model;
    let mut lines = Vec::new();
    if let Some(mean) = model.check_score {
        lines.push(format!("{name}: check score {} (n {})", score(mean), thousands(model.checked)));
    }
    if let Some(found) = &model.classification {
        let average = found.macro_average;
        lines.push(format!(
            "{name}: classification accuracy {}, balanced {}, macro precision {}, recall {}, F1 {} (n {})",
            score(found.accuracy),
            score(found.balanced_accuracy),
            score(average.precision),
            score(average.recall),
            score(average.f1),
            thousands(found.n)
        ));
    }
    let corpus: Vec<String> = model.corpus.named().map(|(name, value)| format!("{name} {}", score(value))).collect();
    if !corpus.is_empty() {
        lines.push(format!("{name}: all answers as one corpus: {}", corpus.join(", ")));
    }
    lines
}

fn of_rubric(name: &str, rubric: &RubricSummary) -> String {
    let told = |agreement: &Option<AgreementSummary>| {
        let found = agreement.as_ref();
        found.map_or("unknown".to_owned(), |found| format!("{} (n {})", score(found.value), thousands(found.n)))
    };
    format!(
        "judge.{name}: {} ratings, {} failed; agreement with itself {}, with people {}; {}",
        thousands(rubric.n),
        thousands(rubric.failed),
        told(&rubric.repeat_agreement),
        told(&rubric.human_agreement),
        if rubric.trusted { "trusted" } else { "not trusted" }
    )
}

fn of_pair(pair: &PairSummary) -> String {
    let PairSummary { first, second, wins, ties, losses, failed, .. } = pair;
    let p = pair.p_value.map_or(String::new(), |p| format!(", p {}", crate::numbers::p_value(p)));
    let [wins, ties, losses, failed] = [wins, ties, losses, failed].map(|count| thousands(*count));
    format!("{first} against {second}: {wins} wins, {ties} ties, {losses} losses, {failed} not judged{p}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_data::{model, summary};
    use serde_json::json;

    #[test]
    fn every_part_is_told_in_every_report() {
        let mut scored = model("m");
        scored["checked"] = json!(3);
        scored["check_score"] = json!(0.75);
        scored["corpus"] = json!({"bleu": 34.56, "chrf": 56.78});
        let figures = json!({"precision": 0.5, "recall": 0.25, "f1": 0.333});
        scored["classification"] = json!({"n": 4, "accuracy": 0.625, "balanced_accuracy": 0.375,
            "matthews_correlation": 0.0, "macro_average": figures, "weighted_average": figures,
            "micro_average": figures, "confusion": [[2, 1], [1, 0]],
            "labels": [{"label": "no", "right": 3, "answered": 3, "figures": figures},
                {"label": "yes", "right": 1, "answered": 1, "figures": figures}]});
        let more = json!({
            "judge": {"model": "j", "usage": {"input_tokens": 1, "output_tokens": 1},
                "cost": {"usd": 0.25, "input_usd": 0.25, "output_usd": 0, "price_source": "s", "price_date": "d"},
                "rubrics": {"tone": {"n": 12, "failed": 1, "repeat_agreement": {"value": 0.875, "n": 11},
                    "trusted": true}},
                "pairs": [{"first": "a", "second": "b", "wins": 3, "losses": 2, "ties": 4, "failed": 1}]},
            "similarity": {"model": "e", "usage": {"input_tokens": 1, "output_tokens": 0}}});
        let summary = summary(json!([scored]), more);
        let expected = [
            "m: check score 0.750 (n 3)",
            "m: classification accuracy 0.625, balanced 0.375, macro precision 0.500, recall 0.250, F1 0.333 (n 4)",
            "m: all answers as one corpus: bleu 34.6, chrf 56.8",
            "judge j: 0.2500 USD",
            "judge.tone: 12 ratings, 1 failed; agreement with itself 0.875 (n 11), with people unknown; trusted",
            "a against b: 3 wins, 4 ties, 2 losses, 1 not judged",
            "embeddings e: cost unknown",
        ];
        assert_eq!(lines(&summary), expected);
        let page = crate::ReportBuilder::new(&summary).finish(&crate::Context::default());
        let (terminal, markdown) = (crate::terminal(&summary, 140), crate::markdown(&summary));
        for line in expected {
            assert!(terminal.contains(line), "{line} in {terminal}");
            assert!(markdown.contains(&line.replace('_', "\\_")), "{line} in {markdown}");
            assert!(page.contains(line), "{line}");
        }
        assert!(page.contains("<td>2</td><td>1</td>") && page.contains("<td>1</td><td>0</td>"), "the confusion table");
    }
}
