//! A summary as Markdown.

use super::comparison::comparison_markdown;
use super::details::lines;
use super::markdown_text::escape;
use super::numbers::{cost, latency, mean, pass_rate, price_source, score, thousands, tokens, total_cost};
use assay_core::compare::Comparison;
use assay_core::summary::{RunStatus, Summary};
use assay_problem::clip;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The longest example of a failure, in characters: a service may answer with a page.
const LONGEST_EXAMPLE: usize = 300;

/// The longest text, in bytes: GitHub takes 65,536 characters in a comment, and more in the summary of a step.
const LONGEST: usize = 65_000;

/// The summary as GitHub-flavoured Markdown. Text of models and users cannot become markup.
pub fn markdown(summary: &Summary) -> String {
    markdown_compared(summary, &[])
}

/// The same, with what changed against other runs. What is too long for a comment is cut off between two lines.
pub fn markdown_compared(summary: &Summary, comparisons: &[Comparison]) -> String {
    let text = whole(summary, comparisons);
    if text.len() <= LONGEST {
        return text;
    }
    let head = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default();
    let end = head.rfind('\n').unwrap_or_default();
    let lines = text.get(end..).unwrap_or_default().lines().count().saturating_sub(1);
    let kept = head.get(..end).unwrap_or_default();
    format!(
        "{kept}\n\n{} more lines were cut off here; report.html and summary.json have all.\n",
        thousands(lines as u64)
    )
}

fn whole(summary: &Summary, comparisons: &[Comparison]) -> String {
    let mut text = format!("# {}\n\n", escape(&summary.suite));
    let status = match summary.status {
        RunStatus::Completed => "completed",
        RunStatus::Failed => "**failed**",
        RunStatus::Incomplete => "**incomplete**, its budget is used up",
    };
    let _ = writeln!(
        text,
        "Run `{}` of {} ({} samples): {status}.\n",
        summary.run,
        escape(&summary.dataset.identity.key),
        thousands(summary.dataset.samples)
    );
    for caveat in &summary.caveats {
        let _ = writeln!(text, "> {}\n", escape(caveat));
    }
    if let Some(verdict) = &summary.gate {
        text.push_str(if verdict.passed { "Gate: **passed**.\n\n" } else { "Gate: **failed**.\n\n" });
        for reason in &verdict.reasons {
            let _ = writeln!(text, "- {}", escape(reason));
        }
        for note in &verdict.notes {
            let _ = writeln!(text, "- Note: {}", escape(note));
        }
        if !verdict.reasons.is_empty() || !verdict.notes.is_empty() {
            text.push('\n');
        }
    }
    models(summary, &mut text);
    details(summary, &mut text);
    prices(summary, &mut text);
    comparisons.iter().for_each(|comparison| text.push_str(&comparison_markdown(comparison)));
    failures(summary, &mut text);
    categories(summary, &mut text);
    worst(summary, &mut text);
    if !summary.problems.is_empty() {
        let _ = writeln!(
            text,
            "## Problems\n\n{} errors, {} warnings.\n",
            thousands(summary.problems.errors),
            thousands(summary.problems.warnings)
        );
        for problem in &summary.problems.first {
            let _ = writeln!(text, "- {}", escape(&problem.to_string()));
        }
    }
    text
}

fn models(summary: &Summary, text: &mut String) {
    if summary.models.is_empty() {
        return;
    }
    text.push_str("## Models\n\nMeans with 95 % intervals.\n\n");
    let names: Vec<String> = summary.models.iter().map(|model| escape(&model.model)).collect();
    let _ = writeln!(text, "| | {} |", names.join(" | "));
    let _ = writeln!(text, "|---|{}", "---:|".repeat(names.len()));
    let mut row = |name: &str, cells: Vec<String>| {
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    };
    let models = &summary.models;
    row("samples", models.iter().map(|model| thousands(model.samples)).collect());
    row("answered", models.iter().map(|model| thousands(model.answered)).collect());
    row("failed", models.iter().map(|model| thousands(model.failed)).collect());
    let scorers: BTreeSet<&String> = models.iter().flat_map(|model| model.scores.keys()).collect();
    for name in scorers {
        let cells = models.iter().map(|model| match model.scores.get(name) {
            Some(score) if score.unscored > 0 => {
                format!("{} (n {}, {} unscored)", mean(score), thousands(score.n), thousands(score.unscored))
            }
            Some(score) => format!("{} (n {})", mean(score), thousands(score.n)),
            None => "-".to_owned(),
        });
        row(name, cells.collect());
    }
    if models.iter().any(|model| model.pass_rate.is_some()) {
        row("checks passed", models.iter().map(|model| pass_rate(model).unwrap_or("-".to_owned())).collect());
    }
    row("tokens", models.iter().map(tokens).collect());
    row("cost", models.iter().map(cost).collect());
    row("latency", models.iter().map(latency).collect());
    text.push('\n');
}

/// What no mean says, a line each.
fn details(summary: &Summary, text: &mut String) {
    let lines = lines(summary);
    for line in &lines {
        let _ = writeln!(text, "- {}", escape(line));
    }
    if !lines.is_empty() {
        text.push('\n');
    }
}

/// The total, and where the prices behind it were read.
fn prices(summary: &Summary, text: &mut String) {
    if let Some(total) = total_cost(summary) {
        let _ = writeln!(text, "Cost: {}.", escape(&total));
    }
    let sources: BTreeSet<String> = summary.models.iter().filter_map(price_source).collect();
    for source in &sources {
        let _ = writeln!(text, "Prices: {}.", escape(source));
    }
    if summary.cost.is_some() {
        text.push('\n');
    }
}

fn failures(summary: &Summary, text: &mut String) {
    if summary.models.iter().all(|model| model.failures.is_empty()) {
        return;
    }
    text.push_str("## Failures\n\n| model | class | count | example |\n|---|---|---:|---|\n");
    for model in &summary.models {
        for (class, failure) in &model.failures {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                escape(&model.model),
                escape(class),
                thousands(failure.count),
                escape(&clip(failure.example.clone(), LONGEST_EXAMPLE))
            );
        }
    }
    text.push('\n');
}

fn categories(summary: &Summary, text: &mut String) {
    if summary.models.iter().all(|model| model.categories.is_empty()) {
        return;
    }
    text.push_str(
        "## Categories\n\n| model | category | score | n | mean | unscored |\n|---|---|---|---:|---:|---:|\n",
    );
    for model in &summary.models {
        for (category, scores) in &model.categories {
            for (name, score) in scores {
                let _ = writeln!(
                    text,
                    "| {} | {} | {name} | {} | {} | {} |",
                    escape(&model.model),
                    escape(category),
                    score.n,
                    mean(score),
                    score.unscored
                );
            }
        }
    }
    text.push('\n');
}

fn worst(summary: &Summary, text: &mut String) {
    if summary.models.iter().all(|model| model.worst.is_empty()) {
        return;
    }
    text.push_str("## Worst samples\n\n| sample | line | model | score | asked | wanted | got | failed checks |\n");
    text.push_str("|---|---:|---|---:|---|---|---|---|\n");
    for model in &summary.models {
        for sample in &model.worst {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} | {} | {} |",
                escape(&sample.sample),
                sample.line,
                escape(&model.model),
                sample.score.map_or("-".to_owned(), score),
                escape(&sample.prompt),
                escape(sample.reference.as_deref().unwrap_or("-")),
                escape(&sample.response),
                escape(&sample.failed_checks.join("; "))
            );
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    fn summary(failures: &Value) -> Summary {
        let value = json!({
            "format": 1, "assay": "1", "run": "r", "suite": "s", "application": "a", "status": "completed",
            "finished_at": "2026-01-01T00:00:00Z", "answers": {"asked": 1, "recorded": 0},
            "dataset": {"bucket": "b", "key": "k", "samples": 1, "bad_lines": 0},
            "models": [{"model": "m_1", "samples": 9, "answered": 8, "failed": 1, "scores": {}, "failures": failures}],
        });
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn failures_are_told_by_class() {
        let example = format!("<b>|no {}", "x".repeat(5000));
        let text = markdown(&summary(&json!({"rejected": {"count": 1234, "example": example}})));
        let row = text.lines().find(|line| line.starts_with("| m\\_1 | rejected | ")).unwrap();
        assert!(row.contains("&lt;b&gt;\\|no x") && row.ends_with("x… |") && row.len() < 400, "{row}");
        assert!(!markdown(&summary(&json!({}))).contains("## Failures"));
    }

    #[test]
    fn cost_is_told_with_its_price_or_as_unknown() {
        let mut told = summary(&json!({}));
        told.models[0].usage = Some(assay_model::Usage::default());
        told.cost = serde_json::from_value(json!({"usd": null, "complete": false, "unknown": ["m_1"]})).unwrap();
        let text = markdown(&told);
        assert!(text.contains("| cost | unknown |") && text.contains("Cost: unknown"), "{text}");
        told.models[0].cost = serde_json::from_value(
            json!({"usd": 0.125, "input_usd": 0.125, "output_usd": 0, "price_source": "a page", "price_date": "2026-11"}),
        )
        .unwrap();
        told.cost = serde_json::from_value(json!({"usd": 0.125, "complete": false, "unknown": ["m_2"]})).unwrap();
        let text = markdown(&told);
        assert!(text.contains("| cost | 0.1250 USD |") && text.contains("Prices: a page (2026-11)"), "{text}");
        assert!(text.contains("Cost: 0.1250 USD without m\\_2, whose price is unknown"), "{text}");
        assert!(markdown(&summary(&json!({}))).contains("| cost | - |"), "no model was asked");
    }

    #[test]
    fn a_text_too_long_for_a_comment_is_cut_between_lines_and_says_so() {
        let mut long = summary(&json!({}));
        long.caveats = (0..400).map(|number| format!("caveat {number} {}", "é".repeat(200))).collect();
        let text = markdown(&long);
        assert!(text.len() < 65_536 && text.len() > 60_000, "{} bytes", text.len());
        let shown = (0..400).filter(|number| text.contains(&format!("> caveat {number} "))).count();
        let cut: usize = text.lines().last().unwrap().split(' ').next().unwrap().parse().unwrap();
        let all = whole(&long, &[]).lines().count();
        assert!(text.contains(" more lines were cut off here") && shown < 400);
        assert_eq!(text.lines().count() - 2 + cut, all);
    }

    #[test]
    fn markup_in_answers_stays_text() {
        assert_eq!(escape("<b>|[x](y)\n@all"), "&lt;b&gt;\\|\\[x\\](y) &#64;all");
    }
}
