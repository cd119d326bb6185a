//! The page of a run.

use super::categories::{CategoryTable, category_tables};
use super::comparison::{ComparisonView, comparison_views};
use super::drifts::DriftView;
use super::figures::Distributions;
use super::models::{ConfusionView, FailureRow, ModelsView, TokenRow, confusion_views, failure_rows, token_rows};
use super::samples::{Samples, SamplesView};
use super::trends::Trends;
use super::verdict::VerdictView;
use super::{Figure, SCRIPT, STYLE, excerpt, policy, rendered};
use crate::details::lines;
use crate::numbers::{moment, thousands, total_cost};
use askama::Template;
use assay_core::compare::Comparison;
use assay_core::publish::history::{HistoryLine, drift_until};
use assay_core::record::Record;
use assay_core::summary::Summary;

/// The most lines on what no mean says. `summary.json` has all.
const MOST_LINES: usize = 200;

/// What a report tells beside the summary and the records.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// What changed against other runs, such as the baseline.
    pub comparisons: &'a [Comparison],
    /// The runs of the suite, the oldest first.
    pub history: &'a [HistoryLine],
    /// How people name the folder of the run.
    pub place: &'a str,
}

/// Makes the page of a run from its records, which come one by one. Memory is bounded, whatever their number.
#[derive(Debug)]
pub struct ReportBuilder<'a> {
    summary: &'a Summary,
    samples: Samples,
    distributions: Distributions,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    title: String,
    policy: String,
    style: &'static str,
    script: &'static str,
    suite: String,
    facts: Vec<(&'static str, String)>,
    place: String,
    verdict: VerdictView,
    models: ModelsView,
    comparisons: Vec<ComparisonView>,
    failures: Vec<FailureRow>,
    samples: SamplesView,
    all_samples: String,
    scores: Vec<Figure>,
    scores_left_out: usize,
    latencies: Vec<Figure>,
    categories: Vec<CategoryTable>,
    categories_left_out: usize,
    trends: Trends,
    drift: DriftView,
    tokens: Vec<TokenRow>,
    total_cost: String,
    details: Vec<String>,
    confusions: Vec<ConfusionView>,
    version: String,
}

impl<'a> ReportBuilder<'a> {
    /// Begins the page of the summary's run.
    pub fn new(summary: &'a Summary) -> Self {
        Self { summary, samples: Samples::of(summary), distributions: Distributions::of(summary) }
    }

    /// Takes the next record that counts.
    pub fn see(&mut self, record: &Record) {
        self.samples.see(record);
        self.distributions.see(record);
    }

    /// The page.
    pub fn finish(self, context: &Context<'_>) -> String {
        let summary = self.summary;
        let samples = self.samples.finish();
        let (scores, scores_left_out) = self.distributions.score_figures(summary);
        let (categories, categories_left_out) = category_tables(summary, samples.lead.as_deref());
        // The report of an old run that is made again tells nothing of later ones.
        let until = context.history.iter().filter(|line| line.finished_at <= summary.finished_at);
        let history: Vec<HistoryLine> = until.cloned().collect();
        let lead = samples.lead.clone();
        let lead: Vec<&str> = lead.as_deref().into_iter().collect();
        let all = samples.rows.len() as u64 + samples.rows_left_out;
        rendered(&Page {
            title: format!("{}: {}", excerpt(&summary.suite, 120), VerdictView::of(summary).word),
            policy: policy::policy(),
            style: STYLE,
            script: SCRIPT,
            suite: excerpt(&summary.suite, 120),
            facts: facts(summary),
            place: excerpt(context.place, 1000),
            verdict: VerdictView::of(summary),
            models: ModelsView::of(summary),
            comparisons: comparison_views(context.comparisons),
            failures: failure_rows(summary),
            all_samples: thousands(all),
            samples,
            scores,
            scores_left_out,
            latencies: self.distributions.latency_figures(summary),
            categories,
            categories_left_out,
            trends: Trends::of(&history, (!lead.is_empty()).then_some(&lead)),
            drift: DriftView::of(&drift_until(context.history, &HistoryLine::of(summary))),
            tokens: token_rows(summary),
            total_cost: total_cost(summary).map_or(String::new(), |total| excerpt(&total, 1000)),
            details: lines(summary).iter().take(MOST_LINES).map(|line| excerpt(line, 500)).collect(),
            confusions: confusion_views(summary),
            version: excerpt(&summary.assay, 40),
        })
    }
}

fn facts(summary: &Summary) -> Vec<(&'static str, String)> {
    let answers = match (summary.answers.asked, summary.answers.recorded) {
        (asked, 0) => format!("{} of models", thousands(asked)),
        (0, recorded) => format!("{} recorded in the dataset", thousands(recorded)),
        (asked, recorded) => format!("{} of models, {} recorded", thousands(asked), thousands(recorded)),
    };
    vec![
        ("Run", excerpt(&summary.run, 120)),
        ("Finished", moment(summary.finished_at)),
        ("Dataset", excerpt(&summary.dataset.identity.key, 300)),
        ("Samples", thousands(summary.dataset.samples)),
        ("Answers", answers),
        ("Application", excerpt(&summary.application, 120)),
    ]
}
