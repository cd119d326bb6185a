//! `assay run --estimate`: what a run would take, told before anybody is asked.

use crate::arguments::Format;
use crate::error::Result;
use crate::exit::Exit;
use crate::{aws, output};
use assay_core::run::{Estimate, ModelEstimate, estimate};
use assay_core::spec::Execution;
use assay_model::pricing::{TotalCost, usd_text};
use assay_report::clean;

/// Prints the estimate. Nothing is asked, claimed or written.
pub(crate) async fn tell_estimate(execution: &Execution, format: Format) -> Result<Exit> {
    let counter = match execution.recorded_only || execution.spec.models.is_empty() {
        true => None,
        false => aws::token_counter().await,
    };
    let estimate = estimate(execution, counter.as_ref()).await?;
    output::print(&estimate, format, || text(&estimate, execution))?;
    Ok(Exit::Done)
}

fn text(estimate: &Estimate, execution: &Execution) -> String {
    let mut lines = vec![format!("{} samples, {} calls to make", estimate.samples, estimate.calls)];
    estimate.models.iter().for_each(|model| lines.extend(of_model(model)));
    if let (Some(least), Some(most)) = (&estimate.least, &estimate.most) {
        lines.push(format!("in all: {}", cost(least.usd, most.usd)));
        lines.extend(unknown(most));
    }
    if let Some(budget) = execution.spec.budget {
        lines.push(format!("budget: {budget}; the run stops before it spends more"));
    }
    lines.push("an estimate; nothing was asked".to_owned());
    lines.iter().map(|line| format!("{}\n", clean(line))).collect()
}

fn of_model(model: &ModelEstimate) -> Vec<String> {
    let before = match model.answered {
        0 => String::new(),
        answered => format!(" ({answered} are answered already)"),
    };
    let counted = match model.counted_prompts {
        0 => format!("{} characters a token are assumed, as Bedrock did not count", model.characters_per_token),
        prompts => {
            format!("{:.2} characters a token, counted by Bedrock in {prompts} prompts", model.characters_per_token)
        }
    };
    let longest = match model.assumed_answer {
        Some(tokens) => format!("; without maxTokens, {tokens} tokens are assumed to be the longest answer"),
        None => String::new(),
    };
    let price = model.price.as_ref().map_or("price unknown: give it under `prices`".to_owned(), |price| price.clone());
    vec![
        format!("{}: {} calls{before}", model.model, model.calls),
        format!("  read     about {} tokens: {counted}", model.input_tokens),
        format!("  written  at most {} tokens{longest}", model.most_output_tokens),
        format!("  cost     {}; {price}", cost(model.least_usd, model.most_usd)),
    ]
}

fn cost(least: Option<f64>, most: Option<f64>) -> String {
    match least.zip(most) {
        Some((least, most)) => format!("{} (empty answers) to {} (the longest)", usd_text(least), usd_text(most)),
        None => "unknown".to_owned(),
    }
}

fn unknown(total: &TotalCost) -> Option<String> {
    let who = total.unknown.join(", ");
    (!total.complete).then(|| format!("without {who}, whose price is unknown"))
}
